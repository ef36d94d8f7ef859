/** What CREATE TABLE and ALTER TABLE of every dialect declare. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../lib/manifest/catalog.js';
import type { TableDeclaration } from '../../../lib/model/schema.js';
import { typeKind } from '../../../lib/sql/model/declarations.js';
import { readSql } from '../../../lib/sql/read.js';
import { plainText } from '../../../lib/sql/sql-text.js';

function declarations(text: string, dialect: Dialect): readonly TableDeclaration[] {
  const reading = readSql(plainText(text), { dialect, library: 'sql', mentions: () => false });
  assert.deepEqual(reading.unread, []);
  return reading.declarations;
}

/** `create s.t: id integer not null default; ..; dropped: x` */
function print({ kind, schema, name, columns, dropped }: TableDeclaration): string {
  const printed = columns.map((column) => [
    column.name, column.type, column.nullable === false && 'not null', column.nullable === 'unknown' && 'null?', column.hasDefault && 'default',
  ].filter(Boolean).join(' '));
  return `${kind} ${schema === null ? name : `${schema}.${name}`}: ${[...printed, ...dropped.map((column) => `-${column.name}`)].join(', ')}`;
}

const CASES: Partial<Record<Dialect, readonly (readonly [sql: string, expected: string])[]>> = {
  postgresql: [
    ['CREATE TABLE IF NOT EXISTS app.users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, deleted_at timestamptz, CONSTRAINT u UNIQUE (email))',
      'create app.users: id integer not null default, email text not null, deleted_at timestamptz'],
    ['CREATE TABLE t (a int, b int, PRIMARY KEY (a, b))',
      'create t: a integer not null, b integer not null'],
    ['CREATE TABLE t (d timestamp with time zone DEFAULT now(), e timestamp(3) without time zone, f timestamp, g date, h boolean DEFAULT false, i bool[] DEFAULT NULL)',
      'create t: d timestamptz default, e timestamp, f timestamp, g date, h boolean default, i other'],
    ['CREATE TABLE t (a bigint GENERATED ALWAYS AS IDENTITY, b "public"."Status", c character varying(20), d double precision, e int8, LIKE u)',
      'create t: a integer default, b other, c text, d other, e integer'],
    ['CREATE UNLOGGED TABLE t (a int)', 'create t: a integer'],
    ['CREATE TABLE t AS SELECT 1', 'create t: '],
    ['ALTER TABLE ONLY users ADD COLUMN IF NOT EXISTS deleted_at timestamp, ADD is_deleted boolean NOT NULL DEFAULT false, DROP COLUMN old, DROP IF EXISTS older CASCADE',
      'alter users: deleted_at timestamp, is_deleted boolean not null default, -old, -older'],
    ['ALTER TABLE users ALTER COLUMN deleted_at TYPE timestamptz USING deleted_at AT TIME ZONE \'utc\', ALTER a SET NOT NULL, ALTER b DROP NOT NULL, ALTER c SET DEFAULT 1',
      'alter users: deleted_at timestamptz null?, a unknown not null, b unknown, c unknown null? default'],
    ['ALTER TABLE users ADD CONSTRAINT k CHECK (a), DROP CONSTRAINT j', 'alter users: '],
  ],
  mysql: [
    ['CREATE TABLE `users` (`id` bigint unsigned NOT NULL AUTO_INCREMENT, `gone` tinyint(1) NOT NULL DEFAULT 0, `n` tinyint(4), `d` datetime(6) DEFAULT NULL, `t` timestamp NULL, `f` bit(1), PRIMARY KEY (`id`), KEY `i` (`gone`)) ENGINE=InnoDB',
      'create users: id integer not null default, gone boolean not null default, n integer, d timestamp, t timestamptz, f boolean'],
    ['ALTER TABLE users ADD COLUMN deleted_at datetime NULL AFTER id, MODIFY gone tinyint(1) NOT NULL, CHANGE a b date, DROP b, DROP INDEX i, DROP PRIMARY KEY, ADD INDEX j (a)',
      'alter users: deleted_at timestamp, gone boolean not null, b date, -b'],
  ],
  sqlite: [
    ['CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name, gone BOOLEAN, d DATETIME DEFAULT (datetime(\'now\')), t TEXT)',
      'create users: id integer not null default, name unknown, gone boolean, d timestamp default, t text'],
    ['ALTER TABLE users DROP COLUMN gone', 'alter users: -gone'],
  ],
  bigquery: [
    ['CREATE TABLE data.users (id INT64 NOT NULL, gone BOOL, t TIMESTAMP, d DATETIME, s STRUCT<a INT64>, r ARRAY<STRING>)',
      'create data.users: id integer not null, gone boolean, t timestamptz, d timestamp, s other, r other'],
  ],
};

