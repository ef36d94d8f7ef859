/** From the manifest as it is written to the catalog that the plugin asks. */
import { relative, sep } from 'node:path';
import { fold, type Catalog, type FileReads, type VersionedLibrary, type GuardFacts, type RelationFacts, type TableFacts } from './catalog.js';
import { durationDays } from './durations.js';
import { NameIndex, spellings, splitName, unquote } from './names.js';
import type { TombstoneFact } from '../model/query.js';
import { plural, singular } from '../schema/pluralise.js';
import type { Guard, Manifest, Relation, Table, Tombstone } from './types.js';

const compiled = new WeakMap<Manifest, Map<string | null, Catalog>>();

/**
 * The catalog of a valid manifest (`validate` found no error). The same manifest object gives the same catalog.
 * @param folder Absolute path of the folder that the globs in `reads` are relative to; null: they match at any depth.
 */
export function compile(manifest: Manifest, folder: string | null = null): Catalog {
  const catalogs = compiled.get(manifest) ?? new Map<string | null, Catalog>();
  compiled.set(manifest, catalogs);
  const kept = catalogs.get(folder);
  if (kept) return kept;
  const catalog = new CompiledManifest(manifest, folder);
  catalogs.set(folder, catalog);
  return catalog;
}

class CompiledManifest implements Catalog {
  readonly dialect: Catalog['dialect'];
  readonly tables: readonly TableFacts[];
  readonly guards: readonly GuardFacts[];
  readonly #tables = new NameIndex<TableFacts>();
  readonly #models = new NameIndex<TableFacts>();
  readonly #views = new NameIndex<'live' | 'all'>();
  readonly #mentioned: () => RegExp;
  readonly #concerning: () => RegExp;
  readonly #reads: () => (file: string) => FileReads;
  readonly #versions: Manifest['versions'];

  constructor(manifest: Manifest, folder: string | null) {
    this.dialect = manifest.dialect ?? 'postgresql';
    const declared = Object.entries(manifest.tables).map(([name, table]) => [name, typeof table === 'string' ? { deletion: table } : table] as const);
    const keys = new NameIndex<string>();
    for (const [name] of declared) keys.add(splitName(name), name);
    this.tables = declared.map(([name, table]) => tableFacts(name, withFilters(name, table, manifest.guards ?? []), manifest.tombstone ?? 'deleted_at', (other) => keys.find(other) ?? other));
    for (const table of this.tables) {
      this.#tables.add(table, table);
      for (const name of new Set(table.models.map((model) => fold(splitName(model).name)))) this.#models.add({ schema: null, name }, table);
    }
    const views = Object.entries(manifest.views ?? {});
    for (const [name, shows] of views) this.#views.add(splitName(name), shows);
    this.guards = (manifest.guards ?? []).map(guardFacts);
    // A query that a helper starts names no table where it goes on.
    const sources = this.guards.flatMap((guard) => (guard.kind === 'query-source' ? [guard.name] : []));
    const names = [...sources, ...this.tables.flatMap(({ name, models }) => [name, ...models.map((model) => splitName(model).name)]), ...views.map(([name]) => splitName(name).name)];
    this.#mentioned = once(() => mentionPattern(names));
    this.#concerning = once(() => eitherOf(mentionPattern([...sources, ...views.map(([name]) => splitName(name).name), ...this.concerning()]), beforeNull(this.softKeys())));
    this.#versions = manifest.versions;
    this.#reads = once(() => fileRoles(manifest.reads ?? {}, folder));
  }

