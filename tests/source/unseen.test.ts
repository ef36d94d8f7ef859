/** What an interpolation that cannot be seen leaves of a statement: the rule asks for a filter where no part that is hidden could hold it, and only there. */
import assert from 'node:assert/strict';
import * as parser from '@typescript-eslint/parser';
import { Linter, type ESLint } from 'eslint';
import plugin from '../../index.js';
import { manifest } from '../rules/manifest.js';

const linter = new Linter();

function reports(code: string): number {
  const messages = linter.verify(code, [{
    files: ['**/*.ts'], languageOptions: { parser }, plugins: { 'soft-delete': plugin as ESLint.Plugin }, settings: { 'soft-delete': { manifest } }, rules: { 'soft-delete/require-live-filter': 'error' },
  }], { filename: 'query.ts' });
  assert.ok(messages.every(({ ruleId }) => ruleId === 'soft-delete/require-live-filter'), JSON.stringify(messages));
  return messages.length;
}

const IMPORTS = "import { ifStr, when, extra, orderBy, filters, fields } from './sql';\n";

/** Reported: no hidden part can hold the filter. */
const REPORTED: readonly (readonly [name: string, code: string])[] = [
  ['a helper of a condition and a clause', "db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${ifStr(from, 'AND u.created_at > :from')}`);"],
  ['with another clause where the condition does not hold', "db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${ifStr(from, 'AND u.created_at > :from', 'AND u.created_at > now()')} AND u.age > 3`);"],
  ['of fragments', 'sql`SELECT u.id FROM users u WHERE u.name = ${name} ${when(from, sql`AND u.created_at > ${from}`)} ORDER BY u.name`;'],
  ['of a join', "db.query(`SELECT u.id FROM users u ${ifStr(x, 'JOIN days d ON d.id = u.day')} WHERE u.name = $1`);"],
  ['a sort order by its name', 'db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${orderBy}`);'],
  ['of a call', 'db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${buildOrderBy(sort)} ${limitClause}`);'],
  ['of a tag', 'sql`SELECT u.id FROM users u WHERE u.name = ${name} ${options.orderBySql}`;'],
  ['goes on with a list', 'db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${orderBy}, u.id DESC`);'],
  ['one operand of OR', 'db.query(`SELECT u.id FROM users u WHERE u.name = $1 AND (u.age > 3 OR ${filters})`);'],
  ['a select list', 'db.query(`SELECT u.id, ${fields} FROM users u WHERE u.name = $1`);'],
  ['a condition that may be left out', "const more = x && sql`AND u.age > 3`; sql`SELECT u.id FROM users u WHERE u.name = ${name} ${more || sql``}`;"],
  ['a function of the file with a default', "const age = (n = 3) => `AND u.age > ${n}`; db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${age()}`);"],
];

/** Not reported: a hidden part may hold the filter, or a shown one does. */
const SILENT: readonly (readonly [name: string, code: string])[] = [
  ['a helper whose clause is the filter', "db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${ifStr(true, 'AND u.deleted_at IS NULL')}`);"],
  ['a helper of two texts that are no clauses', "db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${ifStr(from, 'age', 'id')}`);"],
  ['a helper of more than a condition and clauses', "db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${ifStr(from, 'AND u.age > 3', other)}`);"],
  ['a helper of a text alone', "db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${ifStr('AND u.age > 3')}`);"],
  ['a helper that is given the name of a table', "db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${when('users', 'AND u.age > 3')}`);"],
  ['a fragment of any name', 'db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${extra}`);'],
  ['in the middle', 'db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${extra} AND u.age > 3`);'],
  ['an operand of AND', 'db.query(`SELECT u.id FROM users u WHERE u.name = $1 AND ${filters}`);'],
  ['between FROM and WHERE', 'db.query(`SELECT u.id FROM users u ${extra} WHERE u.name = $1`);'],
  ['before an order', 'db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${extra} ORDER BY u.name`);'],
  ['goes on with a list', 'db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${extra}, u.id DESC`);'],
  ['a name that speaks of a filter, too', 'db.query(`SELECT u.id FROM users u WHERE u.name = $1 ${whereAndOrderBy}`);'],
];

describe('statements with parts that cannot be seen', () => {
  for (const [name, code] of REPORTED) it(`are told by the rest: ${name}`, () => assert.equal(reports(IMPORTS + code), 1));
  for (const [name, code] of SILENT) it(`are left alone: ${name}`, () => assert.equal(reports(IMPORTS + code), 0));
});
