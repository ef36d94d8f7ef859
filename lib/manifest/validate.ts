/** Everything that can be wrong with a manifest. */
import { fold } from './catalog.js';
import { bareName, NameIndex, splitName } from './names.js';
import { didYouMean, inOrder, placeOf, problem, shown, type Path, type Problem } from './problems.js';
import { manifestStructure } from './structure.js';

export type { Problem } from './problems.js';

/**
 * The mistakes of a value that should be a manifest, in the order of their places; empty where it is one.
 * Takes any value and never throws. An `error` makes the manifest unusable, a `warning` does not.
 */
export function validate(value: unknown): Problem[] {
  const structural = manifestStructure(value);
  const spoilt = structural.map(({ place }) => place);
  // What a value of the wrong form contains is not looked at; a sentence about its meaning tells more than one about its form.
  const meaning = meaningProblems(value).filter(({ place }) => !spoilt.some((bad) => bad === '' || place.startsWith(`${bad}.`) || place.startsWith(`${bad}[`)));
  return inOrder([...meaning, ...structural], value);
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entriesOf(value: unknown): [string, unknown][] {
  return isFields(value) ? Object.entries(value) : [];
}

/** A text, or a list of them, with its path. */
function textsAt(path: Path, value: unknown): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  return Array.isArray(value) ? value.flatMap((text: unknown, i) => typeof text === 'string' ? [{ path: [...path, i], text }] : []) : [];
}

/** What a schema cannot say: names that lead nowhere or to two tables, and facts that contradict each other. */
function meaningProblems(manifest: unknown): Problem[] {
  if (!isFields(manifest)) return [];
  const tables = entriesOf(manifest.tables).map(([name, value]) => ({ name, path: ['tables', name], table: isFields(value) ? value : { deletion: value } }));
  const names = new Names(tables, manifest.views);
  return [
    ...namelessTables(tables),
    ...sameNames(tables),
    ...sameModels(tables),
    ...entriesOf(manifest.views).flatMap(([name]) => names.isDeclared(name) ? [problem(['views', name], 'is declared as a table, too; say once what it is', 'warning')] : []),
    ...entriesOf(manifest.reads).flatMap(([glob]) => /^[./\s]*$/.test(glob) ? [problem(['reads', glob], 'is no glob of files; write one such as "src/admin/trash/**"')] : []),
    ...tombstoneProblems(['tombstone'], manifest.tombstone),
    ...tables.flatMap((table) => tableProblems(table, names)),
    ...(Array.isArray(manifest.guards) ? manifest.guards : []).flatMap((guard: unknown, i) => isFields(guard) ? guardProblems(['guards', i], guard, names) : []),
  ];
}

interface DeclaredTable {
  readonly name: string;
  readonly path: Path;
  readonly table: Fields;
}

/** The names that a manifest declares, and sentences about those that it does not. */
class Names {
  readonly #tables = new NameIndex<DeclaredTable>();
  readonly #tableNames: readonly string[];
  readonly #modelNames: readonly string[];
  readonly #folded: { readonly tables: ReadonlySet<string>; readonly models: ReadonlySet<string>; readonly views: ReadonlySet<string> };

  constructor(tables: readonly DeclaredTable[], views: unknown) {
    for (const table of tables) this.#tables.add(splitName(table.name), table);
    this.#tableNames = tables.map(({ name }) => name);
    this.#modelNames = tables.flatMap(({ table }) => textsAt([], table.models).map(({ text }) => text));
    const bare = (names: readonly string[]): ReadonlySet<string> => new Set(names.map(bareName));
    this.#folded = { tables: bare(this.#tableNames), models: bare(this.#modelNames), views: bare(entriesOf(views).map(([name]) => name)) };
  }

  isDeclared(name: string): boolean {
    return this.#tables.find(name) !== null;
  }

  /** Is a name that of a hard table, and of no soft one? */
  isHard(name: string): boolean {
    const found = this.#tables.find(name);
    return found !== null && found.table.deletion === 'hard';
  }

