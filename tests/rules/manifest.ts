/** The manifest of the rules' tests and of the examples on their pages: one table for each form that a tombstone takes. */
import type { Manifest } from '../../lib/manifest/types.js';

export const manifest: Manifest = {
  tables: {
    users: { deletion: 'soft', unique: [['email']], models: ['User'], retention: '30 days' },
    orders: 'soft',
    invoices: { deletion: 'soft', retention: '7 years', audit: 'invoice_audit' },
    /** Deleted with a key of several columns, and made again. */
    members: { deletion: 'soft', key: ['team_id', 'user_id'] },
    /** A flag. */
    accounts: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } },
    products: { deletion: 'soft', tombstone: { column: 'deleted', live: 0 } },
    /** A deletion that is planned: future times are live. */
    offers: { deletion: 'soft', tombstone: { column: 'deleted_at', scheduled: true } },
    /** Two tombstones. */
    documents: { deletion: 'soft', tombstone: ['deleted_at', 'archived_at'] },
    /** A flag and the time beside it. */
    projects: { deletion: 'soft', tombstone: [{ column: 'is_deleted', live: false }, 'deleted_at'] },
    /** A status. */
    tickets: { deletion: 'soft', tombstone: { column: 'status', dead: ['deleted'] } },
    /** A sentinel. */
    contracts: { deletion: 'soft', tombstone: { column: 'deleted_at', live: '9999-12-31' } },
    /** Names that have to be quoted. */
    blogPosts: { deletion: 'soft', tombstone: 'deletedAt', models: ['BlogPost'] },
    'billing.payments': 'soft',
    /** A live row may name its deleted author. */
    authors: { deletion: 'soft', attribution: true },
    /** The library filters by itself. */
    posts: { deletion: 'soft', models: ['Post'], autoFilter: true, relations: { comments: { table: 'comments', many: true } } },
    comments: { deletion: 'soft', models: ['Comment'], autoFilter: true },
    /** Rows that go with others. */
    boards: { deletion: 'soft', cascadesTo: ['cards'] },
    cards: 'soft',
    /** Called by another name. */
    folders: { deletion: 'soft', tombstone: 'archived_at' },
    /** The history of another table. */
    invoice_audit: { deletion: 'hard', why: 'kept for the auditor' },
    sessions: { deletion: 'hard', why: 'session' },
    events: { deletion: 'hard', why: 'log' },
  },
  views: { live_users: 'live', all_users: 'all' },
  reads: { '**/trash/**': 'all', '**/migrations/**': 'once' },
};
