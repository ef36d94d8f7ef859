/** The contract between the finder of calls and the reader of one library: a chain of calls in, statements of the model out. */
import type { Query, Range, Remedies } from '../model/query.js';
import type { Node } from '../source/ast.js';
import type { Chain } from '../source/values.js';
import type { Session } from './session.js';

/** A library whose calls are read. One file of this folder each; `index.ts` lists them. */
export interface OrmLibrary {
  /** As messages and the manifest's `autoFilter` and `guards` call it. */
  readonly name: string;
  /** How code spells columns where the file does not show it: as properties (`deletedAt`, the default) or as in the database. */
  readonly spelling?: Spelling | ((text: string) => Spelling);
  /** Could a file of this text hold calls of the library? One cheap look, before anything else is done. */
  mayHold(text: string): boolean;
  /** Members one of which every statement of the library has; chains without any of them are not looked at. */
  readonly verbs: ReadonlySet<string>;
  /** Calls that give a builder, from which further calls go on; default: each of `verbs`. What only a promise of rows comes from is not followed. */
  readonly builders?: RegExp;
  /** Looks itself at what a builder was handed to (`Step.handed`); else a statement whose builder was handed away is partial. */
  readonly seesHanded?: boolean;
  /** The statements that a chain makes, none where it is not one of this library. May throw: the call is counted as unread. */
  read(call: Call, session: Session): readonly OrmStatement[];
  /** The statements that parts of calls make which the file hands to others (`const include: Prisma.PostInclude = { .. }`). */
  parts?(session: Session): readonly { readonly node: Node; readonly statements: readonly OrmStatement[] }[];
}

/** As properties (`deletedAt`) or as in the database. */
export type Spelling = 'property' | 'column';

/** A chain where it ends: the outermost call, or a variable that holds a query and is awaited, returned or handed on. */
export interface Call {
  readonly chain: Chain;
  readonly node: Node;
  /** How the value leaves the place where the chain ends. */
  readonly use: CallUse;
}

/**
 * `executed`: awaited, returned by an async function, iterated, an item of `Promise.all([..])`; `statement`: the call is a statement of its own;
 * `returned`: returned by a function that is not async; `argument`: handed to a function that cannot be seen; `kept`: stored where it cannot be followed.
 */
export type CallUse = 'executed' | 'statement' | 'returned' | 'argument' | 'kept';

/** What a call says to the database. */
export interface OrmStatement {
  readonly root: Query;
  /** The words of the statement; default: the call's. */
  readonly range?: Range;
  /** Other code may add conditions: a builder that leaves the file unexecuted. */
  readonly partial?: boolean;
  readonly remedies?: Remedies;
}
