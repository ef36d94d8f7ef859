// Written by `npm run rules-index` from the files beside it.
import addTombstoneComplete from './add-tombstone-complete.js';
import auditAppendOnly from './audit-append-only.js';
import cascadeSoftDelete from './cascade-soft-delete.js';
import explicitForeignKeyAction from './explicit-foreign-key-action.js';
import indexLiveOnly from './index-live-only.js';
import noBooleanFlag from './no-boolean-flag.js';
import noDualTombstone from './no-dual-tombstone.js';
import noFilterBypass from './no-filter-bypass.js';
import noHardDelete from './no-hard-delete.js';
import noRestamp from './no-restamp.js';
import noTombstoneLoss from './no-tombstone-loss.js';
import noTombstoneOnEphemeral from './no-tombstone-on-ephemeral.js';
import noTombstoneUpsert from './no-tombstone-upsert.js';
import noUnfilteredAggregate from './no-unfiltered-aggregate.js';
import outerJoinFilterInOn from './outer-join-filter-in-on.js';
import requireDeletionPolicy from './require-deletion-policy.js';
import requireLiveFilter from './require-live-filter.js';
import requireLiveJoin from './require-live-join.js';
import requireLiveLookup from './require-live-lookup.js';
import requireLiveParent from './require-live-parent.js';
import requireLiveSubquery from './require-live-subquery.js';
import requireLiveUpdate from './require-live-update.js';
import requirePurgeAge from './require-purge-age.js';
import requireRetention from './require-retention.js';
import tombstoneName from './tombstone-name.js';
import tombstoneType from './tombstone-type.js';
import uniqueLiveOnly from './unique-live-only.js';
import validIncludesDeleted from './valid-includes-deleted.js';
import validTombstonePredicate from './valid-tombstone-predicate.js';

export const rules = {
  'add-tombstone-complete': addTombstoneComplete,
  'audit-append-only': auditAppendOnly,
  'cascade-soft-delete': cascadeSoftDelete,
  'explicit-foreign-key-action': explicitForeignKeyAction,
  'index-live-only': indexLiveOnly,
  'no-boolean-flag': noBooleanFlag,
  'no-dual-tombstone': noDualTombstone,
  'no-filter-bypass': noFilterBypass,
  'no-hard-delete': noHardDelete,
  'no-restamp': noRestamp,
  'no-tombstone-loss': noTombstoneLoss,
  'no-tombstone-on-ephemeral': noTombstoneOnEphemeral,
  'no-tombstone-upsert': noTombstoneUpsert,
  'no-unfiltered-aggregate': noUnfilteredAggregate,
  'outer-join-filter-in-on': outerJoinFilterInOn,
  'require-deletion-policy': requireDeletionPolicy,
  'require-live-filter': requireLiveFilter,
  'require-live-join': requireLiveJoin,
  'require-live-lookup': requireLiveLookup,
  'require-live-parent': requireLiveParent,
  'require-live-subquery': requireLiveSubquery,
  'require-live-update': requireLiveUpdate,
  'require-purge-age': requirePurgeAge,
  'require-retention': requireRetention,
  'tombstone-name': tombstoneName,
  'tombstone-type': tombstoneType,
  'unique-live-only': uniqueLiveOnly,
  'valid-includes-deleted': validIncludesDeleted,
  'valid-tombstone-predicate': validTombstonePredicate,
};
