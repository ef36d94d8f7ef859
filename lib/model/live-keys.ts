/** Do the unique keys, indexes and conditions of a soft table leave its dead rows out? */
import { fold, type Catalog, type Dialect, type TableFacts } from '../manifest/catalog.js';
import { columnsOf, standingKeys, type FileTable } from './file-tables.js';
import type { Expr, SelectBlock, Statement, TableRef, TombstoneFact } from './query.js';
import { resolveScopes } from './scope.js';
import type { KeyDeclaration } from './schema.js';
import { createProof } from './visibility.js';

/** Which rows an index has entries for, or a condition lets through. */
export type Coverage = 'live' | 'dead' | 'all' | 'unknown';

/** The rows that pass a predicate. Where a table has several tombstones, one that is kept out will do. */
export function coverageOf({ predicate, ignored }: KeyDeclaration, facts: TableFacts, catalog: Catalog): Coverage {
  if (!predicate || ignored !== undefined) return 'all';
  return predicate.expr ? rowsBy(predicate.expr, facts, catalog) : 'unknown';
}

/** The rows of a table that a condition lets through. */
export function rowsBy(condition: Expr, facts: TableFacts, catalog: Catalog): Coverage {
  const statement = rowsThatPass(condition, facts), scopes = resolveScopes(statement, catalog), proof = createProof(statement, scopes, catalog);
  const source = scopes.sources[0];
  if (!source) return 'unknown';
  if (facts.tombstones.some((tombstone) => proof.verdictBy(source, tombstone).state === 'live')) return 'live';
  return proof.verdict(source).state;
}

/** `SELECT .. FROM table WHERE predicate`. */
function rowsThatPass(where: Expr, { name, schema }: TableFacts): Statement {
  const { range } = where;
  const ref: TableRef = { type: 'table', name, schema, alias: null, columns: null, range, autoFilter: 'none', via: 'from' };
  const root: SelectBlock = { type: 'select', range, ctes: [], from: [ref], where, groupBy: null, having: null, output: [], distinct: 'none', limited: false, orderBy: [], opaqueFilters: [] };
  return { root, range, library: 'sql', marker: null, partial: false, stored: false };
}

/** What is wrong with a unique key of a soft table. */
export type UniqueFlaw =
  /** Dead rows are in it, and keep their values. `ignored`: what leaves its predicate out. */
  | { readonly kind: 'full'; readonly ignored: string | null }
  /** UNIQUE (x, deleted_at): NULLs are distinct, so that live rows are not unique. */
  | { readonly kind: 'nulls'; readonly tombstones: readonly string[] }
  /** UNIQUE (x, is_deleted): there is room for one dead row of each value. */
  | { readonly kind: 'once'; readonly tombstones: readonly string[] }
  /** Dead rows alone are in it. */
  | { readonly kind: 'inverted' };

/** The flaw of a unique key, or null where there is none or it cannot be told. The table has its tombstone. */
export function uniqueFlaw(key: KeyDeclaration, table: FileTable & { readonly facts: TableFacts }, catalog: Catalog): UniqueFlaw | null {
  const { facts } = table, coverage = coverageOf(key, facts, catalog);
  if (key.kind !== 'unique' || coverage === 'unknown') return null;
  const tombstones = key.columns.flatMap((column) => {
    const tombstone = column === null ? null : catalog.tombstone(facts, column);
    return tombstone ? [{ tombstone, column: column! }] : [];
  });
  const named = tombstones.map(({ column }) => column);
  if (tombstones.some(({ tombstone }) => isMoment(tombstone))) {
    if (coverage === 'dead' || key.nullsNotDistinct || tombstones.some(({ column }) => columnsOf(table).get(fold(column))?.nullable === false)) return null;
    return { kind: 'nulls', tombstones: named };
  }
  if (tombstones.some(({ tombstone }) => tombstone.live === false)) return coverage === 'all' ? { kind: 'once', tombstones: named } : null;
  // A sentinel, a number, a status: live rows share it, and dead ones differ.
  if (tombstones.length > 0) return null;
  if (coverage === 'dead') return { kind: 'inverted' };
  return coverage === 'all' && !isSetApart(key, table) ? { kind: 'full', ignored: key.predicate ? key.ignored ?? null : null } : null;
}

/** NULL is live, and any moment dead. */
function isMoment({ live, dead }: TombstoneFact): boolean {
  return live === null && dead === null;
}