  /** The names of soft and audit tables, and of relations that lead to soft rows; in the singular and the plural, as code without declared relations has them. */
  private concerning(): string[] {
    const audits = new Set(this.tables.flatMap(({ audit }) => this.table(audit ?? '') ?? []));
    const isSoft = (name: string | null): boolean => name !== null && this.table(name)?.deletion === 'soft';
    const relations = this.tables.flatMap((table) => Object.entries(table.relations).filter(([, { table: target, through }]) => isSoft(target) || isSoft(through)).flatMap(([name, { as, many }]) => [name, ...as === null ? [] : [as], ...many ? ['_count'] : []]));
    const tables = this.tables.filter((table) => table.deletion === 'soft' || audits.has(table)).flatMap(({ name, models }) => [name, ...models.map((model) => splitName(model).name)]);
    const forms = [...new Set(tables.flatMap((name) => [...stems(name), singular(name), plural(name), `${name}s`, `${name}es`]))];
    return [...relations, ...forms, ...forms.flatMap((name) => CLASS_SUFFIXES.map((suffix) => `${name}${suffix}`))];
  }

  /** The columns by which rows of hard tables name soft ones. Soft tables are told by their own names. */
  private softKeys(): string[] {
    return this.tables.filter(({ deletion }) => deletion === 'hard').flatMap(({ relations }) => Object.values(relations).flatMap(({ table, many, on }) => (!many && on && this.table(table)?.deletion === 'soft' ? Object.keys(on) : [])));
  }

  table(name: string, schema?: string | null): TableFacts | null {
    return this.#tables.find(name, schema);
  }

  model(name: string): TableFacts | null {
    return this.#models.find(name) ?? this.#tables.find(name);
  }

  view(name: string, schema?: string | null): 'live' | 'all' | null {
    return this.#views.find(name, schema);
  }

  tombstone(table: TableFacts, column: string): TombstoneFact | null {
    const asked = fold(column);
    return table.tombstones.find(({ names }) => names.some((name) => fold(name) === asked)) ?? null;
  }

  version(library: VersionedLibrary): string | null {
    return this.#versions?.[library] ?? null;
  }

  fileReads(file: string): FileReads {
    return this.#reads()(file);
  }

  mentions(text: string): boolean {
    return this.#mentioned().test(text);
  }

  concerns(text: string): boolean {
    return this.#concerning().test(text);
  }
}

/** What code adds to a table's name where it calls its class. */
const CLASS_SUFFIXES = ['Model', 'Entity', 'Repository', 'Repo', 'Table', 'Schema'];

/** Libraries whose own filters are the manifest's `autoFilter` alone; MikroORM's have names that calls switch, and are read with them. */
const FILTERING = ['objection', 'prisma', 'sequelize', 'typeorm'];

/** A soft table with the libraries that filter it as guards of kind `orm-filter` say. */
function withFilters(key: string, table: Table, guards: readonly Guard[]): Table {
  if (table.deletion === 'hard' || table.autoFilter === true) return table;
  const names = [splitName(key).name, key, ...table.models ?? []].map(fold);
  const libraries = guards.flatMap((guard) => (guard.kind === 'orm-filter' && (!guard.tables || guard.tables.some((name) => names.includes(fold(name)))) ? FILTERING.filter((library) => (guard.library ?? library) === library) : []));
  return libraries.length === 0 ? table : { ...table, autoFilter: [...new Set([...table.autoFilter || [], ...libraries])] };
}

/** One table with every fact filled in; `keyOf` gives the manifest's own spelling of a table's name. */
function tableFacts(key: string, table: Table, common: Tombstone, keyOf: (name: string) => string): TableFacts {
  const columns = table.columns ?? {};
  return {
    ...splitName(key),
    deletion: table.deletion,
    why: table.why ?? null,
    tombstones: table.deletion === 'soft' ? [table.tombstone ?? common].flat().map((tombstone) => tombstoneFact(tombstone, columns)) : [],
    key: [table.key ?? 'id'].flat(),
    impliedKeys: table.key === undefined ? impliedKeys(splitName(key).name) : [],
    unique: table.unique ?? [],
    models: table.models ?? [],
    columns,
    relations: Object.fromEntries(Object.entries(table.relations ?? {}).map(([name, relation]) => [name, relationFacts(relation, keyOf)])),
    autoFilter: table.autoFilter ?? false,
    attribution: table.attribution ?? false,
    cascadesTo: (table.cascadesTo ?? []).map(keyOf),
    retentionDays: table.retention === undefined ? null : durationDays(table.retention),
    purge: table.purge ?? null,
    audit: table.audit === undefined ? null : keyOf(table.audit),
    overwrites: (table.overwrites ?? []).map((name) => columns[name] ?? name),
  };
}