describe('declarations of SQL', () => {
  for (const [dialect, cases] of Object.entries(CASES)) {
    for (const [sql, expected] of cases) {
      it(`${dialect}: ${sql}`, () => {
        assert.equal(declarations(sql, dialect as Dialect).map(print).join(' ; '), expected);
      });
    }
  }

  /** `unique n (a, b) where deleted_at IS NULL`, `a -> s.t (x) cascade`. */
  function printKeys({ keys = [], foreignKeys = [], renamed = [], renamedTo }: TableDeclaration): string[] {
    return [
      ...keys.map(({ kind, name, columns, predicate }) => [kind, name, `(${columns.map((column) => column ?? '?').join(', ')})`, predicate && `where ${predicate.text}`].filter((part) => part !== null).join(' ')),
      ...foreignKeys.map(({ columns, target, references, onDelete, onUpdate }) => [columns.join(', '), '->', target.schema === null ? target.table : `${target.schema}.${target.table}`, `(${references.join(', ')})`, onDelete, onUpdate && `update ${onUpdate}`].filter((part) => part !== null).join(' ')),
      ...renamed.map(({ from, to }) => `${from} = ${to}`), ...(renamedTo === undefined ? [] : [`= ${renamedTo}`]),
    ];
  }

  const KEYS: readonly (readonly [dialect: Dialect, sql: string, expected: readonly string[]])[] = [
    ['postgresql', 'CREATE TABLE t (id int PRIMARY KEY, e text UNIQUE, x int CONSTRAINT fk REFERENCES s.u (id) ON DELETE CASCADE ON UPDATE NO ACTION, CONSTRAINT two UNIQUE (e, x), FOREIGN KEY (e, x) REFERENCES v ON DELETE SET NULL)',
      ['primary (id)', 'unique (e)', 'unique two (e, x)', 'x -> s.u (id) cascade update no action', 'e, x -> v () set null']],
    ['postgresql', 'CREATE TABLE t (a int, b int, PRIMARY KEY (a, b))', ['primary (a, b)']],
    ['postgresql', 'CREATE UNIQUE INDEX CONCURRENTLY i ON s.t USING btree (lower(email), x DESC) WHERE (deleted_at IS NULL)', ['unique i (?, x) where (deleted_at IS NULL)']],
    ['postgresql', 'CREATE INDEX ON t (a)', ['index (a)']],
    ['postgresql', 'ALTER TABLE ONLY public.t ADD CONSTRAINT pk PRIMARY KEY (id), ADD CONSTRAINT u UNIQUE (e), ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES u(id) ON DELETE RESTRICT, ADD y int REFERENCES w',
      ['primary pk (id)', 'unique u (e)', 'x -> u (id) restrict', 'y -> w ()']],
    ['postgresql', 'ALTER TABLE t RENAME COLUMN x TO y', ['x = y']],
    ['postgresql', 'ALTER TABLE t RENAME TO u', ['= u']],
    ['mysql', 'CREATE TABLE `t` (`id` int, `e` int, PRIMARY KEY (`id`), KEY `k` (`e`), UNIQUE KEY `u` (`e`, `id`(20) DESC), CONSTRAINT `f` FOREIGN KEY (`e`) REFERENCES `u` (`id`) ON DELETE CASCADE)',
      ['primary (id)', 'index k (e)', 'unique u (e, id)', 'e -> u (id) cascade']],
    ['mysql', 'ALTER TABLE t ADD UNIQUE INDEX i (a, b), ADD KEY (c), DROP INDEX j, CHANGE x y datetime NULL', ['unique i (a, b)', 'index (c)', 'x = y']],
    ['sqlite', 'CREATE UNIQUE INDEX IF NOT EXISTS i ON t (e) WHERE deleted_at IS NULL', ['unique i (e) where deleted_at IS NULL']],
  ];
  for (const [dialect, sql, expected] of KEYS) {
    it(`${dialect}: keys of ${sql}`, () => {
      assert.deepEqual(declarations(sql, dialect).flatMap(printKeys), expected);
    });
  }

  it('says what a partial index keeps out, and where', () => {
    const sql = 'CREATE UNIQUE INDEX i ON t (email) WHERE deleted_at IS NULL';
    const [{ range, keys: [key] = [] }] = declarations(sql, 'postgresql') as [TableDeclaration];
    assert.deepEqual([sql.slice(...range), key!.predicate!.expr!.type, sql.slice(...key!.predicate!.range), sql.slice(...key!.range)], ['t', 'is', 'deleted_at IS NULL', sql]);
  });

  it('says which tables go', () => {
    assert.deepEqual(declarations('DROP TABLE IF EXISTS a, s.b CASCADE', 'postgresql').map(({ kind, schema, name }) => [kind, schema, name]), [['drop', null, 'a'], ['drop', 's', 'b']]);
  });

  it('keeps the value of a default', () => {
    const [{ columns }] = declarations("CREATE TABLE t (a bool DEFAULT false, b int DEFAULT 0, c text DEFAULT 'x', d date DEFAULT NULL, e timestamptz DEFAULT now(), f int)", 'postgresql') as [TableDeclaration];
    assert.deepEqual(columns.map(({ defaultValue }) => defaultValue), [false, 0, 'x', null, undefined, undefined]);
  });

  it('passes over temporary tables and partitions', () => {
    assert.deepEqual(declarations('CREATE TEMP TABLE t (a int); CREATE TABLE p PARTITION OF t FOR VALUES IN (1);', 'postgresql'), []);
  });

  it('points at the names', () => {
    const text = 'ALTER TABLE app.users ADD deleted timestamptz, DROP old';
    const [declaration] = declarations(text, 'postgresql');
    assert.equal(text.slice(...declaration!.range), 'app.users');
    assert.equal(text.slice(...declaration!.columns[0]!.range), 'deleted');
    assert.equal(text.slice(...declaration!.dropped[0]!.range), 'old');
    assert.equal(declaration!.columns[0]!.typeText, 'timestamptz');
  });

  it('gives the declaration the marker of its statement', () => {
    const [declaration] = declarations('-- includes-deleted: legacy\nALTER TABLE users DROP deleted_at', 'postgresql');
    assert.equal(declaration!.marker?.reason, 'legacy');
  });

  for (const [dialect, text, expected] of [
    ['postgresql', 'CREATE TABLE t (id int, is_deleted boolean NOT NULL DEFAULT false, b int)', 'CREATE TABLE t (id int, deleted_at timestamptz, b int)'],
    ['postgresql', 'ALTER TABLE t ADD COLUMN "isDeleted" boolean', 'ALTER TABLE t ADD COLUMN "deleted_at" timestamptz'],
    ['mysql', 'CREATE TABLE t (`gone` tinyint(1) NOT NULL)', 'CREATE TABLE t (`deleted_at` DATETIME NULL)'],
    ['mysql', 'ALTER TABLE t MODIFY deleted_at date NOT NULL', 'ALTER TABLE t MODIFY deleted_at DATETIME NULL'],
    ['sqlite', 'CREATE TABLE t (gone BOOLEAN)', 'CREATE TABLE t (deleted_at TEXT)'],
    ['bigquery', 'ALTER TABLE t ADD COLUMN gone BOOL', 'ALTER TABLE t ADD COLUMN deleted_at TIMESTAMP'],
  ] as const) {
    it(`makes a timestamp of a flag, ${dialect}: ${text}`, () => {
      const [declaration] = declarations(text, dialect);
      const remedy = declaration!.columns.find((column) => column.asTimestamp && column.name !== 'id')!.asTimestamp!('deleted_at');
      assert.ok(remedy);
      const [{ range, text: inserted }] = remedy.edits as [{ range: readonly [number, number]; text: string }];
      const after = text.slice(0, range[0]) + inserted + text.slice(range[1]);
      assert.equal(after, expected);
      assert.equal(declarations(after, dialect).length, 1);
    });
  }

  for (const [dialect, edit, text, expected] of [
    ['postgresql', 'asNullable', 'CREATE TABLE t (a int, deleted_at timestamptz NOT NULL DEFAULT now(), b int)', 'CREATE TABLE t (a int, deleted_at timestamptz, b int)'],
    ['mysql', 'asNullable', 'ALTER TABLE t ADD deleted_at timestamp(3) NOT NULL', 'ALTER TABLE t ADD deleted_at timestamp(3) NULL'],
    ['sqlite', 'asNullable', 'CREATE TABLE t (a int, deleted_at TEXT DEFAULT CURRENT_TIMESTAMP)', 'CREATE TABLE t (a int, deleted_at TEXT)'],
    ['postgresql', 'asNamed', 'CREATE TABLE t (a int, "removedAt" timestamptz NOT NULL)', 'CREATE TABLE t (a int, "deleted_at" timestamptz NOT NULL)'],
    ['mysql', 'asNamed', 'ALTER TABLE t ADD removed_at datetime NULL AFTER a', 'ALTER TABLE t ADD deleted_at datetime NULL AFTER a'],
  ] as const) {
    it(`${edit}, ${dialect}: ${text}`, () => {
      const column = declarations(text, dialect)[0]!.columns.find(({ name }) => /^(?:deleted|removed)/.test(name))!;
      const remedy = column[edit]!('deleted_at');
      const [{ range, text: inserted }] = remedy!.edits as [{ range: readonly [number, number]; text: string }];
      assert.equal(text.slice(0, range[0]) + inserted + text.slice(range[1]), expected);
    });
  }
});

