import assert from 'node:assert/strict';
import type { Query } from '../lib/define-query-visitor.js';
import { duration, liveCondition, reviving, tableName, words, type Subject } from '../lib/describe.js';
import { compile } from '../lib/manifest/index.js';
import type { Dialect, Manifest } from '../lib/manifest/types.js';
import type { Expr, Join, TableRef } from '../lib/model/query.js';

const manifest: Manifest = {
  tables: {
    users: 'soft',
    documents: { deletion: 'soft', tombstone: ['deleted_at', 'archived_at', { column: 'is_purged', live: false }] },
    accounts: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } },
    products: { deletion: 'soft', tombstone: { column: 'deleted', live: 0 } },
    offers: { deletion: 'soft', tombstone: { column: 'deleted_at', scheduled: true } },
    plans: { deletion: 'soft', tombstone: { column: 'deleted_at', live: 'infinity', scheduled: true } },
    tickets: { deletion: 'soft', tombstone: { column: 'status', dead: ['deleted', "it's gone"] } },
    blogPosts: { deletion: 'soft', tombstone: 'deletedAt' },
    people: { deletion: 'soft', tombstone: 'removed_on', columns: { removal: 'removed_on' } },
    'billing.payments': 'soft',
  },
};

function ref(name: string, alias: string | null = null, more: Partial<TableRef> = {}): TableRef {
  return { type: 'table', name, schema: null, alias, columns: null, range: [0, 1], autoFilter: 'none', via: 'from', ...more };
}

/** The parts of a query that words look at. */
function query({ calls = false, dialect = 'postgresql' }: { calls?: boolean; dialect?: Dialect } = {}): Query {
  return { catalog: compile({ ...manifest, dialect }), statement: calls ? { calls, spelling: (names: readonly string[]) => names.find((name) => /[A-Z]/.test(name)) ?? names[0] } : {} } as unknown as Query;
}

function subject(of: Query, table: string, more: Partial<Subject> = {}): Subject {
  const facts = of.catalog.table(table)!;
  return { ref: ref(table, 't'), table: facts, verdict: { state: 'all', flaw: null }, missing: facts.tombstones, ...more };
}

const filter = {} as Expr, join = {} as Join;

