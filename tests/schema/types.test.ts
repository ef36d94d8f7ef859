import assert from 'node:assert/strict';
import { declared, table, wordsAt, type Files } from './support.js';

describe('Interfaces that describe a database', () => {
  const files: Files = {
    'db.ts': `
      import type { ColumnType, Generated } from 'kysely';
      import { Users as PeopleTable } from './users';
      export type Timestamp = ColumnType<Date, Date | string, Date | string>;
      interface Base { id: Generated<string>; deletedAt: Timestamp | null }
      export interface Pages extends Base { title: string | null; n: Generated<number>; gone?: boolean; meta: Record<string, unknown> }
      export interface DB { pages: Pages; 'auth.users': PeopleTable; empty: string }
      export interface Options { name: string; deletedAt: Date }`,
    'users.ts': `export type Users = { id: number } & { is_deleted: boolean; kind: 'a' | 'b' | null };`,
  };

  it('of Kysely give tables with columns', () => {
    const pages = table(files, 'pages'), users = table(files, 'users');
    assert.deepEqual(pages.columns.map(({ name, type, nullable, hasDefault }) => [name, type, nullable, hasDefault]), [
      ['id', 'text', false, true], ['deletedAt', 'timestamp', true, false], ['title', 'text', true, false], ['n', 'integer', false, true], ['gone', 'boolean', true, false], ['meta', 'unknown', false, false],
    ]);
    assert.deepEqual([users.schema, users.columns.map(({ name, type, nullable }) => [name, type, nullable])], ['auth', [['id', 'integer', false], ['is_deleted', 'boolean', false], ['kind', 'text', true]]]);
    assert.deepEqual(declared(files).map(({ name }) => name), ['pages', 'users']);
    assert.equal(wordsAt(files['db.ts']!, pages.range), 'pages');
  });

  it('of Supabase give tables, keys and what is embedded', () => {
    const text = `
      export type Json = string | number | null;
      export type Database = {
        public: {
          Tables: {
            posts: {
              Row: { id: number; author_id: string | null; deleted_at: string | null; is_deleted: boolean };
              Insert: { id?: number; author_id?: string | null; deleted_at?: string | null; is_deleted?: boolean };
              Update: { id?: number };
              Relationships: [{ foreignKeyName: "posts_author_id_fkey"; columns: ["author_id"]; isOneToOne: false; referencedRelation: "users"; referencedColumns: ["id"] }];
            };
            users: { Row: { id: string; deleted_at: string | null }; Insert: { id: string }; Update: {}; Relationships: [] };
          };
          Views: { live_users: { Row: { id: string } } };
        };
        app: { Tables: { notes: { Row: { id: number } } } };
      };`;
    const found = declared({ 'database.types.ts': text });
    assert.deepEqual(found.map(({ kind, schema, name }) => [kind, schema, name]), [['create', 'public', 'posts'], ['alter', 'public', 'users'], ['create', 'public', 'users'], ['create', 'app', 'notes']]);
    assert.deepEqual(found[0]!.columns.map(({ name, type, nullable, hasDefault }) => [name, type, nullable, hasDefault]), [
      ['id', 'integer', false, true], ['author_id', 'text', true, false], ['deleted_at', 'timestamp', true, false], ['is_deleted', 'boolean', false, true],
    ]);
    assert.deepEqual(found[0]!.foreignKeys!.map(({ columns, target, references }) => [columns, target.table, references]), [[['author_id'], 'users', ['id']]]);
    assert.deepEqual(found[0]!.relations!.map(({ property, many, on }) => [property, many, on]), [['users', false, { author_id: 'id' }], ['author_id', false, { author_id: 'id' }]]);
    assert.deepEqual(found[1]!.relations!.map(({ property, many, on }) => [property, many, on]), [['posts', true, { id: 'author_id' }]]);
  });

  it('are no other types', () => {
    assert.deepEqual(declared({ 'a.ts': `import { Kysely } from 'kysely'; export interface Props { users: { id: number } } export type DB = string; interface Database { a: DB }` }), []);
  });
});
