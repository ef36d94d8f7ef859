import type { Manifest } from '../../lib/manifest/types.js';
import { testSchemas } from './schema-cases.js';
import { testRule } from './tester.js';

testRule('explicit-foreign-key-action', {
  sql: {
    valid: [],
    invalid: [
      {
        code: 'CREATE TABLE letters (id int PRIMARY KEY, user_id int REFERENCES users (id))', at: 'REFERENCES users (id)',
        message: "Nothing says what becomes of rows of 'letters' when the row of 'users' that they refer to is purged. Give the foreign key an action: ON DELETE CASCADE, SET NULL or RESTRICT.",
        suggestions: {
          cascade: 'CREATE TABLE letters (id int PRIMARY KEY, user_id int REFERENCES users (id) ON DELETE CASCADE)',
          setNull: 'CREATE TABLE letters (id int PRIMARY KEY, user_id int REFERENCES users (id) ON DELETE SET NULL)',
          restrict: 'CREATE TABLE letters (id int PRIMARY KEY, user_id int REFERENCES users (id) ON DELETE RESTRICT)',
        },
      },
      {
        code: 'alter table letters add constraint author foreign key (user_id) references users on update cascade deferrable', at: 'foreign key (user_id) references users on update cascade',
        message: "Nothing says what becomes of rows of 'letters' when the row of 'users' that they refer to is purged. Give the foreign key an action: ON DELETE CASCADE, SET NULL or RESTRICT.",
        suggestions: {
          cascade: 'alter table letters add constraint author foreign key (user_id) references users on delete cascade on update cascade deferrable',
          setNull: 'alter table letters add constraint author foreign key (user_id) references users on delete set null on update cascade deferrable',
          restrict: 'alter table letters add constraint author foreign key (user_id) references users on delete restrict on update cascade deferrable',
        },
      },
      {
        code: 'CREATE TABLE letters (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE SET NULL)', at: 'REFERENCES users ON DELETE SET NULL',
        message: "A purge of 'users' fails as long as rows of 'letters' refer to what it removes, because 'user_id' cannot be NULL. Use ON DELETE CASCADE or RESTRICT.",
        suggestions: {
          cascade: 'CREATE TABLE letters (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE CASCADE)',
          restrict: 'CREATE TABLE letters (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE RESTRICT)',
        },
      },
    ],
  },
});

/** Folders are deleted with their notes, and not with their shares. */
const tables: Manifest['tables'] = { folders: { deletion: 'soft', cascadesTo: ['notes'] }, notes: 'soft', shares: 'soft', logs: { deletion: 'hard', why: 'log' } };
const knex = (chain: string): string => `import type { Knex } from 'knex';\nexport async function up(knex: Knex) { await knex.schema.alterTable('letters', (table) => { ${chain}; }); }`;
const UNSAID = /Nothing says what becomes of rows of 'letters'/;

