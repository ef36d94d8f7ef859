import assert from 'node:assert/strict';
import { commentedCondition } from '../../lib/model/commented.js';

/** A comment, and the column that it names with what qualifies it; null where it holds no condition. */
type Row = readonly [comment: string, said: string | null];

const CALLS: readonly Row[] = [
  // Objects.
  ['// deletedAt: null,', 'deletedAt'],
  ['// deletedAt: null', 'deletedAt'],
  ['//deletedAt: null, // deleted ones are greyed out', 'deletedAt'],
  ['// deletedAt: null - the list shows deleted ones too', 'deletedAt'],
  ['/* deletedAt: null, */', 'deletedAt'],
  ["// 'deleted_at': null,", 'deleted_at'],
  ['// deleted: false,', 'deleted'],
  ['// deletedAt: { equals: null },', 'deletedAt'],
  ['// deletedAt: { isNull: true },', 'deletedAt'],
  ['// deleted: { not: true },', 'deleted'],
  ['// deletedAt: IsNull(),', 'deletedAt'],
  ['// [Op.and]: [{ deletedAt: null }],', null],
  ['// where: { deletedAt: null },', 'deletedAt'],
  ['// where: { name: name, deletedAt: null },', 'deletedAt'],
  ['// author: { deletedAt: null },', 'deletedAt'],
  ['// AND: [{ deletedAt: null }, { name }],', 'deletedAt'],
  ['// deletedAt: null, name: search,', 'deletedAt'],
  ['// .where({ deletedAt: null })', 'deletedAt'],
  ['// .andWhere({ deleted: false })', 'deleted'],
  // Functions.
  ['// isNull(users.deletedAt),', 'users.deletedAt'],
  ['// isNull(schema.users.deletedAt),', 'users.deletedAt'],
  ['// .where(isNull(users.deletedAt))', 'users.deletedAt'],
  ['// where: (users, { isNull }) => isNull(users.deletedAt),', 'users.deletedAt'],
  ['// where: and(isNull(users.deletedAt), eq(users.id, id)),', 'users.deletedAt'],
  ['// eq(users.isDeleted, false)', 'users.isDeleted'],
  ['// ne(users.isDeleted, true),', 'users.isDeleted'],
  ["// eb('deleted_at', 'is', null),", 'deleted_at'],
  // Methods.
  ["// .where('deleted_at', 'is', null)", 'deleted_at'],
  ["// .where('u.deleted_at', 'is', null)", 'u.deleted_at'],
  ["// .where((eb) => eb('u.deleted_at', 'is', null))", 'u.deleted_at'],
  ["// .where('name', name).where('deleted_at', null)", 'deleted_at'],
  ["// .where('deleted', false)", 'deleted'],
  ["// .where('deleted', '=', false);", 'deleted'],
  ["// .whereNull('deleted_at')", 'deleted_at'],
  ["// .whereNull('users.deleted_at').orderBy('name')", 'users.deleted_at'],
  ["// query.whereNull('deleted_at');", 'deleted_at'],
  ["// .whereNot('deleted', true)", 'deleted'],
  ["// .is('deleted_at', null)", 'deleted_at'],
  ["// .eq('deleted', false)", 'deleted'],
  ["// .neq('deleted', true)", 'deleted'],
  ["// .andWhere('u.deletedAt IS NULL')", 'u.deletedAt'],
  ["// .whereRaw('deleted_at is null')", 'deleted_at'],
  ['// .where(sql`deleted_at IS NULL`)', 'deleted_at'],
  ['/*\n * .where(\'id\', id)\n * .whereNull(\'deleted_at\')\n */', 'deleted_at'],
  // Other values, and sentences.
  ['// deletedAt: { not: null },', null],
  ['// deletedAt: new Date(),', null],
  ['// deletedAt: true,', null],
  ['// deleted: true', null],
  ["// .set('deleted_at', null)", null],
  ["// .whereNotNull('deleted_at')", null],
  ["// .not('deleted_at', 'is', null)", null],
  ['// isNotNull(users.deletedAt),', null],
  ['// deletedAt: null means that the row is live', null],
  ['// deletedAt is null for live rows', null],
  ['// rows with deletedAt = null are live', null],
  ['// note: rows whose deletedAt is set come along', null],
  ['// AND u.deleted_at IS NULL', null],
  [`// ${'.where(x)'.repeat(60)}.whereNull('deleted_at')`, null],
];

const SQL: readonly Row[] = [
  ['-- AND u.deleted_at IS NULL', 'u.deleted_at'],
  ['-- deleted_at IS NULL', 'deleted_at'],
  ['/* AND "u"."deleted_at" IS NULL */', 'u.deleted_at'],
  ['# WHERE deleted = 0', 'deleted'],
  ['-- AND NOT u.deleted', null],
  ['-- deleted_at IS NULL for live rows', null],
  ['-- deletedAt: null', null],
];

function said(comment: string, calls: boolean): string | null {
  const found = commentedCondition(comment, calls);
  return found && `${found.qualifier === null ? '' : `${found.qualifier}.`}${found.column}`;
}

describe('conditions in comments among calls', () => {
  for (const [comment, expected] of CALLS) it(`${comment.slice(0, 80)} is ${expected ?? 'none'}`, () => { assert.equal(said(comment, true), expected); });
});

describe('conditions in comments in SQL', () => {
  for (const [comment, expected] of SQL) it(`${comment} is ${expected ?? 'none'}`, () => { assert.equal(said(comment, false), expected); });
});
