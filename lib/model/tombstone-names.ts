/** Names of columns that say "this row is deleted". */
import { fold } from '../manifest/catalog.js';
import type { ColumnDeclaration } from './schema.js';

/** Folded names of flags. As integers some of them could be counts. */
const FLAGS = new Set(['deleted', 'removed', 'trashed', 'softdeleted']);
const SURE_FLAGS = /^(?:is|was|has(?:been)?)(?:soft)?(?:deleted|removed|trashed|delete)$|^(?:deleted?|del|removed)flag$|^flag(?:deleted|removed)$|^softdeletedflag$/u;

/** Is this column a flag that says that a row is deleted? */
export function isTombstoneFlag({ name, type }: Pick<ColumnDeclaration, 'name' | 'type'>): boolean {
  const folded = fold(name);
  if (type === 'boolean') return FLAGS.has(folded) || SURE_FLAGS.test(folded);
  return type === 'integer' && SURE_FLAGS.test(folded);
}

const MOMENT = /^(?:is)?(?:soft)?(?:deleted|removed|trashed|discarded|erased)(?:at|on|date|dt|time|datetime|timestamp|ts|utc)(?:m|ms|utc)?$|^(?:soft)?(?:delete|deletion)(?:at|date|time|datetime|timestamp|ts)(?:ms)?$|^(?:date|time|timestamp|ts|dt|when)(?:deleted|removed)$/u;
const OWN_MOMENT = /^(?:soft)?delete(?:d)?|deleted$/u;
const LATER_WORDS = /.(?:deleted|removed)(?:at|on)$/u;
/** What a row holds or points to, and can lose while it lives on. */
const CONTENTS = /^(?:logs?|traces?|data|contents?|payloads?|outputs?|files?|blobs?|media|images?|photos?|avatars?|thumbnails?|attachments?|artifacts?|passwords?|secrets?|cache|index)(?:deleted|removed)(?:at|on)$/u;

/**
 * How surely a column's name says since when its row is deleted: 3 `deleted_at` and its like, 2 other words for it (`removed_at`),
 * 1 names that may speak of another thing (`document_deleted_at`, or `deleted` where it is a moment), 0 none.
 */
export function tombstoneMoment(name: string): 0 | 1 | 2 | 3 {
  const folded = fold(name);
  if (MOMENT.test(folded)) return OWN_MOMENT.test(folded) ? 3 : 2;
  return (LATER_WORDS.test(folded) && !CONTENTS.test(folded)) || FLAGS.has(folded) || SURE_FLAGS.test(folded) ? 1 : 0;
}

const ARCHIVE = /^(?:is|was)?archived(?:at|on|date|time|datetime|timestamp)?$|^archiv(?:ed?|al)(?:date|time|flag)$|^date(?:of)?archived$/u;

/** Does a column's name say that its row is archived: put away by a person who still wants to see it? */
export function isArchiveName(name: string): boolean {
  return ARCHIVE.test(fold(name));
}

const BOTH = /^(?:is|was)?(?:deleted|removed)(?:or)?archived(?:at|on|date)?$|^(?:is|was)?archived(?:or)?(?:deleted|removed)(?:at|on|date)?$/u;

/** Does a column's name speak of deleted and archived rows in one breath (`archived_or_deleted_at`)? */
export function namesArchiveAndDeletion(name: string): boolean {
  return BOTH.test(fold(name));
}

/** Is a table a list of what is deleted or to be deleted (`pending_deletions`, `deleted_files`)? Its flags say what is done. */
export function listsDeletions(table: string): boolean {
  return /^(?:deleted|removed)|(?:deletion|removal|purge|erasure|tombstone)s?(?:queue|job|request|task|log|record)?s?$/u.test(fold(table));
}

/**
 * Is a table kept to tell what was deleted (`deleted_users`, `document_tombstones`, `order_archive`)? Its `deleted_at` says when each row came
 * into it.
 */
export function recordsDeletions(table: string): boolean {
  return /deleted|deletion|removed|removal|tombstone|trash|graveyard|recyclebin|archive|history|purge|erasure|audit/u.test(fold(table));
}