testSchemas('explicit-foreign-key-action', {
  reported: [
    { in: 'sql', code: 'CREATE TABLE notes (folder_id int REFERENCES folders ON DELETE RESTRICT)', at: ['REFERENCES folders ON DELETE RESTRICT'], says: /'cascadesTo'\), but ON DELETE RESTRICT stops the purge of 'folders'/, tables },
    { in: 'sql', code: 'CREATE TABLE notes (folder_id int REFERENCES folders ON DELETE NO ACTION)', at: ['REFERENCES folders ON DELETE NO ACTION'], says: /ON DELETE NO ACTION stops the purge/, tables },
    { in: 'sql', code: 'CREATE TABLE notes (folder_id int REFERENCES folders ON DELETE SET NULL)', at: ['REFERENCES folders ON DELETE SET NULL'], says: /ON DELETE SET NULL keeps them/, tables },
    { in: 'sql', code: 'CREATE TABLE notes (folder_id int REFERENCES folders)', at: ['REFERENCES folders'], says: /an action: ON DELETE CASCADE\.$/, tables },
    { in: 'sql', code: 'CREATE TABLE shares (folder_id int REFERENCES folders ON DELETE CASCADE)', at: ['REFERENCES folders ON DELETE CASCADE'], says: /removes rows of 'shares' for good, live ones as well/, tables },
    { in: 'sql', code: 'CREATE TABLE logs (folder_id int REFERENCES folders)', at: ['REFERENCES folders'], says: /rows of 'logs'/, tables },
    // A table that refers to itself, and one that the manifest does not know.
    { in: 'sql', code: 'CREATE TABLE users (id int PRIMARY KEY, invited_by int REFERENCES users, deleted_at timestamptz)', at: ['REFERENCES users'], says: /rows of 'users' when the row of 'users'/ },
    { in: 'sql', code: 'CREATE TABLE letters (a int, b int, FOREIGN KEY (a, b) REFERENCES members (team_id, user_id))', at: ['FOREIGN KEY (a, b) REFERENCES members (team_id, user_id)'], says: UNSAID },
    { in: 'sql', code: 'CREATE TABLE letters (payment_id int REFERENCES billing.payments (id) MATCH FULL)', at: ['REFERENCES billing.payments (id) MATCH FULL'], says: /'billing.payments'/ },
    { in: 'mysql', code: 'ALTER TABLE letters ADD CONSTRAINT author FOREIGN KEY (user_id) REFERENCES users (id)', at: ['FOREIGN KEY (user_id) REFERENCES users (id)'], says: UNSAID },
    { in: 'mysql', code: 'CREATE TABLE `letters` (`id` int unsigned, `user_id` int, KEY `k` (`user_id`), CONSTRAINT `c` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`)) ENGINE=InnoDB', at: ['FOREIGN KEY (`user_id`) REFERENCES `users` (`id`)'], says: UNSAID },
    { in: 'sqlite', code: 'CREATE TABLE letters (user_id integer REFERENCES users (id) ON UPDATE CASCADE)', at: ['REFERENCES users (id) ON UPDATE CASCADE'], says: UNSAID },
    { in: 'ts', code: 'await sql`ALTER TABLE letters ADD COLUMN user_id int REFERENCES users`;', at: ['REFERENCES users'], says: UNSAID },
    { in: 'ts', code: knex("table.foreign('user_id').references('id').inTable('users')"), at: ["table.foreign('user_id').references('id').inTable('users')"], says: UNSAID },
    { in: 'ts', code: knex("table.integer('user_id').references('users.id')"), at: ['user_id'], says: UNSAID },
    { in: 'ts', code: knex("table.integer('user_id').notNullable().references('users.id').onDelete('SET NULL')"), at: ['user_id'], says: /because 'user_id' cannot be NULL/ },
    { in: 'ts', code: "import { integer, pgTable } from 'drizzle-orm/pg-core';\nimport { users } from './users';\nexport const users = pgTable('users', { id: integer('id').primaryKey() });\nexport const letters = pgTable('letters', { userId: integer('user_id').references(() => users.id) });", at: ['users.id'], says: UNSAID },
    { in: 'prisma', code: 'model User {\n  id Int @id\n  letters Letter[]\n\n  @@map("users")\n}\nmodel Letter {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n\n  @@map("letters")\n}', at: ['@relation(fields: [userId], references: [id])'], says: UNSAID },
    { in: 'ts', code: "import type { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) { await db.schema.alterTable('letters').addForeignKeyConstraint('author', ['user_id'], 'users', ['id']).execute(); }", at: ["'author'"], says: UNSAID },
    { in: 'ts', code: "exports.up = (pgm) => { pgm.addColumns('letters', { user_id: { type: 'integer', references: 'users' } }); };", at: ['user_id'], says: UNSAID },
  ],
  silent: [
    { in: 'sql', code: 'CREATE TABLE letters (user_id int REFERENCES users (id) ON DELETE CASCADE)' },
    { in: 'sql', code: 'CREATE TABLE letters (user_id int REFERENCES users (id) ON DELETE SET NULL)' },
    { in: 'sql', code: 'CREATE TABLE letters (user_id int NOT NULL REFERENCES users (id) ON DELETE RESTRICT)' },
    { in: 'sql', code: 'CREATE TABLE letters (user_id int REFERENCES users (id) ON DELETE NO ACTION)' },
    { in: 'sql', code: 'CREATE TABLE letters (user_id int REFERENCES users (id) ON UPDATE CASCADE ON DELETE SET DEFAULT)' },
    { in: 'sql', code: 'CREATE TABLE notes (folder_id int NOT NULL REFERENCES folders ON DELETE CASCADE)', tables },
    { in: 'sql', code: 'CREATE TABLE shares (folder_id int REFERENCES folders ON DELETE RESTRICT)', tables },
    // Rows of a hard-deleted table go with it.
    { in: 'sql', code: 'CREATE TABLE logs (folder_id int REFERENCES folders ON DELETE CASCADE)', tables },
    // No rows of it are purged.
    { in: 'sql', code: 'CREATE TABLE letters (session_id int REFERENCES sessions (id))' },
    { in: 'sql', code: 'CREATE TABLE letters (thing_id int REFERENCES unknown_things (id))' },
    { in: 'sql', code: 'CREATE TABLE letters (user_id int REFERENCES users);\nALTER TABLE letters DROP COLUMN user_id;' },
    { in: 'sql', code: 'CREATE TABLE letters (user_id int REFERENCES users);\nDROP TABLE letters;' },
    { in: 'sql', code: 'CREATE TEMPORARY TABLE letters (user_id int REFERENCES users)' },
    { in: 'bigquery', code: 'CREATE TABLE letters (user_id INT64 REFERENCES users (id) NOT ENFORCED)' },
    { in: 'mysql', code: 'ALTER TABLE letters ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE' },
    { in: 'ts', code: knex("table.integer('user_id').references('users.id').onDelete('CASCADE')") },
    { in: 'ts', code: knex("table.foreign('user_id').references('id').inTable('users').onDelete('restrict')") },
    { in: 'ts', code: "import { integer, pgTable } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { id: integer('id').primaryKey() });\nexport const letters = pgTable('letters', { userId: integer('user_id').references(() => users.id, { onDelete: 'cascade' }) });" },
    { in: 'prisma', code: 'model User {\n  id Int @id\n  letters Letter[]\n\n  @@map("users")\n}\nmodel Letter {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id], onDelete: Cascade)\n\n  @@map("letters")\n}' },
    { in: 'ts', code: "import type { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) { await db.schema.alterTable('letters').addForeignKeyConstraint('author', ['user_id'], 'users', ['id']).onDelete('cascade').execute(); }" },
    { in: 'ts', code: "exports.up = (pgm) => { pgm.addColumns('letters', { user_id: { type: 'integer', references: 'users', onDelete: 'CASCADE' } }); };" },
  ],
});