describe('defaults', () => {
  it('takes a cast NULL for none, and a computed column for computed', () => {
    const [{ columns } = { columns: [] }] = declarations('CREATE TABLE t (a timestamptz DEFAULT NULL::timestamp with time zone, b timestamptz DEFAULT (NULL), c boolean GENERATED ALWAYS AS (a IS NOT NULL) STORED, d int GENERATED ALWAYS AS IDENTITY)', 'postgresql');
    assert.deepEqual(columns.map(({ hasDefault, generated = false }) => [hasDefault, generated]), [[false, false], [false, false], [true, true], [true, false]]);
  });
});

describe('typeKind', () => {
  for (const [dialect, type, kind] of [
    ['postgresql', 'TIMESTAMP WITH TIME ZONE', 'timestamptz'], ['postgresql', 'timestamp (6)', 'timestamp'], ['postgresql', 'pg_catalog.timestamptz', 'timestamptz'], ['postgresql', '"text"', 'text'],
    ['postgresql', 'time with time zone', 'other'], ['postgresql', 'smallserial', 'integer'], ['postgresql', 'numeric(1)', 'other'], ['postgresql', 'bit(8)', 'other'], ['postgresql', 'varchar', 'text'],
    ['mysql', 'TINYINT(1) UNSIGNED', 'boolean'], ['mysql', 'int(11)', 'integer'], ['mysql', 'longtext', 'text'], ['mysql', 'enum(\'a\')', 'other'], ['mysql', 'datetime', 'timestamp'],
    ['bigquery', 'ARRAY<BOOL>', 'other'], ['bigquery', 'string', 'text'], ['postgresql', 'datetime2', 'timestamp'],
  ] as const) {
    it(`${dialect}: ${type} is ${kind}`, () => {
      assert.equal(typeKind(type, dialect), kind);
    });
  }
});
