import { EVERYWHERE, testFacts, type Step } from './databases.js';

const ORDERS = 'CREATE TABLE orders (id integer PRIMARY KEY, customer varchar(100), deleted_at timestamp)';
/** 1,000 rows, nine in ten of them deleted. */
const MANY: Step[] = [
  ORDERS, "INSERT INTO orders SELECT i, 'customer ' || (i % 100), CASE WHEN i % 10 > 0 THEN timestamp '2024-01-01' END FROM generate_series(1, 1000) AS numbers (i)", 'ANALYZE orders', 'SET enable_seqscan = off',
];

testFacts('indexes', [
  {
    says: 'an index over all rows has an entry for each deleted row, a partial one has none',
    on: 'postgresql',
    steps: [
      ...MANY, 'CREATE INDEX whole ON orders (customer)', 'CREATE INDEX live ON orders (customer) WHERE deleted_at IS NULL', 'ANALYZE orders',
      { run: "SELECT relname, reltuples::int FROM pg_class WHERE relname IN ('whole', 'live') ORDER BY relname", yields: [['live', 100], ['whole', 1000]] },
    ],
  },
  {
    says: 'a query that asks for live rows takes the partial index, one that does not cannot',
    on: 'postgresql',
    steps: [
      ...MANY, 'CREATE INDEX live ON orders (customer) WHERE deleted_at IS NULL', 'SET enable_bitmapscan = off',
      { run: "EXPLAIN SELECT id FROM orders WHERE customer = 'customer 10' AND deleted_at IS NULL", plans: /Index Scan using live/ },
      { run: "EXPLAIN SELECT id FROM orders WHERE customer = 'customer 10'", plans: /Seq Scan on orders/ }, 'RESET enable_bitmapscan', 'RESET enable_seqscan',
    ],
  },
  {
    says: 'a query that asks for live rows takes the partial index, one that does not cannot',
    on: 'sqlite',
    steps: [
      ORDERS, 'CREATE INDEX live ON orders (customer) WHERE deleted_at IS NULL',
      { run: "EXPLAIN QUERY PLAN SELECT id FROM orders WHERE customer = 'a' AND deleted_at IS NULL", plans: /^SEARCH orders USING INDEX live \(customer=\?\)$/ },
      { run: "EXPLAIN QUERY PLAN SELECT id FROM orders WHERE customer = 'a'", plans: /^SCAN orders$/ },
    ],
  },
  {
    says: 'a purge scans the table unless an index is led by the tombstone',
    on: 'postgresql',
    steps: [
      ...MANY, 'SET enable_bitmapscan = off', 'CREATE INDEX live ON orders (customer) WHERE deleted_at IS NULL',
      { run: "EXPLAIN DELETE FROM orders WHERE deleted_at < '2023-01-01'", plans: /Seq Scan on orders/ },
      'CREATE INDEX dead ON orders (deleted_at) WHERE deleted_at IS NOT NULL',
      { run: "EXPLAIN DELETE FROM orders WHERE deleted_at < '2023-01-01'", plans: /Index Scan using dead/ },
      'RESET enable_bitmapscan', 'RESET enable_seqscan',
    ],
  },
  {
    says: 'an index with the tombstone behind another column does not serve the purge of all',
    on: 'sqlite',
    steps: [
      ORDERS, 'CREATE INDEX behind ON orders (customer, deleted_at)', { run: "EXPLAIN QUERY PLAN DELETE FROM orders WHERE deleted_at < '2023-01-01'", plans: /^SCAN orders$/ },
      'CREATE INDEX dead ON orders (deleted_at) WHERE deleted_at IS NOT NULL', { run: "EXPLAIN QUERY PLAN DELETE FROM orders WHERE deleted_at < '2023-01-01'", plans: /^SEARCH orders USING INDEX dead \(deleted_at<\?\)$/ },
    ],
  },
]);

testFacts('indexes of MariaDB', [
  {
    says: 'a purge scans the table unless an index is led by the tombstone',
    on: 'mariadb',
    steps: [
      ORDERS, "INSERT INTO orders SELECT seq, concat('customer ', seq % 100), IF(seq % 10 > 0, '2024-01-01', NULL) FROM seq_1_to_1000", 'CREATE INDEX behind ON orders (customer, deleted_at)', 'ANALYZE TABLE orders',
      { run: "EXPLAIN FORMAT=JSON SELECT id FROM orders WHERE customer = 'customer 10' AND deleted_at IS NULL", plans: /"key": "behind"/ },
      { run: "EXPLAIN FORMAT=JSON DELETE FROM orders WHERE deleted_at < '2023-01-01'", plans: /"access_type": "ALL"/ },
      'CREATE INDEX dead ON orders (deleted_at)', 'ANALYZE TABLE orders', { run: "EXPLAIN FORMAT=JSON DELETE FROM orders WHERE deleted_at < '2023-01-01'", plans: /"key": "dead"/ },
    ],
  },
  {
    says: 'MariaDB refuses to drop a column that a unique key of several has',
    on: 'mariadb',
    steps: ['CREATE TABLE orders (id integer PRIMARY KEY, customer varchar(100), deleted_at timestamp NULL, UNIQUE KEY u (customer, deleted_at))', { run: 'ALTER TABLE orders DROP COLUMN deleted_at', fails: /ERROR 1072 / }],
  },
]);