/** Names of columns that hold something else in each dead row, or in live rows only: `live_email`, `is_active_key`, `delete_token`. */
const SET_APART = /^(?:is_)?(?:un|not_)?(?:live|alive|active|current|existing|undeleted)(?:_|$)|delet|trash|tombstone/;

/** Does a part of the key tell dead rows from live ones: an expression over the tombstone, a column that is computed of it, that is there for this, or that the soft delete overwrites? */
function isSetApart({ columns, texts = [] }: KeyDeclaration, table: FileTable & { readonly facts: TableFacts }): boolean {
  const declared = columnsOf(table), { tombstones, overwrites = [] } = table.facts;
  const mentions = (text: string): boolean => namesIn(text).some((name) => tombstones.some(({ names }) => names.some((spelling) => fold(spelling) === fold(name))));
  return columns.some((column, index) => {
    if (column === null) return texts[index] === undefined || mentions(texts[index]);
    const from = declared.get(fold(column))?.generatedFrom;
    return (from !== undefined && mentions(from)) || overwrites.some((name) => fold(name) === fold(column)) || SET_APART.test(wordsOf(column).join('_'));
  });
}

function namesIn(text: string): string[] {
  return text.match(/[A-Za-z_$][\w$]*/g) ?? [];
}

// ------------------------------------------------------------------------------------------------- reuse

/** The words of a name, in lower case: `emailAddress`, `email_address`. */
function wordsOf(name: string): string[] {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2').toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);
}

/** Words of values that a program makes up, and never again. */
const MADE_UP = new Set('uuid guid uid ulid cuid nanoid ksuid token secret hash digest checksum sha1 sha256 md5 fingerprint signature nonce salt otp random'.split(' '));
/** `url_id`, `public_id`: the name of the row for the world outside. */
const OUTER_ID = /^(?:url|public|short|share|hash|secondary|internal|legacy|request|trace|correlation|transaction|idempotency|nano|unique|row|record|sequence)$/;
/** Words of a running number, which is not given again for good reason. */
const COUNTED = new Set('number no nr num seq sequence serial version revision rev counter'.split(' '));
/** Words before `code` that say that it is made up. */
const MADE_UP_CODE = /^(?:invite|invitation|join|enrol|enroll|enrollment|enrolment|verification|verify|confirmation|confirm|activation|access|auth|authorization|reset|recovery|backup|referral|share|sharing|short|pairing|device|redeem|voucher|gift|tracking|pin|otp|security|hash|qr)$/;
/** Words of what people and the world outside give a thing, and give again. */
const GIVEN = new Set((
  'email emails mail username userlogin login handle nickname nick alias screenname slug permalink name title label subdomain domain hostname host phone telephone mobile cellphone tel msisdn fax '
  + 'sku isbn ean upc gtin barcode vin iban bic imei mac ssn passport vat plate code tag keyword abbreviation acronym symbol ticker'
).split(' '));

/** Words before `number` that say that it is another's to give. */
const GIVEN_NUMBER = /^(?:phone|telephone|mobile|fax|vat|tax|passport|registration|license|licence|plate)$/;

/** Is the value of a column made up by the program or the database, so that it comes once? */
function isMadeUp(column: string): boolean {
  const words = wordsOf(column), last = words.at(-1) ?? '', before = words.at(-2) ?? '';
  if (words.some((word) => MADE_UP.has(word) || /^(?:hash|encrypt|sha\d)/.test(word)) || (COUNTED.has(last) && !GIVEN_NUMBER.test(before))) return true;
  if (last === 'id' || last === 'ids') return words.length === 1 || OUTER_ID.test(before);
  return last === 'code' && MADE_UP_CODE.test(before);
}

/** Is the value of a column given by people, who may give it again? */
function isGiven(column: string): boolean {
  const words = wordsOf(column), last = words.at(-1) ?? '', before = words.at(-2) ?? '';
  if (isMadeUp(column)) return false;
  // `email_normalized`, `name_lower`, `phone_e164`.
  const stem = /^(?:normali[sz]ed|lower|lowercase|canonical|ci|address|e164)$/.test(last) ? before : last;
  return GIVEN.has(stem) || (COUNTED.has(last) && GIVEN_NUMBER.test(before));
}

