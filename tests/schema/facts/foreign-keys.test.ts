import { EVERYWHERE, testFacts, type Step } from './databases.js';

const USERS = 'CREATE TABLE users (id integer PRIMARY KEY, deleted_at timestamp)';
const REFERRED = /23503 |23502 |23001 |FOREIGN KEY constraint failed|NOT NULL constraint failed|ERROR 1451 /;

/** A deleted user with an order that is live, by a foreign key with these words. */
function users(action: string, column = 'user_id integer'): Step[] {
  return [USERS, `CREATE TABLE orders (id integer PRIMARY KEY, ${column} REFERENCES users (id) ${action}, deleted_at timestamp)`, "INSERT INTO users VALUES (1, '2024-01-01')", 'INSERT INTO orders VALUES (7, 1, NULL)'];
}

const PURGE = "DELETE FROM users WHERE deleted_at < '2024-02-01'";

testFacts('foreign keys', [
  {
    says: 'a foreign key without ON DELETE stops the purge while rows refer to the deleted one',
    on: EVERYWHERE,
    steps: [...users(''), { run: PURGE, fails: REFERRED }],
  },
  {
    says: 'one deleted row that is referred to keeps all others from being purged in the same statement',
    on: EVERYWHERE,
    steps: [...users(''), "INSERT INTO users VALUES (2, '2024-01-01')", { run: PURGE, fails: REFERRED }, { run: 'SELECT count(*) FROM users', yields: [[2]] }],
  },
  {
    says: 'ON DELETE RESTRICT stops the purge, too',
    on: EVERYWHERE,
    steps: [...users('ON DELETE RESTRICT'), { run: PURGE, fails: REFERRED }],
  },
  {
    says: 'ON DELETE CASCADE takes rows that refer to a purged one along, whether they are deleted or live',
    on: EVERYWHERE,
    steps: [...users('ON DELETE CASCADE'), PURGE, { run: 'SELECT count(*) FROM orders', yields: [[0]] }],
  },
  {
    says: 'ON DELETE SET NULL keeps the rows, which no longer say whose they are',
    on: EVERYWHERE,
    steps: [...users('ON DELETE SET NULL'), PURGE, { run: 'SELECT id, user_id FROM orders', yields: [[7, null]] }],
  },
  {
    says: 'ON DELETE SET NULL of a column that is NOT NULL stops the purge',
    steps: [...users('ON DELETE SET NULL', 'user_id integer NOT NULL'), { run: PURGE, fails: REFERRED }],
  },
  {
    says: 'MariaDB refuses ON DELETE SET NULL of a column that is NOT NULL',
    on: 'mariadb',
    steps: [USERS, { run: 'CREATE TABLE orders (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id) ON DELETE SET NULL)', fails: /errno: 150/ }],
  },
  {
    says: 'a soft delete fires no action: the live rows of a deleted one stay live',
    on: EVERYWHERE,
    steps: [...users('ON DELETE CASCADE'), "UPDATE users SET deleted_at = '2024-01-02'", { run: 'SELECT count(*) FROM orders WHERE deleted_at IS NULL', yields: [[1]] }],
  },
  {
    says: 'a soft delete is not stopped by ON DELETE RESTRICT',
    on: EVERYWHERE,
    steps: [...users('ON DELETE RESTRICT'), 'UPDATE users SET deleted_at = CURRENT_TIMESTAMP'],
  },
  {
    says: 'a foreign key lets rows refer to a row that is deleted',
    on: EVERYWHERE,
    steps: [...users('ON DELETE CASCADE'), 'INSERT INTO orders VALUES (8, 1, NULL)'],
  },
  {
    says: 'a purge of the rows that refer goes first where the foreign key stops it',
    on: EVERYWHERE,
    steps: [...users(''), 'DELETE FROM orders WHERE user_id = 1', PURGE, { run: 'SELECT count(*) FROM users', yields: [[0]] }],
  },
  {
    says: 'the index that finds the rows of a purged one has to be over deleted rows as well',
    on: 'postgresql',
    steps: [
      ...users('ON DELETE CASCADE'), 'CREATE INDEX partial ON orders (user_id) WHERE deleted_at IS NULL', 'SET enable_seqscan = off',
      { run: 'EXPLAIN (COSTS OFF) DELETE FROM ONLY orders WHERE user_id = 1', plans: /Seq Scan on orders/ },
      'DROP INDEX partial', 'CREATE INDEX whole ON orders (user_id)',
      { run: 'EXPLAIN (COSTS OFF) DELETE FROM ONLY orders WHERE user_id = 1', plans: /Index Scan (?:using|on) whole/ },
      'RESET enable_seqscan',
    ],
  },
]);
