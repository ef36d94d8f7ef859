import assert from 'node:assert/strict';
import { PGlite } from '@electric-sql/pglite';
import { declarations, MOMENT, testDeclarations, type ColumnWords } from './front-ends.js';
import { testRule, type Invalid, type Valid } from './tester.js';

const MESSAGES = {
  notNull: (column: string, table: string) => `'${column}' of '${table}' cannot be NULL, so no row of it is ever live. Leave NOT NULL out: NULL is what a live row holds.`,
  hasDefault: (column: string, table: string) => `'${column}' of '${table}' has a default, so rows are deleted as soon as they are inserted. Leave the default out: NULL is what a live row holds.`,
  date: (column: string, table: string) => `'${column}' of '${table}' tells the day of a deletion and not the moment, so an undo cannot tell one deletion from the next, and a purge comes up to a day early. Declare a timestamp.`,
  integer: (column: string, table: string) => `'${column}' of '${table}' is a number, and whoever compares it with a time has to know whether it counts seconds or milliseconds. Declare a timestamp.`,
  text: (column: string, table: string) => `'${column}' of '${table}' is a text, and '9:30' comes after '10:30' in a text, so a purge by age takes the wrong rows. Declare a timestamp.`,
  timestamp: (column: string, table: string) => `What '${column}' of '${table}' means depends on the time zone of whoever asks, because its type has none, so a purge by age comes hours early or late. Declare a timestamp with time zone.`,
  sentinel: (column: string, table: string, value: string) => `Live rows of '${table}' hold ${value} in '${column}', and the manifest says that they hold NULL. Leave the default out, or give it to the manifest as what is 'live'.`,
};

/** A column of `users`, which the manifest declares soft, and what the suggestion makes of it. */
function reported(kind: keyof typeof MESSAGES, type: string, after: string | null, more: Partial<Valid> & { value?: string } = {}): Invalid {
  const code = (words: string): string => `CREATE TABLE users (id int, deleted_at ${words}, name text)`, { value = '', ...rest } = more;
  return {
    code: code(type), at: 'deleted_at', message: MESSAGES[kind]('deleted_at', 'users', value), ...rest,
    ...(after !== null && { suggestions: { [kind === 'notNull' || kind === 'hasDefault' || kind === 'sentinel' ? 'asNullable' : 'asTimestamp']: code(after) } }),
  };
}

