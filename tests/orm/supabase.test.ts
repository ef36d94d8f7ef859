/** What the plugin says of Supabase's calls, where, and what its suggestions make of them. */
import assert from 'node:assert/strict';
import type { Manifest } from '../../lib/manifest/index.js';
import { parseSelect } from '../../lib/orm/supabase/select-string.js';
import { sayings } from './said.js';

const MANIFEST: Manifest = {
  tables: {
    users: { deletion: 'soft', unique: [['email']], retention: '30 days' },
    posts: { deletion: 'soft', relations: { author: { table: 'users', on: { author_id: 'id' } }, comments: { table: 'comments', many: true, on: { id: 'post_id' } } } },
    comments: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } },
    documents: { deletion: 'soft', tombstone: ['deleted_at', 'archived_at'] },
    coupons: { deletion: 'soft', tombstone: { column: 'deleted_at', scheduled: true } },
    orders: { deletion: 'soft', tombstone: { column: 'status', live: 'open', dead: ['deleted', 'void'] } },
    tags: 'hard',
  },
  guards: [{ kind: 'chain', name: 'onlyLive' }],
};

const { lint, says, mends } = sayings(MANIFEST);
const supabase = "import { supabase } from './supabase';\n";
const from = (code: string): string => supabase + code;

describe('Supabase', () => {
  describe('receivers', () => says([
    [from("const { data } = await supabase.from('users').select('id');"), "require-live-filter: 'users'"],
    [from("const { data } = await (await createClient()).from('users').select('id');"), "require-live-filter: 'users'"],
    ["class R { constructor(private readonly supabase: SupabaseClient) {} async all() { return this.supabase.from('users').select('id'); } }", "require-live-filter: 'users'"],
    ["const { data } = await client.from('users').select('id').eq('role', role);", "require-live-filter: 'users'"],
    [from("const { data } = await supabase.schema('public').from('users').select('id');"), "require-live-filter: 'users'"],
    [from("const { data } = await supabase.from(table).select('id');")],
    [from("const { data } = await supabase.from('tags').select('id');")],
    [from("const { data } = await supabase.from(archived ? 'tags' : 'users').select('id');"), "require-live-filter: archived ? 'tags' : 'users'"],
    [from("const { data } = await supabase.from(archived ? 'posts' : 'users').select('id').is('deleted_at', null);")],
    [from("const chars = Array.from('users'); const bytes = Buffer.from('users');")],
    [from("const { data } = await supabase.storage.from('users').list();")],
    [from("await supabase.from('users').insert({ name });")],
    [from("const { data } = await supabase.rpc('list_users');")],
    [from("await supabase.storage.from('users').update(path, file);")],
    ["import knex from 'knex'; await knex.from('users').select('id').where('id', id);", "require-live-lookup: 'users'"],
    ["import { db } from './supabase'; await db.selectFrom('users').select('id').where('deleted_at', 'is', null).execute();"],
    [from("const users = supabase.from('users'); const { data } = await users.select('id');"), "require-live-filter: 'users'"],
  ]));

  describe('builders that the file does not send', () => says([
    [from("export const users = () => supabase.from('users').select('id');")],
    [from("export const user = (id: string) => supabase.from('users').select('id').eq('id', id).single();"), "require-live-lookup: 'users'"],
    [from("const query = supabase.from('users').select('id'); apply(query);")],
    [from("useSWR({ queryFn: () => supabase.from('users').select('id') });"), "require-live-filter: 'users'"],
    [from("const { data } = useQuery(supabase.from('users').select('id'));"), "require-live-filter: 'users'"],
    [from("supabase.from('users').select('id').then(({ data }) => show(data));"), "require-live-filter: 'users'"],
    [from("const [users, posts] = await Promise.all([supabase.from('users').select('id'), supabase.from('posts').select('id').is('deleted_at', null)]);"), "require-live-filter: 'users'"],
  ]));

  describe('conditions of the program', () => says([
    [from("let query = supabase.from('users').select('id'); if (live) query = query.is('deleted_at', null); const { data } = await query;")],
    [from("let query = supabase.from('users').select('id').is('deleted_at', null); if (role) query = query.eq('role', role); const { data } = await query;")],
    [from("let query = supabase.from('users').select('id'); if (role) query = query.eq('role', role); const { data } = await query;"), "require-live-filter: 'users'"],
    [from("const query = supabase.from('users').select('id'); if (live) query.is('deleted_at', null); const { data } = await query;")],
    [from("const query = supabase.from('users').select('id'); query.is('deleted_at', null); const { data } = await query;")],
    [from("const { data } = await supabase.from('users').select('id').or(filter);")],
    [from("const { data } = await supabase.from('users').select('id').match(filter);")],
    [from("const { data } = await supabase.from('users').select('id').onlyLive();")],
  ]));

  describe('look-ups', () => says([
    [from("const { data: user } = await supabase.from('users').select('*').eq('id', id).single();"), "require-live-lookup: 'users'"],
    [from("const { data: user } = await supabase.from('users').select('*').eq('email', email).maybeSingle(); if (!user || user.deleted_at) throw new Error();")],
  ]));

  describe('embedded resources', () => says([
    [from("const { data } = await supabase.from('posts').select('id, comments(id)').is('deleted_at', null);"), 'require-live-join: comments'],
    [from("const { data } = await supabase.from('posts').select('id, comments(id)').is('deleted_at', null).eq('comments.is_deleted', false);")],
    [from("const { data } = await supabase.from('posts').select('id, author(id)').is('deleted_at', null);"), 'require-live-parent: author'],
    [from("const { data } = await supabase.from('posts').select('id, writer:author_id(id)').is('deleted_at', null);"), 'require-live-parent: author_id'],
    [from("const { data } = await supabase.from('users').select('id, posts!posts_author_id_fkey(id)').is('deleted_at', null);"), 'require-live-join: posts'],
    [from("const { data } = await supabase.from('posts').select('id, comments(count)').is('deleted_at', null);"), 'no-unfiltered-aggregate: comments'],
    [from("const { data } = await supabase.from('tags').select(`\n  id,\n  posts (\n    id,\n    comments (id)\n  )\n`).is('posts.deleted_at', null);"), 'require-live-join: comments'],
    [from("const { data } = await supabase.from('posts').select(`id, ${more}`).is('deleted_at', null);")],
  ]));

  describe('aggregates and writes', () => says([
    [from("const { count } = await supabase.from('users').select('*', { count: 'exact', head: true });"), "no-unfiltered-aggregate: 'users'"],
    [from("const { data } = await supabase.from('users').select('role, id.count()');"), "no-unfiltered-aggregate: 'users'"],
    [from("await supabase.from('users').delete().eq('id', id);"), "no-hard-delete: 'users'"],
    [from("await supabase.from('users').update({ name }).eq('role', role);"), "require-live-update: 'users'"],
    [from("await supabase.from('users').update({ deleted_at: new Date().toISOString() }).eq('id', id);"), "no-restamp: 'users'"],
    [from("await supabase.from('users').upsert({ email, name }, { onConflict: 'email' });"), "no-tombstone-upsert: upsert({ email, name }, { onConflict: 'email' })"],
  ]));

  describe('predicates that cannot work', () => says([
    [from("const { data } = await supabase.from('users').select('id').eq('deleted_at', null);"), "valid-tombstone-predicate: eq('deleted_at', null)"],
    [from("const { data } = await supabase.from('users').select('id').match({ role, deleted_at: null });"), 'valid-tombstone-predicate: deleted_at: null'],
    [from("const { data } = await supabase.from('users').select('id').or('deleted_at.is.null,role.eq.admin');"), "require-live-filter: 'users'"],
  ]));

  describe('comments', () => says([
    [from("// includes-deleted: the export is complete\nconst { data } = await supabase.from('users').select('id');")],
  ]));

  describe('suggestions', () => mends([
    [from("const { data } = await supabase.from('users').select('id');"), from("const { data } = await supabase.from('users').select('id').is('deleted_at', null);")],
    [from('const { data } = await supabase.from("users").select("id").order("id");'), from('const { data } = await supabase.from("users").select("id").is("deleted_at", null).order("id");')],
    [from("const { data } = await supabase\n  .from('users')\n  .select('id')\n  .eq('role', role)\n  .limit(3);"), from("const { data } = await supabase\n  .from('users')\n  .select('id')\n  .eq('role', role)\n  .is('deleted_at', null)\n  .limit(3);")],
    [from("const { data } = await supabase.from('comments').select('id');"), from("const { data } = await supabase.from('comments').select('id').eq('is_deleted', false);")],
    [from("const { data } = await supabase.from('documents').select('id').is('archived_at', null);"), from("const { data } = await supabase.from('documents').select('id').is('archived_at', null).is('deleted_at', null);")],
    [from("const { data } = await supabase.from('coupons').select('id');"), from("const { data } = await supabase.from('coupons').select('id').or(`deleted_at.is.null,deleted_at.gt.${new Date().toISOString()}`);")],
    [from("const { data } = await supabase.from('orders').select('id');"), from("const { data } = await supabase.from('orders').select('id').not('status', 'in', '(deleted,void)');")],
    [from("const { data } = await supabase.from('posts').select('id, comments(id)').is('deleted_at', null);"), from("const { data } = await supabase.from('posts').select('id, comments(id)').is('deleted_at', null).eq('comments.is_deleted', false);")],
    [from("const { data } = await supabase.from('tags').select('id, articles:posts(id)');"), from("const { data } = await supabase.from('tags').select('id, articles:posts(id)').is('articles.deleted_at', null);")],
    [from("const { count } = await supabase.from('users').select('*', { count: 'exact', head: true });"), from("const { count } = await supabase.from('users').select('*', { count: 'exact', head: true }).is('deleted_at', null);")],
    [from("await supabase.from('users').delete().eq('id', id);"), from("await supabase.from('users').update({ deleted_at: new Date().toISOString() }).eq('id', id).is('deleted_at', null);")],
    [from("await supabase.from('users').delete();"), from("await supabase.from('users').update({ deleted_at: new Date().toISOString() }).is('deleted_at', null);")],
    [from("await supabase.from('users').delete().not('deleted_at', 'is', null);"), from("await supabase.from('users').delete().not('deleted_at', 'is', null).lt('deleted_at', new Date(Date.now() - 30 * 24 * 60 * 60 * 1000).toISOString());")],
    [from("await supabase.from('users').update({ name }).eq('role', role).select();"), from("await supabase.from('users').update({ name }).eq('role', role).select().is('deleted_at', null);")],
    [from("const { data } = await supabase.from('users').select('id').eq('deleted_at', null);"), from("const { data } = await supabase.from('users').select('id').is('deleted_at', null);")],
    [from("const { data } = await supabase.from('users').select('id').neq('deleted_at', null);"), from("const { data } = await supabase.from('users').select('id').not('deleted_at', 'is', null);")],
    [from("const { data } = await supabase.from('users').select('id').filter('deleted_at', 'eq', null);"), from("const { data } = await supabase.from('users').select('id').filter('deleted_at', 'is', null);")],
    [from("await supabase.from('users').upsert({ email, name }, { onConflict: 'email' });"), from("await supabase.from('users').upsert({ email, name, deleted_at: null }, { onConflict: 'email' });")],
  ]));

  describe('suggestions where there is no safe edit', () => {
    it('a text of conditions in match', () => { assert.deepEqual(lint(from("const { data } = await supabase.from('users').select('id').match({ deleted_at: null });")).flatMap(({ outputs }) => outputs), []); });
  });

  describe('select strings', () => {
    const cases: readonly (readonly [text: string, fields: unknown])[] = [
      ['*', [{ type: 'star' }]],
      ['id, name', [{ type: 'column', name: 'id', alias: null, aggregate: null }, { type: 'column', name: 'name', alias: null, aggregate: null }]],
      ['n:name::text', [{ type: 'column', name: 'name', alias: 'n', aggregate: null }]],
      ['data->a->>b', [{ type: 'column', name: 'data', alias: null, aggregate: null }]],
      ['total:amount.sum()::int', [{ type: 'column', name: 'amount', alias: 'total', aggregate: 'sum' }]],
      ['count()', [{ type: 'column', name: 'count', alias: null, aggregate: 'count' }]],
      ['"odd name"', [{ type: 'column', name: 'odd name', alias: null, aggregate: null }]],
      ['author : users !fk !inner ( id )', [{ type: 'embed', name: 'users', alias: 'author', hints: ['fk'], inner: true, fields: [{ type: 'column', name: 'id', alias: null, aggregate: null }], start: 9, end: 14 }]],
      ['posts(comments())', [{ type: 'embed', name: 'posts', alias: null, hints: [], inner: false, start: 0, end: 5, fields: [{ type: 'embed', name: 'comments', alias: null, hints: [], inner: false, fields: [], start: 6, end: 14 }] }]],
      ['', []],
      ['posts(', null], ['a b', null], ['posts(id))', null], [',', null],
    ];
    for (const [text, fields] of cases) it(text || 'nothing', () => { assert.deepEqual(parseSelect(text), fields); });
    it('nested beyond all reason', () => { assert.equal(parseSelect('a('.repeat(5000)), null); });
  });
});
