/** Objection's models: which table a class stands for, and what its relations and modifiers are, by the class itself or by the manifest. */
import type { TableFacts } from '../../manifest/catalog.js';
import { ancestor, isClass, lastName, stringOf, unwrap, type Node } from '../../source/ast.js';
import type { Env, ObjectValue, Value } from '../../source/values.js';
import { entryOf } from '../conditions.js';
import { guardNamed } from '../guards.js';
import type { Session } from '../session.js';

export interface Model {
  readonly table: string;
  readonly schema: string | null;
  /** What the manifest knows of the table; null where it does not know it. */
  readonly facts: TableFacts | null;
  /** The class, where the file shows it. */
  readonly class: ObjectValue | null;
}

export interface Relation {
  readonly model: Model;
  readonly many: boolean;
  /** Own column and column of the other table, by their names; empty where they are not known. */
  readonly on: readonly (readonly [own: string, other: string])[];
  /** The relation's own `modify` or `filter`; null for none. */
  readonly filter: { readonly value: Value; readonly node: Node } | null;
  /** The manifest says that it shows live rows alone. */
  readonly live: boolean;
}

export class Models {
  constructor(private readonly session: Session) {}

  /** The model that an expression names; null where it names none. `certain`: the expression stands where nothing but a model can. */
  of(node: Node, env: Env | null, certain = false): Model | null {
    const at = unwrap(node);
    if (at.type === 'ThisExpression') return this.ofThis(at);
    if (at.type === 'ArrowFunctionExpression' && at.body.type !== 'BlockStatement') return this.of(at.body, env, certain);
    const value = this.session.value(at, env);
    if (value.type === 'object' && isClass(value.node)) return this.ofClass(value);
    const text = value.type === 'text' && !value.sql ? this.session.string(value) : null;
    if (text !== null) return certain ? this.named(baseName(text)) : null;
    const name = lastName(at.type === 'CallExpression' ? at.callee : at);
    if (at.type === 'CallExpression') return this.ofCall(at, env, certain);
    return name === null ? null : this.ofName(name, at, certain);
  }

  /** The model of a module by its name; null for a name that nothing knows. */
  private ofModule(module: string, certain: boolean): Model | null {
    return this.ofName(baseName(module), null, certain);
  }

  /** `require('./pet')`, `Model.bindKnex(knex)`, `path.join(__dirname, 'Pet')`. */
  private ofCall(call: Extract<Node, { type: 'CallExpression' }>, env: Env | null, certain: boolean): Model | null {
    const name = lastName(call.callee);
    if (name === 'require' || (certain && /^(?:join|resolve)$/.test(name ?? ''))) {
      const module = call.arguments.map((argument) => stringOf(argument)).findLast((text) => text !== null);
      return module === undefined || module === null ? null : this.ofModule(module, certain);
    }
    const callee = unwrap(call.callee);
    return /^bind(?:Knex|Transaction)$/.test(name ?? '') && callee.type === 'MemberExpression' ? this.of(callee.object, env, certain) : null;
  }

  /** The model that a name of code stands for. */
  ofName(name: string, node: Node | null, certain = false): Model | null {
    const origin = node ? this.session.origin(node) : null;
    const names = [name, ...(origin && !/^(?:default|\*)$/.test(origin.name) ? [origin.name] : []), ...(origin ? [baseName(origin.module)] : [])];
    for (const candidate of names) {
      const facts = this.factsNamed(candidate);
      if (facts) return { table: facts.name, schema: facts.schema, facts, class: null };
    }
    return certain || /^[A-Z]/.test(name) || /model$/i.test(name) ? { table: withoutSuffix(name), schema: null, facts: null, class: null } : null;
  }

  private named(name: string): Model {
    const facts = this.factsNamed(name);
    return { table: facts?.name ?? withoutSuffix(name), schema: facts?.schema ?? null, facts, class: null };
  }

  private factsNamed(name: string): TableFacts | null {
    const bare = withoutSuffix(name);
    return this.session.facts(name) ?? (bare !== name && bare !== '' ? this.session.facts(bare) : null);
  }

  private ofThis(node: Node): Model | null {
    const holder = ancestor(node, isClass);
    return holder && isClass(holder) ? this.ofClass({ type: 'object', node: holder, env: null }) : null;
  }

  /** A class of the file. */
  ofClass(value: ObjectValue): Model | null {
    const table = this.member(value, 'tableName'), name = table === null ? null : this.session.string(table);
    if (name !== null) {
      const parts = name.split('.'), facts = this.session.catalog.table(parts.at(-1)!, parts.length > 1 ? parts.at(-2)! : null) ?? this.session.facts(name);
      return { table: parts.at(-1)!, schema: parts.length > 1 ? parts.at(-2)! : null, facts, class: value };
    }
    const own = isClass(value.node) ? value.node : null, called = own?.id?.name;
    if (!own?.superClass || called === undefined) return null;
    const facts = this.factsNamed(called);
    return { table: facts?.name ?? withoutSuffix(called), schema: facts?.schema ?? null, facts, class: value };
  }

