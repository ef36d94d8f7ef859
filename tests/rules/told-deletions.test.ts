/** What a statement says of deleted rows in other words than the tombstone's. */
import assert from 'node:assert/strict';
import { compile } from '../../lib/manifest/index.js';
import { queriesInText } from '../../lib/file-queries.js';
import { isRemovalOnPurpose } from '../../lib/model/purpose.js';

const catalog = compile({ tables: { files: { deletion: 'soft', tombstone: { column: 'deleted', live: false }, models: ['File'] }, folders: { deletion: 'soft', models: ['Folder'] } } });

function told(text: string, path: string): boolean[] {
  return queriesInText(text, path, catalog).analyses.flatMap(({ reads }) => reads.map(({ saysWhich }) => saysWhich));
}

describe('deletion in other words', () => {
  const ROWS: readonly (readonly [text: string, expected: boolean])[] = [
    ['SELECT * FROM files WHERE removed = false', true],
    ['SELECT * FROM files WHERE removed_at IS NULL', true],
    ["SELECT * FROM files WHERE status = 'TRASHED'", true],
    ["SELECT * FROM files WHERE status <> 'deleted' AND name = $1", true],
    ["SELECT * FROM files WHERE state IN ('removed', 'trashed')", true],
    ['SELECT * FROM files WHERE revision > $1 ORDER BY revision LIMIT 100', true],
    ["SELECT * FROM files WHERE status = 'active'", false],
    ['SELECT * FROM files WHERE revision = $1', false],
    ['SELECT * FROM files WHERE document_deleted_at IS NULL', false],
    ["SELECT f.* FROM files f JOIN folders o ON o.id = f.folder_id WHERE o.status = 'deleted'", false],
  ];
  for (const [text, expected] of ROWS) it(text, () => { assert.equal(told(text, '/a.sql')[0], expected); });

  const CALLS: readonly (readonly [call: string, expected: boolean])[] = [
    ['prisma.file.findFirst({ where: { folderId }, orderBy: { number: "desc" }, select: { number: true } })', true],
    ['prisma.file.aggregate({ where: { folderId }, _max: { number: true } })', true],
    ['prisma.file.findMany({ orderBy: [{ deleted: "asc" }, { name: "asc" }] })', true],
    ['prisma.file.groupBy({ by: ["deleted"], _count: true })', true],
    ['prisma.file.findFirst({ where: { folderId }, orderBy: { createdAt: "desc" }, select: { createdAt: true } })', false],
    ['prisma.file.findMany({ orderBy: { name: "asc" } })', false],
    ['prisma.file.aggregate({ _max: { size: true } })', false],
  ];
  for (const [call, expected] of CALLS) it(call, () => { assert.deepEqual(told(`export const read = (folderId) => ${call};`, '/a.ts'), [expected]); });

  it('what belongs to a row that is being created is as new as it is', () => {
    const nested = compile({ tables: { folders: { deletion: 'soft', models: ['Folder'], relations: { files: { table: 'files', many: true }, owner: { table: 'users' } } }, files: { deletion: 'soft', models: ['File'] }, users: { deletion: 'soft', models: ['User'] } } });
    const read = (call: string): string[] => queriesInText(`export const make = (data) => ${call};`, '/a.ts', nested).analyses.flatMap(({ reads }) => reads.map(({ ref }) => ref.name));
    assert.deepEqual(read('prisma.folder.create({ data: { name: "a", files: { create: [{}] } }, include: { files: true, _count: { select: { files: true } } } })'), []);
    assert.deepEqual(read('prisma.folder.create({ data: { name: "a", files: { connect: [{ id: 1 }] } }, include: { files: true } })'), ['files']);
    assert.deepEqual(read('prisma.folder.create({ data: { ownerId: 1 }, include: { owner: true } })'), ['users']);
    assert.deepEqual(read('prisma.folder.update({ where: { id: 1 }, data, include: { files: true } })').includes('files'), true);
  });

  it('rows whose parent is gone altogether are removed on purpose', () => {
    const onPurpose = (text: string): boolean[] => queriesInText(text, '/a.sql', catalog).analyses.flatMap(({ statement, deletes }) => deletes.map((fact) => isRemovalOnPurpose(fact, statement)));
    assert.deepEqual(onPurpose('DELETE FROM files WHERE folder_id NOT IN (SELECT id FROM folders)'), [true]);
    assert.deepEqual(onPurpose('DELETE FROM files f WHERE NOT EXISTS (SELECT 1 FROM folders o WHERE o.id = f.folder_id)'), [true]);
    assert.deepEqual(onPurpose("DELETE FROM files WHERE folder_id NOT IN (SELECT id FROM folders WHERE name = 'x')"), [false]);
    assert.deepEqual(onPurpose('DELETE FROM files WHERE folder_id = $1'), [false]);
  });
});
