/** Tables of declarations, in any language that declares tables, with what a rule says of them. */
import assert from 'node:assert/strict';
import type { Dialect, Manifest } from '../../lib/manifest/types.js';
import { reportsOf, type Declaration } from './front-ends.js';
import { count } from './tally.js';

/** The language, by what stands in front: `sql`, `mysql`, `mariadb`, `sqlite` and `bigquery` are files of that dialect, `ts` is TypeScript. */
type Language = Dialect | 'sql' | 'ts' | 'ts-mysql' | 'prisma' | 'prisma-mysql';

export interface SchemaCase {
  readonly in: Language;
  readonly code: string;
  /** What is underlined, once for each report; absent where nothing is said. */
  readonly at?: readonly string[];
  /** What each message says. */
  readonly says?: RegExp;
  readonly options?: object;
  readonly tables?: Manifest['tables'];
  /** Default: a file that is no migration of a folder. */
  readonly filename?: string;
}

const DIALECTS = new Set<Language>(['mysql', 'mariadb', 'sqlite', 'bigquery']);

function declarationOf({ in: language, code, filename }: SchemaCase): Declaration {
  const dialect = DIALECTS.has(language) ? language : language.endsWith('-mysql') ? 'mysql' : undefined;
  const written = language.startsWith('ts') ? 'ts' : language.startsWith('prisma') ? 'prisma' : 'sql';
  return { how: code, language: written, code, at: '', ...(dialect && { dialect: dialect as 'mysql' }), ...(filename !== undefined && { filename }) };
}

/** Defines a test for each case; what is offered has to mend the problem. */
export function testSchemas(rule: string, { reported, silent }: { readonly reported: readonly SchemaCase[]; readonly silent: readonly SchemaCase[] }): void {
  const check = (item: SchemaCase): void => {
    const { options, tables, at = [], says = /./ } = item;
    const found = reportsOf(rule, declarationOf(item), { ...(options && { options: [options] }), ...(tables && { tables }) });
    // How much of a declaration a library's reader underlines is tested with it.
    const isAt = (place: string, expected: string): boolean => item.in.startsWith('ts') || item.in.startsWith('prisma') ? place.includes(expected) || expected.includes(place) : place === expected;
    const places = found.map((report) => report.at);
    assert.ok(places.length === at.length && places.every((place, index) => isAt(place, at[index]!)), `at ${JSON.stringify(places)}\n${found.map(({ message }) => message).join('\n')}`);
    for (const { message } of found) assert.match(message, says);
  };
  count(rule, 'reported', reported.map(declarationOf));
  count(rule, 'silent', silent.map(declarationOf));
  describe(`${rule} reports`, () => { for (const item of reported) it(`${item.in}: ${item.code.replace(/\s+/g, ' ')}`, () => { assert.ok(item.at?.length, 'nothing is expected'); check(item); }); });
  describe(`${rule} accepts`, () => { for (const item of silent) it(`${item.in}: ${item.code.replace(/\s+/g, ' ')}`, () => { check(item); }); });
}
