/** Nothing that a person or a program may write makes the manifest's code throw, and whatever is accepted can be used. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fold } from '../../lib/manifest/catalog.js';
import { jsonPlaces } from '../../lib/manifest/json.js';
import { compile, validate, type Manifest, type Problem } from '../../lib/manifest/index.js';
import { parseManifest } from '../../lib/manifest/load.js';
import { catalogOf, settingsOf } from '../../lib/manifest/settings.js';

const FULL: Manifest = {
  $schema: './manifest.schema.json',
  dialect: 'postgresql',
  tombstone: { column: 'deleted_at', live: null },
  tables: {
    users: { deletion: 'soft', key: 'id', unique: [['email'], ['org', 'slug']], models: ['User', 'usersTable'], columns: { removedAt: 'deleted_at' }, relations: { posts: { table: 'blog.posts', many: true, as: 'p' } }, autoFilter: ['typeorm'], attribution: true, cascadesTo: ['posts'], retention: '30 days', purge: 'purge.sql', audit: 'audit' },
    'blog.posts': { deletion: 'soft', tombstone: [{ column: 'status', dead: ['deleted', 3, false] }, 'deleted_at', { column: 'ends_at', scheduled: true }, { column: 'flag', live: 0 }], key: ['a', 'b'], retention: 'P1Y6M' },
    audit: { deletion: 'hard', why: 'audit' },
    logs: 'hard',
  },
  views: { active_users: 'live', all_users: 'all' },
  guards: [
    { kind: 'predicate', name: 'notDeleted', from: '@/db', table: 'User', tableArg: 0, yields: 'live' }, { kind: 'client', name: 'db', library: 'prisma', coverage: { reads: ['findMany'], writes: ['delete'], nested: true, counts: false, raw: false }, tables: ['users'], bypass: 'base' },
    { kind: 'orm-filter', name: 'softDelete', bypass: ['filters: false'] }, { kind: 'bypass', name: 'unscoped', reason: true }, { kind: 'scope', name: 'active', model: 'User' },
  ],
  reads: { 'src/trash/**': 'all', './scripts/': 'all' },
};

/** Each sentence is one, about one place, in the order of the places. */
function assertWellSaid(problems: readonly Problem[]): void {
  assert.equal(new Set(problems.map(({ place }) => place)).size, problems.length);
  for (const { message, place } of problems) {
    assert.match(message, /^\S[^\n\r]*[.?]$/);
    assert.ok(message.startsWith(`${place || 'The manifest'} `), message);
  }
}

/** Asks a catalog everything that it can be asked about its own names. */
function ask(manifest: Manifest): void {
  const catalog = compile(manifest, '/app');
  for (const table of catalog.tables) {
    const name = table.schema === null ? table.name : `${table.schema}.${table.name}`;
    const found = catalog.table(table.name, table.schema);
    if (found === table) assert.ok(catalog.mentions(`select "${fold(table.name)}"`), name);
    for (const model of table.models) catalog.model(model);
    for (const tombstone of table.tombstones) assert.ok(catalog.tombstone(table, tombstone.column), name);
    assert.ok(table.retentionDays === null || table.retentionDays >= 0);
  }
  for (const view of Object.keys(manifest.views ?? {})) catalog.view(view);
  catalog.fileReads('/app/src/trash/a.ts');
  catalog.mentions('');
}

function isUsable(problems: readonly Problem[]): boolean {
  return problems.every(({ severity }) => severity === 'warning');
}

// ------------------------------------------------------------------------------------------------ random values

