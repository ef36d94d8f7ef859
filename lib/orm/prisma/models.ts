/** Models and relations as Prisma's calls name them, found in the manifest. */
import { fold, type TableFacts } from '../../manifest/catalog.js';
import type { Expr, Range, TableRef } from '../../model/query.js';
import { and, column, comparison, operation } from '../expressions.js';
import { singular } from '../../schema/pluralise.js';
import type { Session } from '../session.js';

/** A model that a call is about, with what the manifest knows of its table; facts are null where it knows nothing. */
export interface Model {
  readonly name: string;
  readonly facts: TableFacts | null;
}

/** A property of a model that leads to rows of another one. */
export interface Relation {
  readonly name: string;
  readonly target: Model;
  readonly many: boolean;
  /** To-one: may there be no row? Null where it is not known. */
  readonly optional: boolean | null;
  /** Own column → column of the other table; null where it is not known. */
  readonly on: Readonly<Record<string, string>> | null;
  /** Does the manifest say so? Else the property's name does. */
  readonly declared: boolean;
}

/** The singular forms that a word may have, none where it is no plural. */
export function singulars(word: string): string[] {
  const last = /[A-Z]?[a-z]+$/.exec(word)?.[0] ?? word, start = word.slice(0, word.length - last.length), form = singular(last);
  if (form === last) return [];
  return [...new Set([form, ...(/s$/i.test(last) ? [last.replace(/s$/i, '')] : [])])].map((one) => start + one);
}

/** The model behind a member of the client (`prisma.user`): its name with the first letter lowered. Null where the name is that of a table whose models are called otherwise. */
export function modelNamed(session: Session, name: string): Model | null {
  const facts = session.facts(name);
  if (facts) return facts.models.length === 0 || facts.models.some((model) => fold(model) === fold(name)) ? { name, facts } : null;
  return { name, facts: null };
}

/** The relation that a property of a model is; null where it is none for all that is known. */
export function relationNamed(session: Session, model: Model, name: string): Relation | null {
  const relations = model.facts?.relations ?? {};
  const found = Object.hasOwn(relations, name) ? relations[name] : Object.values(relations).find(({ as }) => as === name);
  if (found) return { name, target: { name: found.table, facts: session.catalog.table(found.table) }, many: found.many, optional: found.optional, on: found.on, declared: true };
  return Object.keys(relations).length > 0 ? null : relationByName(session, name);
}

/** Relations are mostly called like the model at their other end, in the plural where there are many. */
function relationByName(session: Session, name: string): Relation | null {
  const forms = singulars(name), many = forms.length > 0;
  for (const form of many ? [...forms, name] : [name]) {
    const target = modelNamed(session, form);
    if (target?.facts) return { name, target, many, optional: null, on: null, declared: false };
  }
  return null;
}

/** A relation that nothing is known of, for what stands below it. */
export function unknownRelation(name: string): Relation {
  return { name, target: { name: singulars(name)[0] ?? name, facts: null }, many: singulars(name).length > 0, optional: null, on: null, declared: false };
}

/**
 * Does a model hold nothing but one half of a many-to-many relation, with the other half's model on the far side? It is hard-deleted, and foreign keys alone
 * are its primary key.
 */
export function isLink({ facts }: Model, far: Relation): boolean {
  if (!facts || facts.deletion === 'soft' || far.many || !far.on) return false;
  const key = facts.key.map(fold), foreign = new Set(Object.values(facts.relations).flatMap(({ many, on }) => (many || !on ? [] : Object.keys(on).map(fold))));
  return key.length > 1 && Object.keys(far.on).every((name) => key.includes(fold(name))) && key.every((name) => foreign.has(name));
}

/** The column behind a property. */
export function columnOf({ facts }: Model, property: string): string {
  return facts && Object.hasOwn(facts.columns, property) ? facts.columns[property]! : property;
}

/** A reference to a model's table. */
export function reference(session: Session, { name, facts }: Model, range: Range, options: { readonly via?: TableRef['via']; readonly autoFilter?: TableRef['autoFilter'] } = {}): TableRef {
  return session.table(facts?.name ?? name, range, { ...options, schema: facts?.schema ?? null });
}

/** How the rows of a relation belong to their owner's. Where the manifest does not say so, by columns that stand for the foreign key. */
export function joinCondition(relation: Relation, owner: TableRef, ownerModel: Model, ref: TableRef, range: Range): Expr {
  if (relation.on) {
    const pairs = Object.entries(relation.on).map(([own, other]) => comparison('=', column(ref, other, range), column(owner, own, range), range));
    return and(pairs, range) ?? operation([], range);
  }
  if (relation.many) return operation([column(ref, `${ownerModel.name}Id`, range), column(owner, ownerModel.facts?.key[0] ?? 'id', range)], range);
  return comparison('=', column(ref, relation.target.facts?.key[0] ?? 'id', range), column(owner, `${relation.name}Id`, range), range);
}
