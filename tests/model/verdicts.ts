/** Helpers: the analysis of a SQL text against a small manifest, printed for comparison. */
import { compile } from '../../lib/manifest/index.js';
import type { Catalog, Dialect } from '../../lib/manifest/catalog.js';
import type { Manifest } from '../../lib/manifest/types.js';
import { analyse } from '../../lib/model/analyse.js';
import type { Analysis } from '../../lib/model/analysis.js';
import { readSql } from '../../lib/sql/read.js';
import { plainText } from '../../lib/sql/sql-text.js';

export const manifest: Manifest = {
  tables: {
    users: { deletion: 'soft', unique: [['email']], models: ['User'], retention: '30 days' },
    orders: 'soft',
    items: { deletion: 'soft', key: ['order_id', 'line'] },
    teams: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } },
    posts: { deletion: 'soft', tombstone: { column: 'deleted', live: 0 } },
    plans: { deletion: 'soft', tombstone: { column: 'deleted_at', live: 'infinity' } },
    offers: { deletion: 'soft', tombstone: { column: 'deleted_at', scheduled: true } },
    docs: { deletion: 'soft', tombstone: ['deleted_at', { column: 'is_purged', live: false }] },
    cards: { deletion: 'soft', tombstone: { column: 'status', dead: ['deleted', 'purged'] } },
    tags: { deletion: 'hard', why: 'labels' },
  },
  views: { active_users: 'live' },
};

export const catalog: Catalog = compile(manifest);

/** Analyses every statement of a text. */
export function analyses(sql: string, dialect: Dialect = 'postgresql', of: Catalog = catalog): Analysis[] {
  const reading = readSql(plainText(sql), { dialect, library: 'sql', mentions: (text) => of.mentions(text) });
  if (reading.unread.length > 0) throw new Error(`unread: ${reading.unread[0]!.reason} in ${sql}`);
  return reading.statements.map((statement) => analyse(statement, of));
}

/** `u:live o:all(or)`: every reading reference by alias or name, in the order of the text, with its verdict and flaw. */
export function verdicts(sql: string, dialect: Dialect = 'postgresql'): string {
  return analyses(sql, dialect).flatMap((analysis) => [...analysis.reads])
    .sort((a, b) => a.ref.range[0] - b.ref.range[0])
    .map(({ ref, verdict }) => `${ref.alias ?? ref.name}:${verdict.state}${verdict.flaw ? `(${verdict.flaw.kind})` : ''}`).join(' ');
}

/** `u:main o:join`: every reading reference with its role; `!` marks a prominent parent. */
export function roles(sql: string, dialect: Dialect = 'postgresql'): string {
  return analyses(sql, dialect).flatMap((analysis) => [...analysis.reads])
    .sort((a, b) => a.ref.range[0] - b.ref.range[0])
    .map(({ ref, role, prominent }) => `${ref.alias ?? ref.name}:${role}${prominent ? '!' : ''}`).join(' ');
}
