/** Names of columns that say "this row is deleted". */
import { fold } from '../manifest/catalog.js';
import type { ColumnDeclaration } from './schema.js';

/** Folded names of flags. As integers some of them could be counts. */
const FLAGS = new Set(['deleted', 'removed', 'trashed', 'softdeleted']);
const SURE_FLAGS = /^(?:is|was|has(?:been)?)(?:soft)?(?:deleted|removed|trashed|delete)$|^(?:deleted?|del|removed)flag$|^flag(?:deleted|removed)$|^softdeletedflag$/u;

/** Is this column a flag that says that a row is deleted? One that is set from the start says something else. */
export function isTombstoneFlag({ name, type, defaultValue }: Pick<ColumnDeclaration, 'name' | 'type' | 'defaultValue'>): boolean {
  const folded = fold(name);
  if (defaultValue === true || (typeof defaultValue === 'string' && /^true$/iu.test(defaultValue))) return false;
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
  return /deleted|deletion|removed|removal|tombstone|trash|graveyard|recyclebin|archive|history|purge|erasure|audit/u.test(fold(table)) || copiesRows(table);
}

/** Are the rows of a table other rows as they were (`order_snapshots`, `users_audit`)? The moment of their deletion is copied with them. */
export function copiesRows(table: string): boolean {
  return /(?:snapshot|audit(?:log|trail|entry|entries)?)s?$/u.test(fold(table));
}

/** Words of a change beside which a flag says what was done, and not what the row is: `is_new`, `is_modified`, `was_added`. */
const CHANGE = /^(?:is|was|has(?:been)?)(?:new|added|created|inserted|modified|changed|updated|renamed|moved)$/u;
const RECORDS_CHANGES = /(?:version|revision|history|histories|changelog|modlog|diff|lookup|snapshot)s?$/u;
/** What somebody did to something: `mod_remove_post`, `admin_ban_user`. */
const DEED = /^(?:mod|admin|moderator)_(?:add|remove|delete|ban|lock|feature|hide|purge|restore|approve|transfer)(?:_|$)/iu;

/** Does each row say from when to when it held (`valid_from`, `valid_to`)? What is deleted then is told by a row of its own. */
function isVersioned(columns: readonly string[]): boolean {
  return [/^valid(?:from|since)$/u, /^valid(?:to|until|till)$/u].every((name) => columns.some((column) => name.test(fold(column))));
}

/**
 * Do the rows of a table tell of changes to other rows (versions, differences, deeds of moderators), so that a flag among them says what became of
 * the other row?
 * @param columns The names of its columns as far as they are known.
 */
export function tellsOfChanges(table: string, columns: readonly string[]): boolean {
  return RECORDS_CHANGES.test(fold(table)) || isVersioned(columns) || DEED.test(table) || columns.some((column) => CHANGE.test(fold(column)));
}
