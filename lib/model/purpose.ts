/** What a statement is for, as the functions around it say by their names. */
import type { DeleteFact } from './analysis.js';
import type { Expr, Statement } from './query.js';

/** Removes rows for good because somebody asked for it. */
const REMOVES = /(?:hard|super|force)_?delet|permanent|erase|gdpr|obliterate/iu;
/** Removes rows that are over; which these are its conditions have to say. */
const PURGES = /purge|trash_?clean|(?:clean|empt)\w*trash/iu;
/** A job that ends what a person began, or that removes what nothing refers to. */
const CLEANS_UP = /orphan|(?:delet|remov)\w*(?:processor|job|worker|task|cron)$/iu;
/** Takes back what is kept elsewhere of rows, dead ones too. */
const INVALIDATES = /^_*(?:invalidate|evict|flush)/iu;
/** Says that deleted rows are among what it gives. */
const SHOWS_ALL = /(?:[Ii]nclud(?:ing|es?)|With|And|^with|_(?:with|and))_?(?:[Ss]oft_?)?(?:[Dd]eleted|[Aa]rchived|[Tt]rashed)(?!_?(?:[Bb]y|[Aa]t|[Oo]n|[Ff]ilter|[Cc]heck))\w*$/u;
/** Looks for a text that no row has yet: a dead row may still hold it. */
const MAKES_UNIQUE = /^_*(?:generate|make|create|build|get|find|ensure|next)?_?unique_?(?:slug|handle|code|user_?name|sub_?domain|identifier)$/iu;

/** Takes personal data out of rows, which deleted ones hold as well. */
const ERASES = /anonymi[sz]|pseudonymi[sz]|(?:remov|clear|delet|eras|scrub|redact|wip|purg)\w*(?:PII|_pii|[Pp]ersonal_?(?:[Dd]ata|[Ii]nfo))|(?:^|_)pii_?(?:remov|delet|clean|eras)|PII(?:Remov|Delet|Clean|Eras)/u;

/** Counts what was used of an allowance: what was made in a period counts, whether it is still there or not. */
const COUNTS_USAGE = /[Qq]uota|[Ll]imits?(?:$|[_A-Z])|[Uu]sage|[Aa]llowance|[Bb]illing|[Bb]illable|[Tt]hrottl/u;

/** What makes a row, by the last part of its name: `prisma.user.create`, `insertInto`. */
const MAKES = /(?:^|\.)(?:create|insert|add|save|duplicate|copy|clone|import|upload)\w*$/iu;

/**
 * Is a DELETE meant to remove rows for good, whether they are dead or not? `permanentlyDeleteTeam(id)` is; `purgeTokens()` is where the rows are
 * named by a value that it is given, and not where it goes by age alone: that one has to spare the live. What a function makes it may take
 * back where it fails.
 */
export function isRemovalOnPurpose({ write, verdict, isAsked, byKey }: DeleteFact, { unit, afterFailure = false }: Pick<Statement, 'unit' | 'afterFailure'>): boolean {
  const says = (words: RegExp): boolean => unit?.names.some((name) => words.test(name)) ?? false;
  if (verdict.state === 'live') return false;
  if (write.type === 'delete' && write.where && isOrphaned(write.where)) return true;
  return says(REMOVES) || says(CLEANS_UP) || (isAsked && says(PURGES)) || (afterFailure && byKey && (unit?.calls().some((name) => MAKES.test(name)) ?? false));
}

/** `team_id NOT IN (SELECT id FROM teams)`, `NOT EXISTS (SELECT 1 FROM teams t WHERE t.id = team_id)`: rows whose parent is gone altogether. */
function isOrphaned(where: Expr): boolean {
  switch (where.type) {
    case 'and': return where.operands.some(isOrphaned);
    case 'in': return where.negated && where.query?.type === 'select' && where.query.where === null && where.query.opaqueFilters.length === 0;
    case 'not': return where.operand.type === 'exists' && where.operand.query.type === 'select' && where.operand.query.where?.type === 'comparison' && where.operand.query.where.operator === '=';
    default: return false;
  }
}

/** Does a statement stand in a function about quotas and limits? What it counts since the period began is what was used. */
export function countsUsage({ unit }: Pick<Statement, 'unit'>): boolean {
  return unit?.names.some((name) => COUNTS_USAGE.test(name)) ?? false;
}

/** Does a statement read in order to remove rows for good, or what is kept elsewhere of them, to show deleted ones, or to find a text that is free? It has to see tombstones. */
export function seesAllOnPurpose({ unit }: Pick<Statement, 'unit'>): boolean {
  return unit?.names.some((name) => [REMOVES, PURGES, INVALIDATES, SHOWS_ALL, MAKES_UNIQUE, ERASES].some((words) => words.test(name))) ?? false;
}