function relationFacts({ table, many = false, as, optional, on, through, live = false }: Relation, keyOf: (name: string) => string): RelationFacts {
  return { table: keyOf(table), many, as: as ?? null, optional: optional ?? null, on: on ?? null, through: through === undefined ? null : keyOf(through), live };
}

/** `id` behind the table's name, in the singular or as it is: a few spellings too many do no harm. */
function impliedKeys(table: string): string[][] {
  return stems(table).map((stem) => [`${stem}_id`]);
}

/** A table's name, and what may be its singular. */
function stems(table: string): string[] {
  return [...new Set([table, table.replace(/ies$/i, 'y'), table.replace(/es$/i, ''), table.replace(/s$/i, '')])].filter((stem) => stem !== '');
}

/** Guards that let rows of one kind through. */
const YIELDING: ReadonlySet<Guard['kind']> = new Set(['predicate', 'where-object', 'where-wrapper', 'chain', 'modifier', 'join-callback', 'scope', 'query-source', 'relation']);

function guardFacts(guard: Guard): GuardFacts {
  const yields = YIELDING.has(guard.kind) ? { yields: 'yields' in guard && guard.yields ? guard.yields : 'live' } : {};
  return { ...guard, ...yields, from: guard.from ?? null } as GuardFacts;
}

function tombstoneFact(tombstone: Tombstone, columns: Readonly<Record<string, string>>): TombstoneFact {
  const { column: written, live = null, dead, scheduled = false } = typeof tombstone === 'string' ? { column: tombstone } : tombstone;
  const isSame = (name: string) => (other: string): boolean => fold(other) === fold(name);
  // A person may name the tombstone by its property.
  const property = Object.values(columns).some(isSame(written)) ? undefined : Object.keys(columns).find(isSame(written));
  const column = unquote(property === undefined ? written : columns[property]!);
  const properties = Object.keys(columns).filter((name) => fold(columns[name]!) === fold(column));
  return { column, names: [...new Set([column, ...properties].flatMap(spellings))], live, dead: dead === undefined ? null : [dead].flat(), scheduled };
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}

/**
 * Files in which reading tombstones is meant: a back-fill has to reach deleted rows, a test makes and removes them as it likes.
 */
export const DEFAULT_READS: readonly (readonly [glob: string, reads: FileReads])[] = [
  ['**/{script,scripts}/**', 'all'],
  // Trash screens and what empties them: `trash/`, `trash.service.ts`, `accountPermanentDeleter.ts`.
  ['**/{trash,trash-bin,recycle-bin,recyclebin}/**', 'all'],
  ['**/*{trash,Trash,purge,Purge,recycle-bin,RecycleBin,permanent-delet,permanentDelet,PermanentDelet,permanently-delet,permanentlyDelet}*.*', 'all'],
  // `erase-member.ts`: what somebody has asked to be removed for good.
  ['**/{erase,Erase,gdpr,Gdpr,GDPR}[-_.A-Z]*', 'all'],
  // `data-migrations/`, `region-migration.ts`; drizzle-kit numbers its files in a folder of its own.
  ['**/{migrate,migration,migrations,*-migration,*-migrations,*_migrations,*[a-z]Migrations,migration-*,migrations-*,seed,seeds,seeder,seeders}/**', 'once'],
  ['**/*{-migration,.migration}.*', 'once'],
  ['**/drizzle/**/[0-9]*.sql', 'once'],
  ['**/{test,tests,__tests__,__mocks__,spec,specs,e2e,cypress}/**', 'once'],
  ['**/*.{test,spec,e2e,seed}.*', 'once'],
  ['**/{,*[-_.]}{testHelper,testUtil,test-helper,test-util,test_helper,test_util}*.*', 'once'],
  ['**/{seed,seeds}.*', 'once'],
  ['**/{*[-_],}seed{s,}{[-_]*,}.sql', 'once'],
];