describe('words of messages', () => {
  for (const [table, dialect, condition] of [
    ['users', 'postgresql', 't.deleted_at IS NULL'],
    ['accounts', 'postgresql', 't.is_deleted = FALSE'],
    ['accounts', 'mysql', 't.is_deleted = 0'],
    ['accounts', 'sqlite', 't.is_deleted = 0'],
    ['accounts', 'bigquery', 't.is_deleted = FALSE'],
    ['products', 'postgresql', 't.deleted = 0'],
    ['offers', 'postgresql', '(t.deleted_at IS NULL OR t.deleted_at > now())'],
    ['plans', 'postgresql', 't.deleted_at > now()'],
    ['tickets', 'postgresql', "t.status NOT IN ('deleted', 'it''s gone')"],
    ['blogPosts', 'postgresql', 't."deletedAt" IS NULL'],
    ['blogPosts', 'mysql', 't.deletedAt IS NULL'],
  ] as const) {
    it(`${table} in ${dialect}: ${condition}`, () => {
      const of = query({ dialect });
      assert.equal(liveCondition(of, of.catalog.table(table)!.tombstones[0]!, ref(table, 't')), condition);
    });
  }

  for (const [name, of, more, remedy] of [
    ['WHERE', query(), {}, "Add 't.deleted_at IS NULL' to the WHERE"],
    ['ON', query(), { place: 'on' }, "Add 't.deleted_at IS NULL' to the ON of its join"],
    ['a subquery', query(), { place: 'subquery' }, "Join a subquery with 't.deleted_at IS NULL' instead of the table"],
    ['a branch of MERGE', query(), { place: 'when' }, "Add 't.deleted_at IS NULL' to its WHEN"],
    ['an OR', query(), { verdict: { state: 'all', flaw: { kind: 'or', at: filter, filter } } }, "Put 't.deleted_at IS NULL' outside of the OR, which lets them through"],
    ['the ON of an outer join', query(), { verdict: { state: 'all', flaw: { kind: 'outer-on', join, filter } } }, "Move 't.deleted_at IS NULL' to the WHERE: the ON of an outer join keeps these rows"],
    ['a fold', query(), { verdict: { state: 'all', flaw: { kind: 'fold', filter } } }, "Move 't.deleted_at IS NULL' into the subquery: outside it comes too late"],
    ['what cannot be seen', query(), { verdict: { state: 'unknown', flaw: null } }, "Write 't.deleted_at IS NULL' where it can be seen, or give the reason in a comment: 'includes-deleted: ..'"],
    ['a call', query({ calls: true }), {}, "Filter on 'deletedAt'"],
    ['a relation of a call', query({ calls: true }), { ref: ref('users', null, { via: 'include-many' }) }, "Filter the relation on 'deletedAt'"],
    ['a filter that is switched off', query({ calls: true }), { ref: ref('users', null, { autoFilter: 'bypassed' }) }, "Leave the library's own filter on, or filter on 'deletedAt'"],
    ['an OR of a call', query({ calls: true }), { verdict: { state: 'all', flaw: { kind: 'or', at: filter, filter } } }, "Filter on 'deletedAt' outside of the OR, which lets them through"],
    ['a fold of calls', query({ calls: true }), { verdict: { state: 'all', flaw: { kind: 'fold', filter } } }, "Filter on 'deletedAt' in the subquery: outside it comes too late"],
    ['an outer join of calls', query({ calls: true }), { verdict: { state: 'all', flaw: { kind: 'outer-on', join, filter } } }, "Filter on 'deletedAt' after the join: the condition of an outer join keeps these rows"],
    ['a call that cannot be seen', query({ calls: true }), { verdict: { state: 'unknown', flaw: null } }, "Filter on 'deletedAt' where it can be seen, or give the reason in a comment: 'includes-deleted: ..'"],
  ] as const satisfies readonly (readonly [string, Query, Partial<Subject>, string])[]) {
    it(`remedy for ${name}`, () => { assert.equal(words(of, subject(of, 'users', more)).remedy, remedy); });
  }

  it('name several tombstones, and only those that are missing', () => {
    const of = query(), { tombstones } = of.catalog.table('documents')!;
    assert.equal(words(of, subject(of, 'documents')).column, "'deleted_at', 'archived_at' and 'is_purged'");
    assert.equal(words(of, subject(of, 'documents', { missing: tombstones.slice(1) })).filter, "'t.archived_at IS NULL AND t.is_purged = FALSE'");
  });

  it('call a tombstone by its property in calls', () => {
    const of = query({ calls: true });
    assert.equal(words(of, subject(of, 'people')).column, "'removal'");
    assert.equal(words(of, subject(of, 'accounts')).column, "'isDeleted'");
  });

  it('say what may be', () => {
    const of = query();
    assert.equal(words(of, subject(of, 'users')).are, 'are');
    assert.equal(words(of, subject(of, 'users', { verdict: { state: 'unknown', flaw: null } })).are, 'may be');
  });

  it('name a table as the manifest does, with the alias that says something', () => {
    const { catalog } = query();
    assert.equal(tableName(catalog.table('payments')!, ref('payments', 'p')), "'billing.payments' (p)");
    assert.equal(tableName(catalog.table('blogPosts')!, ref('blog_posts', 'BlogPosts')), "'blogPosts'");
    assert.equal(tableName(catalog.table('users')!, ref('users')), "'users'");
  });

  it('revive by what a live row holds', () => {
    const revival = (table: string, of = query()): string => reviving(of, of.catalog.table(table)!, of.catalog.table(table)!.tombstones[0]!);
    assert.equal(revival('users'), "'deleted_at = NULL'");
    assert.equal(revival('accounts'), "'is_deleted = FALSE'");
    assert.equal(revival('plans'), "`deleted_at = 'infinity'`");
    assert.equal(revival('tickets'), "'status' to a live value");
    assert.equal(revival('users', query({ calls: true })), "'deletedAt' to null");
  });

  it('say durations as a person does', () => {
    assert.deepEqual([0, 1, 30, 365, 2555, 400].map(duration), ['0 days', '1 day', '30 days', '1 year', '7 years', '400 days']);
  });
});