const anything = fc.oneof({ depthSize: 'small' }, fc.jsonValue(), fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true, withSparseArray: true }));
const word = fc.constantFrom('soft', 'hard', 'users', 'posts', 'public.users', 'deleted_at', '30 days', 'live', 'all', 'predicate', 'client', '', '.', '"', '__proto__', 'constructor', 'id', 'toString');
const key = fc.constantFrom('tables', 'tombstone', 'views', 'guards', 'reads', 'dialect', 'deletion', 'users', 'posts', 'column', 'live', 'dead', 'models', 'relations', 'table', 'kind', 'name', 'retention', 'key', 'unique', 'columns', 'cascadesTo', 'audit', 'coverage', '__proto__', 'constructor', 'x', 'public.users', '"a"."b"');
/** Values made of the manifest's own words, which go deeper into its structure than random ones. */
const { part } = fc.letrec((tie) => ({
  part: fc.oneof({ maxDepth: 6 }, word, fc.constantFrom(null, true, false, 0, 1, undefined), fc.array(tie('part'), { maxLength: 3 }), fc.dictionary(key, tie('part'), { maxKeys: 5 })),
}));
const deletion = fc.constantFrom('soft', 'hard');
const table = fc.tuple(fc.dictionary(key, part, { maxKeys: 2 }), deletion).map(([facts, kind]) => ({ ...facts, deletion: kind }));
const manifestLike = fc.tuple(fc.dictionary(key, part, { maxKeys: 2 }), fc.dictionary(fc.oneof(word, key), fc.oneof({ weight: 5, arbitrary: deletion }, { weight: 2, arbitrary: table }, part), { maxKeys: 5 }))
  .map(([rest, tables]) => ({ ...rest, tables }));

// --------------------------------------------------------------------------------------------- mutated manifests

/** A generator of numbers in [0, 1) that a seed decides (mulberry32). */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Changes one place of a manifest: takes a key away, misspells it, repeats it elsewhere, or puts another value there. */
function mutate(manifest: unknown, next: () => number): unknown {
  const copy = structuredClone(manifest), pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const places: [container: Record<string, unknown>, key: string][] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const name of Object.keys(value)) {
      places.push([value as Record<string, unknown>, name]);
      walk((value as Record<string, unknown>)[name]);
    }
  };
  walk(copy);
  if (places.length === 0) return copy;
  const [container, name] = pick(places), [other, otherName] = pick(places);
  const changes = [
    () => { Reflect.deleteProperty(container, name); },
    () => { container[`${name}x`] = container[name]; Reflect.deleteProperty(container, name); },
    () => { container[name] = pick<unknown>([null, true, 0, -1, '', ' ', 'x', [], {}, [[]], 'soft', 'users', 'nowhere', '30 dayz', Infinity, '\u0000', 'a.b.c', { column: 'x' }, ['x', 'x']]); },
    () => { container[name] = structuredClone(other[otherName]); },
    () => { if (!Array.isArray(container)) container[pick(['users', 'USERS', 'auth.users', '""', '..', 'kind', 'constructor'])] = container[name]; },
    () => { if (typeof container[name] === 'string') container[name] = (container[name] as string).slice(0, -1); },
  ];
  pick(changes)();
  return copy;
}