/** What a file may do, by its absolute path. Without a folder the defaults are left out: any folder above the project could match them. */
function fileRoles(reads: Readonly<Record<string, FileReads>>, folder: string | null): (file: string) => FileReads {
  const globs = [...(folder === null ? [] : DEFAULT_READS), ...Object.entries(reads)];
  if (globs.length === 0) return () => 'live';
  // Loaded only by files with queries.
  const picomatch = require('picomatch') as typeof import('picomatch');
  const roles = globs.map(([glob, role]) => {
    const whole = `${glob.replace(/^(?:\.?\/)+/, '')}${glob.endsWith('/') ? '**' : ''}`;
    return { role, matches: picomatch(folder === null ? `**/${whole}` : whole, { dot: true }) };
  });
  return (file) => {
    const path = (folder === null ? file : relative(folder, file)).split(sep).join('/');
    return roles.findLast(({ matches }) => matches(path))?.role ?? 'live';
  };
}

interface TrieNode {
  end: boolean;
  readonly next: Map<string, TrieNode>;
}

/**
 * One pattern for all names in every spelling that `fold` holds for equal: any case, underscores anywhere.
 * The names share their beginnings, so that a text is read once, whatever their number.
 */
function mentionPattern(names: readonly string[]): RegExp {
  const root: TrieNode = { end: false, next: new Map() };
  for (const name of names) {
    addToTrie(root, fold(name));
    // Quoted names may hold blanks, which count as much as underscores.
    if (/\s/.test(name)) addToTrie(root, name.trim().split(/\s+/).map(fold).join(' '));
  }
  // A word boundary is faster than looking around, but there is none beside a letter that is not ASCII.
  const [before, after] = names.every((name) => /^[0-9a-z](?:.*[0-9a-z])?$/s.test(fold(name))) ? ['\\b', '\\b'] : ['(?<![0-9A-Za-z_])', '(?![0-9A-Za-z_])'];
  return root.next.size === 0 ? /(?!)/ : new RegExp(`${before}_*${trieSource(root)}_*${after}`, 'i');
}

/** Finds tests of columns for null: `user_id IS NOT NULL`, `userId: { not: null }`, `isNotNull(members.userId)`. */
function beforeNull(columns: readonly string[]): RegExp | null {
  return columns.length === 0 ? null : new RegExp(String.raw`${mentionPattern(columns).source}(?=["'\`\])}\s:,{\w.[(]{1,40}null|(?<=notNull\([\w.'"\`]{0,40}))`, 'i');
}

function eitherOf(a: RegExp, b: RegExp | null): RegExp {
  return b === null ? a : new RegExp(`${a.source}|${b.source}`, 'i');
}

function addToTrie(root: TrieNode, name: string): void {
  let node = root;
  for (const character of name) {
    const next = node.next.get(character) ?? { end: false, next: new Map() };
    node.next.set(character, next);
    node = next;
  }
  if (node !== root) node.end = true;
}

function trieSource(node: TrieNode): string {
  const branches = [...node.next].map(([character, next]) => {
    let source = characterSource(character), last = next;
    while (!last.end && last.next.size === 1) {
      const [[following, after]] = last.next as unknown as [[string, TrieNode]];
      source += `_*${characterSource(following)}`;
      last = after;
    }
    return source + (last.next.size === 0 ? '' : last.end ? `(?:_*${trieSource(last)})?` : `_*${trieSource(last)}`);
  });
  return branches.length === 1 ? branches[0]! : `(?:${branches.join('|')})`;
}

function characterSource(character: string): string {
  return character === ' ' ? '\\s+' : character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}
