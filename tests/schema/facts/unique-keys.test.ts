import { EVERYWHERE, testFacts } from './databases.js';

const USERS = 'CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), deleted_at timestamp)';
const DEAD = "INSERT INTO users VALUES (1, 'a@b.c', '2024-01-01')";
const LIVE = "INSERT INTO users VALUES (2, 'a@b.c', NULL)";
const SECOND = "INSERT INTO users VALUES (3, 'a@b.c', NULL)";
/** PostgreSQL, SQLite, MariaDB. */
const TAKEN = /duplicate key|UNIQUE constraint failed|ERROR 1062 /;
/** MariaDB's answer to what it has no word for. */
const SYNTAX = /ERROR 1064 /;
/** PostgreSQL 42P10; SQLite has words of its own. */
const NO_KEY = /^Error: 42P10 |ON CONFLICT clause does not match/;

testFacts('unique keys', [
  {
    says: 'a deleted row keeps the value of a full unique key',
    on: EVERYWHERE,
    steps: ['CREATE TABLE users (id integer PRIMARY KEY, email varchar(100) UNIQUE, deleted_at timestamp)', DEAD, { run: LIVE, fails: TAKEN }],
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
    on: EVERYWHERE,
    steps: ['CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), deleted_at timestamp, UNIQUE (email, deleted_at))', LIVE, SECOND, { run: 'SELECT count(*) FROM users WHERE deleted_at IS NULL', yields: [[2]] }],
  },
  {
    says: 'the tombstone among the columns spoils a partial index, too',
    steps: [USERS, 'CREATE UNIQUE INDEX u ON users (email, deleted_at) WHERE deleted_at IS NULL', LIVE, SECOND],
  },
  {
    says: 'NULLS NOT DISTINCT makes UNIQUE (email, deleted_at) hold for live rows',
    on: 'postgresql',
    steps: ['CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), deleted_at timestamp, UNIQUE NULLS NOT DISTINCT (email, deleted_at))', DEAD, LIVE, { run: SECOND, fails: TAKEN }],
  },
  {
    says: 'UNIQUE (email, deleted_at) with a sentinel for live rows holds',
    on: EVERYWHERE,
    steps: [
      "CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), deleted_at timestamp NOT NULL DEFAULT '2037-12-31', UNIQUE (email, deleted_at))", DEAD,
      "INSERT INTO users (id, email) VALUES (2, 'a@b.c')", { run: "INSERT INTO users (id, email) VALUES (3, 'a@b.c')", fails: TAKEN },
    ],
  },
  {
    says: 'UNIQUE (email, is_deleted) has room for one deleted row of each value: the second deletion fails',
    on: EVERYWHERE,
    steps: [
      'CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), is_deleted boolean NOT NULL DEFAULT false, UNIQUE (email, is_deleted))', "INSERT INTO users VALUES (1, 'a@b.c', true), (2, 'a@b.c', false)",
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
    on: EVERYWHERE,
    steps: [
      'CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), deleted_at timestamp, live_email varchar(100) GENERATED ALWAYS AS (CASE WHEN deleted_at IS NULL THEN email END) STORED UNIQUE)',
      "INSERT INTO users (id, email, deleted_at) VALUES (1, 'a@b.c', '2024-01-01')", "INSERT INTO users (id, email) VALUES (2, 'a@b.c')",
      { run: "INSERT INTO users (id, email) VALUES (3, 'a@b.c')", fails: TAKEN },
    ],
  },
  {
    says: 'a constraint cannot have a predicate',
    steps: [{ run: 'CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), deleted_at timestamp, UNIQUE (email) WHERE deleted_at IS NULL)', fails: /syntax error/ }],
  },
  {
    says: 'MariaDB has no partial indexes, and refuses the predicate of one',
    on: 'mariadb',
    steps: [USERS, { run: 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', fails: SYNTAX }, { run: 'CREATE INDEX i ON users (email) WHERE deleted_at IS NULL', fails: SYNTAX }],
  },
  {
    says: 'MariaDB has no expressions in keys, as MySQL 8 has',
    on: 'mariadb',
    steps: [USERS, { run: 'CREATE UNIQUE INDEX u ON users (email, (IF(deleted_at IS NULL, 1, NULL)))', fails: SYNTAX }],
  },
  {
    says: 'in MariaDB a generated column that is NULL for deleted rows can be added to a table that is there, and gives their values free',
    on: 'mariadb',
    steps: [
      USERS, DEAD, "INSERT INTO users VALUES (4, 'a@b.c', '2024-01-02')", 'ALTER TABLE users ADD COLUMN live_email varchar(100) AS (IF(deleted_at IS NULL, email, NULL)), ADD UNIQUE KEY u (live_email)',
      "INSERT INTO users (id, email) VALUES (2, 'a@b.c')", { run: "INSERT INTO users (id, email) VALUES (3, 'a@b.c')", fails: TAKEN },
      { run: 'UPDATE users SET deleted_at = NULL WHERE id = 1', fails: TAKEN }, 'UPDATE users SET deleted_at = NOW() WHERE id = 2', 'UPDATE users SET deleted_at = NULL WHERE id = 1',
    ],
  },
  {
    says: 'in MariaDB a generated column that says whether a row is live does as the second part of a key, too',
    on: 'mariadb',
    steps: [
      'CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), deleted_at timestamp NULL, live tinyint AS (IF(deleted_at IS NULL, 1, NULL)), UNIQUE KEY u (email, live))',
      "INSERT INTO users (id, email, deleted_at) VALUES (1, 'a@b.c', '2024-01-01'), (4, 'a@b.c', '2024-01-01')", "INSERT INTO users (id, email) VALUES (2, 'a@b.c')",
      { run: "INSERT INTO users (id, email) VALUES (3, 'a@b.c')", fails: TAKEN },
    ],
  },
  {
    says: 'a primary key of the pair keeps the pair of a deleted row',
    on: EVERYWHERE,
    steps: ['CREATE TABLE members (team_id integer, user_id integer, deleted_at timestamp, PRIMARY KEY (team_id, user_id))', "INSERT INTO members VALUES (1, 1, '2024-01-01')", { run: 'INSERT INTO members VALUES (1, 1, NULL)', fails: TAKEN }],
  },
  {
    says: 'a unique index cannot be made while live rows share a value',
    steps: [USERS, LIVE, SECOND, { run: 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', fails: /could not create unique index|UNIQUE constraint failed/ }],
  },
  {
    says: 'a foreign key cannot refer to a partial unique index',
    on: 'postgresql',
    steps: [USERS, 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', { run: 'CREATE TABLE letters (email varchar(100) REFERENCES users (email))', fails: /42830 there is no unique constraint/ }],
  },
  {
    says: 'a foreign key cannot refer to a partial unique index',
    on: 'sqlite',
    steps: [
      USERS, 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL', LIVE, 'CREATE TABLE letters (email varchar(100) REFERENCES users (email))',
      { run: "INSERT INTO letters VALUES ('a@b.c')", fails: /foreign key mismatch/ },
    ],
  },
  {
    says: 'the predicate of an index cannot ask for the time',
    steps: [USERS, { run: 'CREATE UNIQUE INDEX u ON users (email) WHERE deleted_at IS NULL OR deleted_at > CURRENT_TIMESTAMP', fails: /42P17 functions in index predicate must be marked IMMUTABLE|non-deterministic/ }],
  },
]);

const KEYED = 'CREATE TABLE users (id integer PRIMARY KEY, email varchar(100) UNIQUE, name varchar(100), deleted_at timestamp NULL)';

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
      'CREATE TABLE users (id integer PRIMARY KEY, email varchar(100) UNIQUE, name varchar(100), deleted_at timestamp)', "INSERT INTO users VALUES (1, 'a@b.c', 'A', '2024-01-01')",
      "INSERT INTO users VALUES (2, 'a@b.c', 'B', NULL) ON CONFLICT (email) DO UPDATE SET name = excluded.name", { run: 'SELECT id, name, deleted_at IS NULL FROM users', yields: [[1, 'B', false]] },
    ],
    on: 'postgresql',
  },
  {
    says: 'ON DUPLICATE KEY UPDATE edits the deleted row and leaves it deleted',
    on: 'mariadb',
    steps: [
      KEYED, "INSERT INTO users VALUES (1, 'a@b.c', 'A', '2024-01-01')", "INSERT INTO users VALUES (2, 'a@b.c', 'B', NULL) ON DUPLICATE KEY UPDATE name = VALUES(name)",
      { run: 'SELECT id, name, deleted_at IS NULL FROM users', yields: [[1, 'B', 0]] },
    ],
  },
  {
    says: 'ON DUPLICATE KEY UPDATE that sets the tombstone revives the row',
    on: 'mariadb',
    steps: [
      KEYED, "INSERT INTO users VALUES (1, 'a@b.c', 'A', '2024-01-01')", "INSERT INTO users VALUES (2, 'a@b.c', 'B', NULL) ON DUPLICATE KEY UPDATE name = VALUES(name), deleted_at = NULL",
      { run: 'SELECT id, name, deleted_at FROM users', yields: [[1, 'B', null]] },
    ],
  },
  {
    says: 'INSERT IGNORE inserts nothing where a deleted row has the key',
    on: 'mariadb',
    steps: [KEYED, "INSERT INTO users VALUES (1, 'a@b.c', 'A', '2024-01-01')", "INSERT IGNORE INTO users VALUES (2, 'a@b.c', 'B', NULL)", { run: 'SELECT count(*) FROM users WHERE deleted_at IS NULL', yields: [[0]] }],
  },
  {
    says: 'REPLACE deletes the row that it meets for good, with the rows that refer to it',
    on: 'mariadb',
    steps: [
      KEYED, 'CREATE TABLE orders (id integer PRIMARY KEY, user_id integer, FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)', "INSERT INTO users VALUES (1, 'a@b.c', 'A', '2024-01-01')",
      'INSERT INTO orders VALUES (7, 1)', "REPLACE INTO users VALUES (2, 'a@b.c', 'B', NULL)", { run: 'SELECT id FROM users', yields: [[2]] }, { run: 'SELECT id FROM orders', yields: [] },
    ],
  },
  {
    says: 'with a generated column that is NULL for deleted rows ON DUPLICATE KEY UPDATE passes them over',
    on: 'mariadb',
    steps: [
      'CREATE TABLE users (id integer PRIMARY KEY, email varchar(100), name varchar(100), deleted_at timestamp NULL, live_email varchar(100) AS (IF(deleted_at IS NULL, email, NULL)) UNIQUE)',
      "INSERT INTO users (id, email, name, deleted_at) VALUES (1, 'a@b.c', 'A', '2024-01-01')", "INSERT INTO users (id, email, name) VALUES (2, 'a@b.c', 'B') ON DUPLICATE KEY UPDATE name = VALUES(name)",
      { run: 'SELECT id, name FROM users ORDER BY id', yields: [[1, 'A'], [2, 'B']] },
    ],
  },
]);
