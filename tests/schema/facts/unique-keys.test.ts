import { testFacts } from './databases.js';

const USERS = 'CREATE TABLE users (id integer PRIMARY KEY, email text, deleted_at timestamp)';
const DEAD = "INSERT INTO users VALUES (1, 'a@b.c', '2024-01-01')";
const LIVE = "INSERT INTO users VALUES (2, 'a@b.c', NULL)";
const SECOND = "INSERT INTO users VALUES (3, 'a@b.c', NULL)";
const TAKEN = /duplicate key|UNIQUE constraint failed/;
/** PostgreSQL 42P10; SQLite has words of its own. */
const NO_KEY = /^Error: 42P10 |ON CONFLICT clause does not match/;

testFacts('unique keys', [
  {
    says: 'a deleted row keeps the value of a full unique key',
    steps: ['CREATE TABLE users (id integer PRIMARY KEY, email text UNIQUE, deleted_at timestamp)', DEAD, { run: LIVE, fails: TAKEN }],
  },
  {
    says: 'a partial unique index gives the value of a deleted row free, and keeps live rows unique',
    steps: [USERS, 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', DEAD, LIVE, { run: SECOND, fails: TAKEN }],
  },
  {
    says: 'a row cannot be restored while a live one has its value',
    steps: [USERS, 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', DEAD, LIVE, { run: 'UPDATE users SET deleted_at = NULL WHERE id = 1', fails: TAKEN }],
  },
  {
    says: 'UNIQUE (email, deleted_at) lets any number of live rows have one e-mail address, because NULLs are distinct',
    steps: ['CREATE TABLE users (id integer PRIMARY KEY, email text, deleted_at timestamp, UNIQUE (email, deleted_at))', LIVE, SECOND, { run: 'SELECT count(*) FROM users WHERE deleted_at IS NULL', yields: [[2]] }],
  },
  {
    says: 'the tombstone among the columns spoils a partial index, too',
    steps: [USERS, 'CREATE UNIQUE INDEX u ON users (email, deleted_at) WHERE deleted_at IS NULL', LIVE, SECOND],
  },
  {
    says: 'NULLS NOT DISTINCT makes UNIQUE (email, deleted_at) hold for live rows',
    on: 'postgresql',
    steps: ['CREATE TABLE users (id integer PRIMARY KEY, email text, deleted_at timestamp, UNIQUE NULLS NOT DISTINCT (email, deleted_at))', DEAD, LIVE, { run: SECOND, fails: TAKEN }],
  },
  {
    says: 'UNIQUE (email, deleted_at) with a sentinel for live rows holds',
    steps: [
      "CREATE TABLE users (id integer PRIMARY KEY, email text, deleted_at timestamp NOT NULL DEFAULT '9999-12-31', UNIQUE (email, deleted_at))", DEAD,
      "INSERT INTO users (id, email) VALUES (2, 'a@b.c')", { run: "INSERT INTO users (id, email) VALUES (3, 'a@b.c')", fails: TAKEN },
    ],
  },
  {
    says: 'UNIQUE (email, is_deleted) has room for one deleted row of each value: the second deletion fails',
    steps: [
      'CREATE TABLE users (id integer PRIMARY KEY, email text, is_deleted boolean NOT NULL DEFAULT false, UNIQUE (email, is_deleted))', "INSERT INTO users VALUES (1, 'a@b.c', true), (2, 'a@b.c', false)",
      { run: 'UPDATE users SET is_deleted = true WHERE id = 2', fails: TAKEN },
    ],
  },
  {
    says: 'an index over deleted rows alone lets live rows share a value',
    steps: [USERS, 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NOT NULL', LIVE, SECOND],
  },
  {
    says: 'a part that is NULL for deleted rows keeps them apart, as MySQL needs it',
    steps: [USERS, 'CREATE UNIQUE INDEX u ON users (email, (CASE WHEN deleted_at IS NULL THEN 1 END))', DEAD, "INSERT INTO users VALUES (4, 'a@b.c', '2024-01-01')", LIVE, { run: SECOND, fails: TAKEN }],
  },
  {
    says: 'a unique key on a generated column that is NULL for deleted rows keeps them out, as MariaDB needs it',
    steps: [
      'CREATE TABLE users (id integer PRIMARY KEY, email text, deleted_at timestamp, live_email text GENERATED ALWAYS AS (CASE WHEN deleted_at IS NULL THEN email END) STORED UNIQUE)',
      "INSERT INTO users (id, email, deleted_at) VALUES (1, 'a@b.c', '2024-01-01')", "INSERT INTO users (id, email) VALUES (2, 'a@b.c')",
      { run: "INSERT INTO users (id, email) VALUES (3, 'a@b.c')", fails: TAKEN },
    ],
  },
  {
    says: 'a constraint cannot have a predicate',
    steps: [{ run: 'CREATE TABLE users (id integer PRIMARY KEY, email text, deleted_at timestamp, UNIQUE (email) WHERE deleted_at IS NULL)', fails: /syntax error/ }],
  },
  {
    says: 'a primary key of the pair keeps the pair of a deleted row',
    steps: ['CREATE TABLE members (team_id integer, user_id integer, deleted_at timestamp, PRIMARY KEY (team_id, user_id))', "INSERT INTO members VALUES (1, 1, '2024-01-01')", { run: 'INSERT INTO members VALUES (1, 1, NULL)', fails: TAKEN }],
  },
  {
    says: 'a unique index cannot be made while live rows share a value',
    steps: [USERS, LIVE, SECOND, { run: 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', fails: /could not create unique index|UNIQUE constraint failed/ }],
  },
  {
    says: 'a foreign key cannot refer to a partial unique index',
    on: 'postgresql',
    steps: [USERS, 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', { run: 'CREATE TABLE letters (email text REFERENCES users (email))', fails: /42830 there is no unique constraint/ }],
  },
  {
    says: 'a foreign key cannot refer to a partial unique index',
    on: 'sqlite',
    steps: [
      USERS, 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', LIVE, 'CREATE TABLE letters (email text REFERENCES users (email))',
      { run: "INSERT INTO letters VALUES ('a@b.c')", fails: /foreign key mismatch/ },
    ],
  },
  {
    says: 'the predicate of an index cannot ask for the time',
    steps: [USERS, { run: 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL OR deleted_at > CURRENT_TIMESTAMP', fails: /42P17 functions in index predicate must be marked IMMUTABLE|non-deterministic/ }],
  },
]);

testFacts('upserts', [
  {
    says: 'ON CONFLICT (email) finds no key where the index is partial',
    steps: [USERS, 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', { run: `${LIVE} ON CONFLICT (email) DO NOTHING`, fails: NO_KEY }],
  },
  {
    says: "ON CONFLICT (email) with the index's predicate finds it, and passes deleted rows over",
    steps: [
      USERS, 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', DEAD, `${LIVE} ON CONFLICT (email) WHERE deleted_at IS NULL DO NOTHING`,
      `${SECOND} ON CONFLICT (email) WHERE deleted_at IS NULL DO NOTHING`, { run: 'SELECT id FROM users ORDER BY id', yields: [[1], [2]] },
    ],
  },
  {
    says: 'ON CONFLICT without a target takes partial indexes, too',
    steps: [USERS, 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', LIVE, `${SECOND} ON CONFLICT DO NOTHING`, { run: 'SELECT id FROM users', yields: [[2]] }],
  },
  {
    says: 'on a full key DO UPDATE edits the deleted row and leaves it deleted',
    steps: [
      'CREATE TABLE users (id integer PRIMARY KEY, email text UNIQUE, name text, deleted_at timestamp)', "INSERT INTO users VALUES (1, 'a@b.c', 'A', '2024-01-01')",
      "INSERT INTO users VALUES (2, 'a@b.c', 'B', NULL) ON CONFLICT (email) DO UPDATE SET name = excluded.name", { run: 'SELECT id, name, deleted_at IS NULL FROM users', yields: [[1, 'B', false]] },
    ],
    on: 'postgresql',
  },
]);
