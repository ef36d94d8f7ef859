/** What the tables of cases of the rules cover: how many are reported and silent, and by which front ends. Told by the cases themselves. */
import assert from 'node:assert/strict';

interface Tally {
  reported: number;
  silent: number;
  /** Front ends of reported cases. */
  readonly frontEnds: Set<string>;
}

/** The language of a case and what can be asked of its text. */
export interface Told {
  readonly language: 'sql' | 'ts' | 'prisma' | 'manifest';
  readonly code: string;
}

/** What a front end is told by, the first that matches. Libraries' migrations stand before their declarations and calls. */
const FRONT_ENDS: readonly (readonly [name: string, told: RegExp])[] = [
  ['TypeORM migration', /\bqueryRunner\b|\bnew Table(?:Column|Index|Unique)?\(/u],
  ['Sequelize migration', /\bqueryInterface\b/u],
  ['MikroORM migration', /@mikro-orm\/migrations|\baddSql\(/u],
  ['node-pg-migrate', /\bpgm\b/u],
  ['Knex migration', /\bschema\s*\.\s*(?:createTable|alterTable|table)\b[\s\S]*=>|from 'knex'[\s\S]*\bschema\b|\bknex\.schema\b/u],
  ['Kysely migration', /\.\s*schema\s*\.\s*(?:createTable|alterTable|createIndex|createView|dropTable)\b/u],
  ['Drizzle', /drizzle-orm|\b(?:pg|mysql|sqlite)Table\b/u],
  ['MikroORM', /@mikro-orm|\bEntityManager<|\bdefineEntity\b|\bnew EntitySchema\b.*mikro/u],
  ['TypeORM', /['"]typeorm['"]|\bcreateQueryBuilder\b|\bEntitySchema\b/u],
  ['Sequelize', /sequelize/iu],
  ['Objection', /objection|\.\s*query\(\)\s*\./iu],
  ['Prisma calls', /@prisma|\bprisma\b/iu],
  ['Kysely', /kysely|\.\s*(?:selectFrom|updateTable|deleteFrom|insertInto)\(/iu],
  ['Supabase', /supabase/iu],
  ['Knex', /knex|\.\s*(?:whereNull|andWhere|orWhereNotNull|whereNot|whereNotNull)\(/iu],
  ['SQL in a call', /\.\s*(?:query|execute|raw|prepare|all|get|run|unsafe)\s*(?:<[^>]*>)?\(\s*['"`]/u],
  ['SQL in a tag', /`/u],
];

/** The front end that reads a case. */
export function frontEndOf({ language, code }: Told): string {
  if (language !== 'ts') return { sql: 'SQL file', prisma: 'Prisma schema', manifest: 'manifest' }[language];
  return FRONT_ENDS.find(([, told]) => told.test(code))?.[0] ?? 'other calls';
}

const LEAST = { reported: 20, silent: 20, frontEnds: 5 };

/** Rules about how tables are declared, which every front end that declares tables has to serve. What libraries' calls serve is asked by `tests/orm`. */
const ABOUT_TABLES = new Set([
  'no-boolean-flag', 'tombstone-name', 'tombstone-type', 'no-dual-tombstone', 'unique-live-only', 'index-live-only', 'explicit-foreign-key-action', 'no-tombstone-on-ephemeral',
  'require-deletion-policy', 'no-tombstone-loss', 'add-tombstone-complete', 'cascade-soft-delete', 'audit-append-only', 'require-retention',
]);

/** Where less is enough, and why. */
const EXCEPTIONS: Readonly<Record<string, Partial<typeof LEAST> & { readonly why: string }>> = {
  'require-retention': { frontEnds: 1, why: 'it speaks of the manifest alone' },
};

const tallies = new Map<string, Tally>();

/** Counts cases of a rule as they are defined; with the first of a rule about tables a test is defined that asks for enough of them, once all are. */
export function count(rule: string, outcome: 'reported' | 'silent', cases: readonly Told[]): void {
  let tally = tallies.get(rule);
  if (!tally) {
    tallies.set(rule, tally = { reported: 0, silent: 0, frontEnds: new Set() });
    if (ABOUT_TABLES.has(rule)) describe(`${rule}: cases`, () => { it('are enough, over enough front ends', () => { assertEnough(rule, tallies.get(rule)!); }); });
  }
  tally[outcome] += cases.length;
  if (outcome === 'reported') for (const one of cases) tally.frontEnds.add(frontEndOf(one));
}

function assertEnough(rule: string, { reported, silent, frontEnds }: Tally): void {
  const least = { ...LEAST, ...EXCEPTIONS[rule] };
  const found = `${reported} reported, ${silent} silent, ${frontEnds.size} front ends (${[...frontEnds].sort().join(', ')})`;
  assert.ok(reported >= least.reported && silent >= least.silent && frontEnds.size >= least.frontEnds, found);
}