/** Is a column, by its name, the key of another row? */
function isReference(column: string): boolean {
  return wordsOf(column).at(-1) === 'id' && !/^external_|(?:^|_)external_id$/.test(wordsOf(column).join('_'));
}

/** Words of the place of a file: what is put there again replaces what was there. */
const PLACES = new Set('dir directory folder path filepath filename ext extension mime'.split(' '));

/**
 * Will somebody want the values of a deleted row again, in a row of its own? `given`: people give them (an e-mail address, a name, a slug), or pair
 * rows of other tables; `made-up`: the program does (an id, a token, a hash, a running number), or nothing is known of them; `never`: the primary
 * key is among them, which no other row has.
 *
 * Where the line is drawn was measured on the schemas of 13 projects: in full keys of several columns without one that people give, as in
 * `(connection_id, model, external_id)`, an upsert that revives the row is as frequent as a mistake.
 */
export function reuseOf({ columns, texts = [] }: KeyDeclaration, table: FileTable & { readonly facts: TableFacts }): 'given' | 'made-up' | 'never' {
  const primary = table.steps.flatMap(({ keys = [] }) => keys.filter(({ kind }) => kind === 'primary'));
  const isKey = (names: readonly (string | null)[]): boolean => names.length > 0 && names.every((name) => name !== null && columns.some((column) => column !== null && fold(column) === fold(name)));
  if (isKey(table.facts.key) || primary.some((key) => isKey(key.columns))) return 'never';
  const names = columns.flatMap((column, index) => column === null ? namesIn(texts[index] ?? '').slice(-1) : [column]);
  const others = names.filter((name) => !table.facts.tombstones.some((tombstone) => tombstone.names.some((spelling) => fold(spelling) === fold(name))));
  if (others.some(isMadeUp)) return 'made-up';
  if (names.some((name) => wordsOf(name).some((word) => PLACES.has(word)))) return 'made-up';
  return names.some(isGiven) || (others.length > 1 && others.every(isReference)) ? 'given' : 'made-up';
}

/** Does a predicate ask for anything but that a column has a value? A state may end when a row is deleted. */
export function asksForState({ predicate }: KeyDeclaration): boolean {
  const onlyPresence = (expr: Expr): boolean => expr.type === 'and' || expr.type === 'or' ? expr.operands.every(onlyPresence) : expr.type === 'is' && expr.what === 'null' && expr.negated;
  return predicate?.expr ? !onlyPresence(predicate.expr) : predicate !== null;
}

// ----------------------------------------------------------------------------------------------- indexes

/** Does the dialect have indexes over a part of the rows? MySQL and MariaDB have none, and BigQuery has no indexes. */
export function hasPartialIndexes(dialect: Dialect): boolean {
  return dialect === 'postgresql' || dialect === 'sqlite';
}

/**
 * Does an index carry entries of dead rows that serve nobody? One that the tombstone is part of serves the purge or the trash. The table has its
 * tombstone, and the dialect has partial indexes.
 */
export function carriesDead(key: KeyDeclaration, table: FileTable & { readonly facts: TableFacts }, catalog: Catalog): boolean {
  const { facts } = table;
  return key.kind === 'index' && coverageOf(key, facts, catalog) === 'all' && !asksForState(key) && !isSetApart(key, table)
    && !key.columns.some((column) => column !== null && catalog.tombstone(facts, column) !== null) && reuseOf(key, table) !== 'never';
}

/**
 * Does an index lead to the rows that refer to one of another table? Whoever removes that one for good looks for all of them, dead or live.
 * Where the file declares no foreign key of the table, its name has to tell.
 */
export function servesForeignKey({ columns: [first] }: KeyDeclaration, table: FileTable): boolean {
  if (first === undefined || first === null) return false;
  const declared = table.steps.flatMap(({ foreignKeys = [] }) => foreignKeys);
  return declared.some(({ columns }) => columns.some((column) => fold(column) === fold(first))) || (declared.length === 0 && wordsOf(first).at(-1) === 'id');
}

/** Is there an index that begins with the tombstone and has dead rows in it? */
export function hasPurgeIndex(table: FileTable & { readonly facts: TableFacts }, catalog: Catalog): boolean {
  return standingKeys(table).some(({ key }) => {
    const [first] = key.columns;
    return first !== undefined && first !== null && catalog.tombstone(table.facts, first) !== null && coverageOf(key, table.facts, catalog) !== 'live';
  });
}