const strict = [{ allow: [] }];
const DAY: ColumnWords = {
  ...MOMENT, sql: 'date', mysql: 'date NULL', prisma: 'DateTime? @db.Date', drizzle: (name) => `date('${name}')`, knex: (name) => `date('${name}')`, kysely: "'date'",
  typeorm: "type: 'date', nullable: true, isNullable: true", sequelize: '{ type: DataTypes.DATEONLY, allowNull: true }', pgm: "{ type: 'date' }",
};
const REQUIRED: ColumnWords = {
  sql: 'timestamptz NOT NULL', mysql: 'datetime NOT NULL', prisma: 'DateTime', drizzle: (name) => `timestamp('${name}', { withTimezone: true }).notNull()`, knex: (name) => `timestamp('${name}').notNullable()`,
  kysely: "'timestamptz', (col) => col.notNull()", typeorm: "type: 'timestamptz', isNullable: false", sequelize: '{ type: DataTypes.DATE, allowNull: false }', pgm: "{ type: 'timestamptz', notNull: true }", mikro: "type: 'timestamptz', nullable: false",
};
testRule('tombstone-type', {
  sql: {
    valid: [
      'CREATE TABLE users (id int, deleted_at timestamptz)',
      'CREATE TABLE users (id int, deleted_at timestamptz NULL DEFAULT NULL)',
      'CREATE TABLE users (id int, deleted_at timestamp with time zone DEFAULT NULL::timestamp with time zone)',
      'ALTER TABLE users ADD deleted_at timestamptz(3)',
      // Most projects live with these; `strict` does not.
      'CREATE TABLE users (id int, deleted_at timestamp)',
      'CREATE TABLE users (id int, deleted_at bigint)',
      { code: 'CREATE TABLE `users` (`deleted_at` datetime(3))', dialect: 'mysql' },
      { code: 'CREATE TABLE `users` (`deleted_at` datetime)', dialect: 'mysql', options: strict },
      { code: 'CREATE TABLE `users` (`deleted_at` timestamp NULL)', dialect: 'mysql', options: strict },
      // SQLite keeps moments as texts or numbers.
      { code: 'CREATE TABLE users (deleted_at INTEGER)', dialect: 'sqlite', options: strict },
      { code: 'CREATE TABLE users (deleted_at TEXT)', dialect: 'sqlite', options: strict },
      { code: 'CREATE TABLE users (deleted_at DATE)', dialect: 'sqlite', options: strict },
      { code: 'CREATE TABLE users (deleted_at TIMESTAMP)', dialect: 'bigquery', options: strict },
      { code: 'CREATE TABLE users (id int, deleted_at date)', options: [{ allow: ['date'] }] },
      { code: 'CREATE TABLE users (id int, deleted_at text)', options: [{ allow: ['text'] }] },
      // The manifest says what a live row holds.
      "CREATE TABLE contracts (id int, deleted_at timestamptz NOT NULL DEFAULT '9999-12-31')",
      'CREATE TABLE products (id int, deleted int NOT NULL DEFAULT 0)',
      'CREATE TABLE accounts (id int, is_deleted boolean NOT NULL DEFAULT false)',
      'CREATE TABLE offers (id int, deleted_at timestamptz NOT NULL DEFAULT now())',
      "CREATE TABLE tickets (id int, status text NOT NULL DEFAULT 'open')",
      // No tombstone.
      'CREATE TABLE users (id int, created_at timestamp NOT NULL DEFAULT now(), born date)',
      'CREATE TABLE sessions (id int, deleted_at date NOT NULL)',
      // A record of deletions.
      'CREATE TABLE deleted_users (id int, deleted_at timestamptz NOT NULL DEFAULT now())',
      'CREATE TABLE user_deletions (id int, deleted_at timestamptz DEFAULT now())',
      'CREATE TABLE erased (id int, deleted_at timestamptz NOT NULL)',
      // In a table that the manifest does not know, names that may speak of another thing.
      'CREATE TABLE notes (id int, removed_at date, archived_at date)',
      'CREATE TABLE notes (id int, deleted boolean NOT NULL DEFAULT false)',
      'ALTER TABLE users ALTER COLUMN deleted_at DROP NOT NULL',
      'ALTER TABLE users ALTER COLUMN deleted_at DROP DEFAULT',
    ],
    invalid: [
      reported('notNull', 'timestamptz NOT NULL', 'timestamptz'),
      reported('notNull', 'timestamptz NOT NULL DEFAULT now()', 'timestamptz'),
      reported('notNull', 'timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL', 'timestamptz'),
      reported('hasDefault', 'timestamptz DEFAULT now()', 'timestamptz'),
      reported('hasDefault', 'timestamptz DEFAULT CURRENT_TIMESTAMP', 'timestamptz'),
      reported('hasDefault', "timestamptz DEFAULT 'now'", 'timestamptz'),
      reported('date', 'date', 'timestamptz'),
      reported('date', 'DATE NULL', 'timestamptz'),
      reported('text', 'text', 'timestamptz'),
      reported('text', 'varchar(64)', 'timestamptz'),
      reported('integer', 'bigint', 'timestamptz', { options: strict }),
      reported('integer', 'integer NULL', 'timestamptz', { options: strict }),
      reported('timestamp', 'timestamp', 'timestamptz', { options: strict }),
      reported('timestamp', 'timestamp(3) without time zone', 'timestamptz', { options: strict }),
      reported('timestamp', 'timestamp', 'timestamptz', { options: [{ allow: ['integer'] }] }),
      reported('sentinel', "timestamptz NOT NULL DEFAULT 'infinity'", 'timestamptz', { value: "'infinity'" }),
      reported('sentinel', "timestamptz DEFAULT '9999-12-31'", 'timestamptz', { value: "'9999-12-31'" }),
      { code: 'CREATE TABLE `users` (`deleted_at` datetime NOT NULL)', dialect: 'mysql', at: '`deleted_at`', message: MESSAGES.notNull('deleted_at', 'users'), suggestions: { asNullable: 'CREATE TABLE `users` (`deleted_at` datetime NULL)' } },
      { code: 'CREATE TABLE `users` (`deleted_at` date)', dialect: 'mysql', at: '`deleted_at`', message: MESSAGES.date('deleted_at', 'users'), suggestions: { asTimestamp: 'CREATE TABLE `users` (`deleted_at` DATETIME NULL)' } },
      { code: 'CREATE TABLE users (deleted_at TEXT NOT NULL)', dialect: 'sqlite', at: 'deleted_at', message: MESSAGES.notNull('deleted_at', 'users'), suggestions: { asNullable: 'CREATE TABLE users (deleted_at TEXT)' } },
      { code: 'CREATE TABLE notes (id int, deleted_at timestamptz DEFAULT now())', at: 'deleted_at', message: MESSAGES.hasDefault('deleted_at', 'notes'), suggestions: { asNullable: 'CREATE TABLE notes (id int, deleted_at timestamptz)' } },
      { code: 'ALTER TABLE users ADD deleted_at date', at: 'deleted_at', message: MESSAGES.date('deleted_at', 'users'), suggestions: { asTimestamp: 'ALTER TABLE users ADD deleted_at timestamptz' } },
      { code: 'ALTER TABLE users ALTER COLUMN deleted_at SET NOT NULL', at: 'deleted_at', message: MESSAGES.notNull('deleted_at', 'users') },
      { code: 'ALTER TABLE users ALTER COLUMN deleted_at SET DEFAULT now()', at: 'deleted_at', message: MESSAGES.hasDefault('deleted_at', 'users') },
      { code: 'ALTER TABLE users ALTER COLUMN deleted_at TYPE date', at: 'deleted_at', message: MESSAGES.date('deleted_at', 'users') },
    ],
  },
  prisma: {
    valid: [
      { code: 'model User {\n  id Int @id\n  deleted_at DateTime?\n\n  @@map("users")\n}', options: strict },
      { code: 'model User {\n  id Int @id\n  deletedAt DateTime? @map("deleted_at") @db.Timestamptz(6)\n\n  @@map("users")\n}', options: strict },
    ],
    invalid: [{ code: 'model User {\n  id Int @id\n  deleted_at DateTime @default(now())\n\n  @@map("users")\n}', at: 'deleted_at', message: MESSAGES.notNull('deleted_at', 'users'), suggestions: { asNullable: 'model User {\n  id Int @id\n  deleted_at DateTime?\n\n  @@map("users")\n}' } }],
  },
});

