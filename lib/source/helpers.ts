/** What the helpers of SQL libraries put into a text: `sql.raw(..)`, `Prisma.join(..)`, `sql('users')`, a schema's tables and columns. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Dialect } from '../manifest/catalog.js';
import { lastName, propertyName, rootOf, stringOf, unwrap, type Names, type Node } from './ast.js';
import type { Evaluator } from './evaluate.js';
import type { Libraries } from './libraries.js';
import { computed, constantText, hole, type Part } from './parts.js';
import { choose, further, isText, partsOf, text, unknown, type Chain, type Env, type TextValue, type Value } from './values.js';

/** Helpers of tags that bind a value. */
const TAG_VALUES = /^(?:array|json|jsonb|date|timestamp|interval|binary|uuid|literalValue|lit|val|value|param|placeholder|typed|bigint|param|types|number|string|boolean)$/;

export class Helpers {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly names: Names,
    private readonly libraries: Libraries,
    private readonly dialect: Dialect,
    private readonly tableNamed: ((name: string) => string | null) | undefined,
  ) {}

  /** Helpers of SQL libraries: `sql.raw(..)`, `Prisma.join(..)`, `sql('users')`, `literal(..)`, `raw(..)`. */
  call(node: TSESTree.CallExpression, callee: Node, env: Env | null): Value | null {
    const [first] = node.arguments;
    if (callee.type === 'Identifier') {
      if (this.libraries.isTagName(callee)) return first ? this.named(node, first, env, 'fragment') : null;
      if (first && this.libraries.isLayout(callee)) return this.evaluator.evaluate(first, env);
      if (callee.name === 'String' && first && !this.names.variable(callee)) {
        const value = this.evaluator.evaluate(first, env);
        return isText(value) || value.type === 'constant' ? value : unknown(node);
      }
      const origin = this.names.origin(callee);
      // Kysely hands `ref` to callbacks: `({ ref }) => sql`${ref('u.id')} = ..``.
      if (!origin && first && callee.name === 'ref' && this.libraries.imports('kysely')) return this.helperCall(node, 'ref', env);
      if (!origin || !/sql|prisma|sequelize|knex|objection|drizzle|kysely/i.test(origin.module)) return callee.name === 'literal' && first && !this.names.variable(callee) ? this.raw(node, first, env) : null;
      return this.helperCall(node, origin.name, env);
    }
    if (callee.type !== 'MemberExpression') return null;
    const name = propertyName(callee) ?? '';
    if (this.libraries.isTagName(callee.object) || /^(?:Prisma|SQL)$/.test(lastName(callee.object) ?? '')) return this.helperCall(node, name, env) ?? unknown(node, TAG_VALUES.test(name) ? 'value' : 'fragment');
    if (name === 'ref' && first && this.libraries.imports('kysely')) return this.helperCall(node, 'ref', env);
    if ((name === 'raw' || name === 'literal' || name === '__dangerous__rawValue') && first && lastName(callee.object) !== 'String') return this.raw(node, first, env);
    return null;
  }

  private helperCall(node: TSESTree.CallExpression, name: string, env: Env | null): Value | null {
    const [first, second, third, fourth] = node.arguments;
    switch (name) {
      case 'raw': case 'unsafe': case 'literal': case '__dangerous__rawValue': case 'dangerouslyRaw': return first ? this.raw(node, first, env) : null;
      case 'empty': return text([], true);
      case 'identifier': case 'ident': case 'id': case 'ref': case 'table': case 'column': case 'name': return first ? this.named(node, first, env, 'identifier') : null;
      case 'join': {
        if (!first) return null;
        const list = this.evaluator.evaluate(first, env);
        if (list.type !== 'list') return unknown(node, 'fragment');
        const glue = second ? partsOf(this.evaluator.evaluate(second, env)) ?? [hole('fragment', 8)] : [computed(this.libraries.tag(rootOf(node.callee))?.library === 'drizzle' ? ' ' : ', ')];
        const edge = (argument: Node | undefined) => (argument ? partsOf(this.evaluator.evaluate(argument, env)) ?? [] : []);
        return text([...edge(third), ...this.evaluator.joined(list, glue, true), ...edge(fourth)], true);
      }
      case 'and': case 'or': {
        const list = first && this.evaluator.evaluate(first, env);
        return list?.type === 'list' ? text([computed('('), ...this.evaluator.joined(list, [computed(` ${name.toUpperCase()} `)], true), computed(')')], true) : null;
      }
      default: return null;
    }
  }

  private raw(node: Node, argument: Node, env: Env | null): Value {
    const value = this.evaluator.evaluate(argument, env);
    return isText(value) || value.type === 'constant' ? asSql(value) : unknown(node, 'fragment');
  }

  /** `sql('users')`, `sql.identifier(['public', 'users'])`, `sql.ref('u.deleted_at')`: quoted names, or a hole. */
  private named(node: TSESTree.CallExpression, first: Node, env: Env | null, otherwise: 'identifier' | 'fragment'): Value {
    const value = this.evaluator.evaluate(first, env);
    if (value.type === 'text' && constantText(value.parts) !== null) {
      // Kysely's `sql.id('public', 'users')`; postgres.js's `sql(row, 'column', ..)` has no text in front.
      const all = node.arguments.map((argument) => this.evaluator.evaluate(argument, env));
      return all.every((part): part is TextValue => part.type === 'text') ? text(all.flatMap((part, i) => [...(i > 0 ? [computed('.')] : []), ...this.quotedRuns(part.parts)]), true) : unknown(node, otherwise);
    }
    if (value.type === 'list' && value.items.length > 0) {
      const names = value.items.map((item) => (item.type === 'item' && item.value.type === 'text' && constantText(item.value.parts) !== null ? item.value : null));
      const glue = otherwise === 'identifier' ? '.' : ', ';
      if (names.every((name) => name !== null)) return text(names.flatMap((name, i) => [...(i > 0 ? [computed(glue)] : []), ...this.quotedRuns(name.parts)]), true);
    }
    if (value.type === 'fork' && value.options.every((option) => option.type === 'text')) return choose(value.test, value.options.map((option) => text(this.quotedRuns((option as TextValue).parts), true)));
    return unknown(node, otherwise);
  }

  /** Constant text as quoted identifiers, dots between; the characters keep their places. */
  private quotedRuns(constant: readonly Part[]): Part[] {
    const mark = computed(this.quote);
    const quoted: Part[] = [mark];
    for (const part of constant) {
      if (part.type !== 'run') continue;
      let at = 0;
      for (const piece of part.text.split('.')) {
        if (at > 0) quoted.push(mark, computed('.'), mark);
        if (piece) quoted.push({ ...part, text: piece, source: part.source === null ? null : part.source + at });
        at += piece.length + 1;
      }
    }
    return [...quoted, mark];
  }

  /** A table that a schema module declares (`schema.users`, `users`), by the name that the manifest gives it, or that `pgTable('users', ..)` gives it here. */
  table(node: Node): Value | null {
    const root = rootOf(node), name = lastName(node);
    if (name === null) return null;
    const made = node.type === 'Identifier' ? this.names.definition(node)?.node : undefined, init = made?.type === 'VariableDeclarator' && made.init ? unwrap(made.init) : null;
    const own = init?.type === 'CallExpression' && /^(?:pg|mysql|sqlite|singlestore|cockroach)Table$/.test(lastName(init.callee) ?? '') && init.arguments[0] ? stringOf(init.arguments[0]) : null;
    const table = own ?? (this.tableNamed && !this.libraries.tagsTakeValuesOnly && this.names.origin(root) ? this.tableNamed(name) : null);
    return table === null ? null : { ...text([computed(this.quoted(table))], true), chain: () => this.calledIn(node) };
  }

  /** A thing of a schema as the file calls it. */
  private calledIn(node: Node): Chain {
    if (node.type !== 'MemberExpression') return { root: { type: 'node', node, env: null }, steps: [] };
    return further(this.evaluator.evaluate(node.object, null), node.object, null, { type: 'step', name: propertyName(node), at: node.property, args: null, env: null, node, detached: false, awaited: false });
  }

  /** A column of such a table, or a table that a namespace holds (`schema.users`). */
  column(node: TSESTree.MemberExpression, name: string): Value | null {
    const own = this.table(node);
    if (own) return own;
    const table = node.object.type === 'Identifier' || node.object.type === 'MemberExpression' ? this.table(node.object) : null;
    return table?.type === 'text' && !/^(?:_|\$)/.test(name) ? { ...text([...table.parts, computed(`.${this.quoted(name)}`)], true), chain: () => this.calledIn(node) } : null;
  }

  private quoted(name: string): string {
    return name.split('.').map((part) => this.quote + part + this.quote).join('.');
  }

  /** What the dialect that the text will be read in puts around names. */
  private get quote(): string {
    return /^(?:mysql|mariadb|bigquery)$/.test(this.libraries.dialect ?? this.dialect) ? '`' : '"';
  }
}

/** A string as a fragment. */
function asSql(value: Value): Value {
  if (value.type === 'text') return text(value.parts, true);
  if (value.type === 'constant') return text([computed(String(value.value))], true);
  return value.type === 'fork' ? { ...value, options: value.options.map(asSql) } : value;
}