describe('never throws', () => {
  it('accepts the manifest that is mutated below', () => { assert.deepEqual(validate(FULL), []); });

  it('validates any value at all', () => {
    fc.assert(fc.property(anything, (value) => { assertWellSaid(validate(value)); }), { numRuns: 1000 });
  });

  it('validates values of its own words, and compiles those that it accepts', () => {
    let usable = 0;
    fc.assert(fc.property(manifestLike, (value) => {
      const problems = validate(value);
      assertWellSaid(problems);
      if (isUsable(problems)) { usable++; ask(value as unknown as Manifest); }
    }), { numRuns: 5000, seed: 1 });
    assert.ok(usable > 500, `only ${usable} were usable`);
  });

  it('compiles manifests with any names, whatever they hold', () => {
    const name = fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), word);
    fc.assert(fc.property(fc.dictionary(name, fc.constantFrom('soft', 'hard'), { maxKeys: 8 }), fc.array(name), fc.dictionary(name, fc.constant('all')), name, (tables, models, reads, column) => {
      const manifest = { tables: { ...tables, users: { deletion: 'soft', models, tombstone: column } }, reads, views: Object.fromEntries(models.map((model) => [model, 'live'])) };
      const problems = validate(manifest);
      assertWellSaid(problems);
      if (isUsable(problems)) ask(manifest as unknown as Manifest);
    }), { numRuns: 400 });
  });

  it('survives 2000 mutations of a full manifest', () => {
    const next = random(20_261_123);
    let usable = 0, wrong = 0;
    for (let i = 0; i < 2000; i++) {
      let value: unknown = FULL;
      for (let times = 1 + Math.floor(next() * 3); times > 0; times--) value = mutate(value, next);
      const problems = validate(value);
      assertWellSaid(problems);
      if (isUsable(problems)) { usable++; ask(value as Manifest); } else wrong++;
    }
    assert.ok(usable > 200 && wrong > 700, `${usable} usable, ${wrong} wrong`);
  });

  it('survives 3000 mutations of its text, and tells JSON from what is none as JSON.parse does', () => {
    const next = random(7), text = JSON.stringify(FULL, null, 2), junk = ['"', '{', '}', '[', ']', ',', ':', '\\', '\n', '//', "'", 'x', '0', '-', '.', '\uFEFF', '\u0007', ' ', 'é'];
    for (let i = 0; i < 3000; i++) {
      let broken = text;
      for (let times = 1 + Math.floor(next() * 2); times > 0; times--) {
        const at = Math.floor(next() * broken.length), length = Math.floor(next() * next() * 12);
        broken = broken.slice(0, at) + (next() < 0.7 ? junk[Math.floor(next() * junk.length)]! : '') + broken.slice(at + length);
      }
      if (next() < 0.2) broken = broken.slice(0, Math.floor(next() * broken.length));
      const { manifest, problems, message } = parseManifest(broken, 'm.json');
      assert.equal(manifest === null, message !== null);
      if (message !== null) assert.match(message, /^m\.json(?:: the file is empty\.|:\d+:\d+(?: \(first of \d+ mistakes\))?: [^\n\r]+)$/);
      assertWellSaid(problems);
      if (manifest) ask(manifest);
    }
  });

  it('reads the places of any text', () => {
    const isJson = (text: string): boolean => { try { JSON.parse(text); return true; } catch { return false; } };
    const fragment = fc.oneof(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"\\u00e9"', '"\\x"', '1', '-0.5e+3', '01', '1.', 'true', 'nul', ' ', '\n', '"'), fc.string({ maxLength: 4 }));
    fc.assert(fc.property(fc.oneof(fc.array(fragment, { maxLength: 10 }).map((parts) => parts.join('')), fc.json()), (text) => {
      assert.equal(jsonPlaces(text).error === null, isJson(text), text);
    }), { numRuns: 5000 });
    assert.equal(jsonPlaces('['.repeat(1e5)).error!.why, 'this is nested too deeply');
    assert.equal(jsonPlaces(`"${'a\\n'.repeat(1e6)}"`).error, null);
  });

  it('answers any settings with settings, a catalog or one sentence', () => {
    const sentence = (run: () => unknown): void => {
      try { run(); } catch (error) {
        assert.equal((error as Error).name, 'ManifestError', (error as Error).stack);
        assert.match((error as Error).message, /^[^\n\r]+[.?]$/);
      }
    };
    fc.assert(fc.property(fc.oneof(anything, fc.record({ manifest: fc.oneof(anything, manifestLike), tags: anything, unknown: anything }, { requiredKeys: [] })), (given) => {
      sentence(() => settingsOf({ settings: { 'soft-delete': given }, cwd: '/nowhere' }));
      sentence(() => catalogOf({ settings: { 'soft-delete': given }, cwd: '/nowhere' }));
    }), { numRuns: 2000 });
  });
});