testFacts('dropped columns', [
  {
    says: 'dropping the tombstone makes every deleted row look live',
    on: EVERYWHERE,
    steps: [ORDERS, "INSERT INTO orders VALUES (1, 'a', '2024-01-01'), (2, 'b', NULL)", 'ALTER TABLE orders DROP COLUMN deleted_at', { run: 'SELECT id FROM orders ORDER BY id', yields: [[1], [2]] }],
  },
  {
    says: 'dropping the tombstone drops the partial unique index without a word',
    on: 'postgresql',
    steps: [
      ORDERS, 'CREATE UNIQUE INDEX live ON orders (customer) WHERE deleted_at IS NULL', 'ALTER TABLE orders DROP COLUMN deleted_at',
      { run: "SELECT indexname FROM pg_indexes WHERE tablename = 'orders'", yields: [['orders_pkey']] }, "INSERT INTO orders VALUES (1, 'a'), (2, 'a')",
    ],
  },
  {
    says: 'SQLite refuses to drop a column that a partial index asks for',
    on: 'sqlite',
    steps: [ORDERS, 'CREATE UNIQUE INDEX live ON orders (customer) WHERE deleted_at IS NULL', { run: 'ALTER TABLE orders DROP COLUMN deleted_at', fails: /error in index live after drop column/ }],
  },
  {
    says: 'a column that is dropped and added again is empty',
    on: EVERYWHERE,
    steps: [ORDERS, "INSERT INTO orders VALUES (1, 'a', '2024-01-01')", 'ALTER TABLE orders DROP COLUMN deleted_at', 'ALTER TABLE orders ADD COLUMN deleted_at timestamp', { run: 'SELECT deleted_at FROM orders', yields: [[null]] }],
  },
  {
    says: 'a view that was made before has no deleted_at, because * was resolved when it was made',
    on: 'postgresql',
    steps: [
      'CREATE TABLE users (id integer PRIMARY KEY)', 'CREATE VIEW all_users AS SELECT * FROM users', 'ALTER TABLE users ADD COLUMN deleted_at timestamp',
      { run: 'SELECT deleted_at FROM all_users', fails: /42703 column "deleted_at" does not exist/ }, "INSERT INTO users VALUES (1, '2024-01-01')", { run: 'SELECT id FROM all_users', yields: [[1]] },
    ],
  },
  {
    says: 'a full unique key stays full when the tombstone is added',
    on: EVERYWHERE,
    steps: [
      'CREATE TABLE users (id integer PRIMARY KEY, email varchar(100) UNIQUE)', 'ALTER TABLE users ADD COLUMN deleted_at timestamp', "INSERT INTO users VALUES (1, 'a@b.c', '2024-01-01')",
      { run: "INSERT INTO users VALUES (2, 'a@b.c', NULL)", fails: /duplicate key|UNIQUE constraint failed|ERROR 1062 / },
    ],
  },
]);

const POLICIES: Step[] = [
  'CREATE TABLE notes (id integer PRIMARY KEY, owner text, deleted_at timestamp)', "INSERT INTO notes VALUES (1, 'ann', NULL), (2, 'ann', '2024-01-01')", 'ALTER TABLE notes ENABLE ROW LEVEL SECURITY',
  'DO $$ BEGIN CREATE ROLE ann; EXCEPTION WHEN duplicate_object THEN NULL; END $$', 'GRANT USAGE ON SCHEMA public TO ann', 'GRANT ALL ON notes TO ann',
];

testFacts('row-level security', [
  {
    says: 'a policy that does not ask for live rows shows deleted ones',
    on: 'postgresql',
    steps: [...POLICIES, 'CREATE POLICY own ON notes USING (owner = current_user)', 'SET ROLE ann', { run: 'SELECT id FROM notes ORDER BY id', yields: [[1], [2]] }],
  },
  {
    says: 'a policy that shows live rows alone refuses the soft delete that reads the row',
    on: 'postgresql',
    steps: [
      ...POLICIES, 'CREATE POLICY seen ON notes FOR SELECT USING (owner = current_user AND deleted_at IS NULL)', 'CREATE POLICY changed ON notes FOR UPDATE USING (owner = current_user)', 'SET ROLE ann',
      { run: 'UPDATE notes SET deleted_at = now() WHERE id = 1', fails: /42501 new row violates row-level security policy/ },
    ],
  },
  {
    says: 'the owner of the table sees deleted rows whatever its policies say',
    on: 'postgresql',
    steps: [...POLICIES, 'CREATE POLICY seen ON notes USING (deleted_at IS NULL)', { run: 'SELECT id FROM notes ORDER BY id', yields: [[1], [2]] }],
  },
]);