const required = declarations('users', 'deleted_at', REQUIRED).map((one) => ({ ...one, code: one.code.replace('property?:', 'property!:') }));
testDeclarations('tombstone-type', required, MESSAGES.notNull('deleted_at', 'users'));
// MikroORM's `date` is a moment.
testDeclarations('tombstone-type', declarations('users', 'deleted_at', DAY).filter(({ how }) => how !== 'MikroORM'), MESSAGES.date('deleted_at', 'users'));
testDeclarations('tombstone-type', declarations('users', 'deleted_at', MOMENT), null);
testDeclarations('tombstone-type', required.map((one) => ({ ...one, code: one.code.replaceAll('users', 'sessions') })), null);

describe('what tombstone-type says of PostgreSQL', function () {
  this.timeout(60_000);
  let db: PGlite;
  before(async () => { db = await PGlite.create(); });
  after(() => db.close());

  it('a row of a table whose tombstone has a default is deleted as soon as it is inserted', async () => {
  await db.exec('CREATE TABLE a (id int, deleted_at timestamptz DEFAULT now()); INSERT INTO a (id) VALUES (1)');
  assert.equal((await db.query('SELECT id FROM a WHERE deleted_at IS NULL')).rows.length, 0);
  });

  it('a timestamp without time zone is compared with now() in the time zone of the session', async () => {
  await db.exec("SET TimeZone TO 'UTC'; CREATE TABLE b (deleted_at timestamp); INSERT INTO b VALUES (now() - interval '29 days 20 hours')");
  const purged = async (zone: string): Promise<number> => {
    await db.exec(`SET TimeZone TO '${zone}'`);
    return (await db.query("SELECT 1 FROM b WHERE deleted_at < now() - interval '30 days'")).rows.length;
  };
  assert.deepEqual([await purged('UTC'), await purged('Asia/Tokyo')], [0, 1]);
  });

  it('a date is a day that began before the deletion', async () => {
  await db.exec("SET TimeZone TO 'UTC'; CREATE TABLE c (deleted_at date); INSERT INTO c VALUES (timestamptz '2024-05-01 23:00+00')");
  assert.equal((await db.query("SELECT 1 FROM c WHERE deleted_at < timestamptz '2024-05-31 01:00+00' - interval '30 days'")).rows.length, 1);
  });

  it('texts are compared letter by letter', async () => {
  assert.deepEqual((await db.query("SELECT '2024-05-01 9:30' > '2024-05-01 10:30' AS later")).rows, [{ later: true }]);
  });
});