  /** A static member's value, that of a function without parameters in its stead; null for none. */
  private member(value: ObjectValue, name: string): Value | null {
    const found = this.session.source.evaluator.property(value, name, value.node);
    return found?.type === 'function' ? this.session.apply(found, [], value.node) : found;
  }

  /** The columns of a model's key. */
  key(model: Model): readonly string[] {
    const own = model.class && this.member(model.class, 'idColumn');
    const text = own ? this.session.string(own) : null;
    if (text !== null) return [text];
    if (own?.type === 'list') return own.items.flatMap((item) => (item.type === 'item' ? this.session.string(item.value) ?? [] : []));
    const { facts } = model;
    return facts ? facts.key : ['id'];
  }

  relation(model: Model, name: string): Relation | null {
    const guard = guardNamed(this.session, 'relation', name), live = guard !== null && guard.yields === 'live' && (guard.model === undefined || this.session.facts(guard.model) === model.facts);
    const own = model.class && this.ownRelation(model.class, name);
    if (own) return { ...own, live: own.live || live };
    const known = model.facts && relationNamed(model.facts, name);
    if (!known) return null;
    const facts = this.session.catalog.table(known.table);
    const other: Model = { table: facts?.name ?? known.table, schema: facts?.schema ?? null, facts, class: null };
    return { model: other, many: known.many, on: Object.entries(known.on ?? {}), filter: null, live: known.live || live };
  }

  /** The relation that an instance of an unknown class has under a name: where every model with a relation of this name means the same one. */
  relationOfAny(name: string): Relation | null {
    const owners = this.session.catalog.tables.filter((facts) => relationNamed(facts, name) !== null);
    const relations = owners.flatMap((facts) => this.relation({ table: facts.name, schema: facts.schema, facts, class: null }, name) ?? []), [first] = relations;
    return first && relations.every(({ model, live, on }) => model.facts === first.model.facts && live === first.live && on[0]?.[1] === first.on[0]?.[1]) ? first : null;
  }

  /** A relation that `relationMappings` of a class of the file declares. */
  private ownRelation(value: ObjectValue, name: string): Relation | null {
    const mappings = this.member(value, 'relationMappings'), entries = mappings && this.session.entries(mappings);
    const entry = entries && entryOf(entries, name), declared = entry && entry !== 'unknown' ? this.session.entries(entry.value()) : null;
    if (!declared) return null;
    const of = (key: string) => { const found = entryOf(declared, key); return found === 'unknown' ? null : found; };
    const join = of('join'), joined = join ? this.session.entries(join.value()) : null;
    const side = (key: 'from' | 'to'): string[] => {
      const found = joined && entryOf(joined, key);
      return found && found !== 'unknown' ? this.texts(found.value()) : [];
    };
    const from = side('from'), to = side('to'), target = to[0]?.split('.').slice(0, -1) ?? [];
    const through = joined !== null && entryOf(joined, 'through') !== null;
    const modelClass = of('modelClass')?.valueNode, model = modelClass ? this.of(modelClass, null, true) : null;
    const facts = target.length > 0 ? this.session.catalog.table(target.at(-1)!, target.at(-2) ?? null) : null;
    const other: Model | null = target.length > 0 ? { table: target.at(-1)!, schema: target.at(-2) ?? null, facts: facts ?? model?.facts ?? null, class: model?.class ?? null } : model;
    if (!other) return null;
    const filter = of('modify') ?? of('filter');
    return {
      model: other, many: /Many/.test(this.kind(of('relation')?.valueNode ?? null)), filter: filter?.valueNode ? { value: filter.value(), node: filter.valueNode } : null, live: false,
      on: through ? [] : from.flatMap((own, i): [string, string][] => (to[i] === undefined ? [] : [[own.split('.').at(-1)!, to[i].split('.').at(-1)!]])),
    };
  }

  private kind(node: Node | null): string {
    return node ? lastName(node) ?? stringOf(node) ?? '' : '';
  }

  private texts(value: Value): string[] {
    if (value.type === 'list') return value.items.flatMap((item) => (item.type === 'item' ? this.texts(item.value) : []));
    const text = this.session.string(value);
    return text === null ? [] : [text];
  }

  /** What a model's own `modifiers` (`namedFilters` before Objection 2) have under a name; null for none. */
  modifier(model: Model, name: string): Value | null {
    for (const member of ['modifiers', 'namedFilters']) {
      const modifiers = model.class && this.member(model.class, member), entries = modifiers && this.session.entries(modifiers);
      const entry = entries && entryOf(entries, name);
      if (entry && entry !== 'unknown') return entry.value();
    }
    return null;
  }
}

/** The relation under its name, or the name that queries have for it. */
function relationNamed(facts: TableFacts, name: string): TableFacts['relations'][string] | null {
  if (Object.hasOwn(facts.relations, name)) return facts.relations[name]!;
  return Object.values(facts.relations).find(({ as }) => as === name) ?? null;
}

/** The last part of a module's path, without its ending. */
function baseName(module: string): string {
  return module.replace(/\/(?:index)?$/, '').split(/[/\\]/).at(-1)!.replace(/\.[cm]?[jt]sx?$/, '').replace(/[.-]/g, '_');
}

function withoutSuffix(name: string): string {
  return name.replace(/_?(?:Model|model)s?$/, '') || name;
}