  undeclaredTable(path: Path, name: string, orView = false): Problem[] {
    const isBare = splitName(name).schema === null, bare = bareName(name);
    // Two tables of this name in different schemas: the name leads somewhere, though not to one place.
    const declared = this.isDeclared(name) || (isBare && this.#folded.tables.has(bare)) || (orView && this.#folded.views.has(bare));
    return declared ? [] : [problem(path, `names ${shown(name)}, which is no table of this manifest${didYouMean(name, this.#tableNames, bareName)}`)];
  }

  undeclaredModel(path: Path, name: string): Problem[] {
    return this.#folded.models.has(bareName(name)) || this.undeclaredTable(path, name).length === 0 ? []
      : [problem(path, `names ${shown(name)}, which is no table or model of this manifest${didYouMean(name, [...this.#tableNames, ...this.#modelNames], bareName)}`)];
  }
}

function namelessTables(tables: readonly DeclaredTable[]): Problem[] {
  return tables.filter(({ name }) => bareName(name) === '').map(({ path }) => problem(path, 'is not the name of a table'));
}

function sameNames(tables: readonly DeclaredTable[]): Problem[] {
  const first = new Map<string, Path>();
  return tables.flatMap(({ name, path }) => {
    const key = `${fold(splitName(name).schema ?? '')}.${bareName(name)}`, earlier = first.get(key);
    if (!earlier) first.set(key, path);
    return earlier ? [problem(path, `is the same name as ${placeOf(earlier)} but for case, quotes and underscores, so that queries cannot tell them apart`, 'warning')] : [];
  });
}

function sameModels(tables: readonly DeclaredTable[]): Problem[] {
  const first = new Map<string, Path>();
  return tables.flatMap(({ path, table }) => textsAt([...path, 'models'], table.models).flatMap((model) => {
    const earlier = first.get(fold(model.text));
    if (!earlier) first.set(fold(model.text), model.path);
    return earlier ? [problem(model.path, `is ${shown(model.text)}, which ${placeOf(earlier)} names already, so that the model means no single table`, 'warning')] : [];
  }));
}

function tableProblems({ path, table }: DeclaredTable, names: Names): Problem[] {
  return [
    ...(Array.isArray(table.tombstone) ? table.tombstone.flatMap((one: unknown, i) => tombstoneProblems([...path, 'tombstone', i], one)) : tombstoneProblems([...path, 'tombstone'], table.tombstone)),
    ...entriesOf(table.relations).flatMap(([name, relation]) => isFields(relation) ? ['table', 'through'].flatMap((end) => {
      const other = relation[end];
      return typeof other === 'string' ? names.undeclaredTable([...path, 'relations', name, end], other, true) : [];
    }) : []),
    ...textsAt([...path, 'cascadesTo'], Array.isArray(table.cascadesTo) ? table.cascadesTo : []).flatMap(({ path: place, text }) => [
      ...names.undeclaredTable(place, text),
      ...(names.isHard(text) ? [problem(place, `names ${shown(text)}, which is declared hard and has no tombstone to set`, 'warning')] : []),
    ]),
    ...(typeof table.audit === 'string' ? names.undeclaredTable([...path, 'audit'], table.audit) : []),
    ...(table.deletion === 'hard' ? ['tombstone', 'cascadesTo', 'autoFilter'].filter((key) => table[key] !== undefined && table[key] !== false)
      .map((key) => problem([...path, key], 'says nothing here, for the table is declared hard', 'warning')) : []),
  ];
}

function tombstoneProblems(path: Path, tombstone: unknown): Problem[] {
  if (!isFields(tombstone)) return [];
  const { live = null, dead, scheduled } = tombstone;
  const deadValues: unknown[] = dead === undefined ? [] : [dead].flat();
  if (tombstone.live === true) return [problem([...path, 'live'], 'must be null, false, 0 or a text; for a column that is true while the row is live write "dead": false')];
  return [
    ...(deadValues.includes(live) ? [problem([...path, 'dead'], `contains ${shown(live)}, which a live row holds`)] : []),
    ...(scheduled === true && live !== null ? [problem([...path, 'scheduled'], `needs a timestamp that is NULL while the row is live, but "live" is ${shown(live)}`, 'warning')] : []),
  ];
}

function guardProblems(path: Path, guard: Fields, names: Names): Problem[] {
  return [
    ...['table', 'model'].flatMap((key) => typeof guard[key] === 'string' ? names.undeclaredModel([...path, key], guard[key]) : []),
    ...textsAt([...path, 'tables'], Array.isArray(guard.tables) ? guard.tables : []).flatMap(({ path: place, text }) => names.undeclaredModel(place, text)),
  ];
}
