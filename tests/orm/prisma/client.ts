/** A client of Prisma over a PostgreSQL inside the process, through a driver adapter that keeps what is sent. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaClient } from '../../../fixtures/prisma/generated/client.js';

const SCHEMA = join(__dirname, '../../../fixtures/prisma/prisma/schema.prisma');
export const schema = { path: 'schema.prisma', text: readFileSync(SCHEMA, 'utf8') };

/** The tables of `fixtures/prisma`, with a live and a dead row in each. */
const TABLES = `
  CREATE TABLE customers (id serial PRIMARY KEY, email text UNIQUE NOT NULL, name text NOT NULL, referrer_id int, deleted_at timestamp(3));
  CREATE TABLE coupons (id serial PRIMARY KEY, shop text NOT NULL, code text NOT NULL, percent int NOT NULL, deleted_at timestamp(3), UNIQUE (shop, code));
  CREATE TABLE orders (id serial PRIMARY KEY, number text UNIQUE NOT NULL, customer_id int NOT NULL, coupon_id int, total int NOT NULL, placed_at timestamp(3) NOT NULL DEFAULT now(), deleted_at timestamp(3));
  CREATE TABLE products (id serial PRIMARY KEY, sku text UNIQUE NOT NULL, name text NOT NULL, price int NOT NULL, is_deleted boolean NOT NULL DEFAULT false);
  CREATE TABLE order_items (order_id int NOT NULL, product_id int NOT NULL, quantity int NOT NULL, PRIMARY KEY (order_id, product_id));
  CREATE TABLE tags (id serial PRIMARY KEY, name text UNIQUE NOT NULL, deleted_at timestamp(3));
  CREATE TABLE "_ProductToTag" ("A" int NOT NULL, "B" int NOT NULL, PRIMARY KEY ("A", "B"));
  INSERT INTO customers (email, name, referrer_id, deleted_at) VALUES ('a', 'Ada', 2, NULL), ('b', 'Ben', 1, '2024-01-01');
  INSERT INTO coupons (shop, code, percent, deleted_at) VALUES ('s', 'A', 5, NULL), ('s', 'B', 5, '2024-01-01');
  INSERT INTO orders (number, customer_id, coupon_id, total, deleted_at) VALUES ('1', 1, 1, 10, NULL), ('2', 1, 2, 20, '2024-01-01'), ('3', 2, NULL, 30, NULL);
  INSERT INTO products (sku, name, price, is_deleted) VALUES ('x', 'X', 1, false), ('y', 'Y', 2, true);
  INSERT INTO order_items VALUES (1, 1, 1), (1, 2, 1), (2, 1, 1);
  INSERT INTO tags (name, deleted_at) VALUES ('t', NULL), ('u', '2024-01-01');
  INSERT INTO "_ProductToTag" VALUES (1, 1), (1, 2), (2, 1);
`;

/** The numbers of `ColumnTypeEnum` in Prisma's driver adapters, by the type's object id in PostgreSQL. */
const COLUMN_TYPES: Readonly<Record<number, number>> = { 23: 0, 20: 1, 701: 3, 1700: 4, 16: 5, 25: 7, 1114: 10 };

interface Sent {
  readonly sql: string;
  readonly args: readonly unknown[];
}

/** A bound value as SQL writes it. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : `'${String(value instanceof Date ? value.toISOString() : value).replaceAll("'", "''")}'`;
}


/** Runs pieces of code with the client, and keeps what it sent. */
export class Recorder {
  private sent: string[] = [];
  private readonly db = new PGlite();
  readonly client: PrismaClient;

  constructor() {
    const connection = this.connection();
    this.client = new PrismaClient({ adapter: { ...connection, connect: () => Promise.resolve(connection) } as never });
  }

  async start(): Promise<void> {
    await this.db.exec(TABLES);
  }

  async stop(): Promise<void> {
    await this.client.$disconnect();
    await this.db.close();
  }

  /** Runs with a client whose changes are taken back; gives the SQL that it sent. An error of the database (no such row) ends it. */
  async record(run: (client: PrismaClient) => unknown): Promise<readonly string[]> {
    this.sent = [];
    await this.db.exec('BEGIN');
    try {
      await run(this.client);
    } catch (error) {
      if (!/P20\d\d/.test(String((error as { code?: string }).code))) throw error;
    } finally {
      await this.db.exec('ROLLBACK');
    }
    return this.sent;
  }

  /**
   * What a piece of code gives back, on the tables as they are or without their deleted rows. A read is live where both are the same.
   * @param options.prepare SQL that is run first, and taken back like everything else
   * @returns as JSON; an error of the client (no such row) by its code, or `duplicate key`
   */
  async result(run: (client: PrismaClient) => unknown, { withoutDead = false, prepare = '' } = {}): Promise<string> {
    await this.db.exec('BEGIN');
    try {
      if (prepare) await this.db.exec(prepare);
      if (withoutDead) await this.db.exec(['customers', 'coupons', 'orders', 'tags'].map((table) => `DELETE FROM ${table} WHERE deleted_at IS NOT NULL;`).join(' ') + 'DELETE FROM products WHERE is_deleted;');
      return JSON.stringify(await run(this.client));
    } catch (error) {
      const { code } = error as { code?: string };
      if (/duplicate key/.test(String(error))) return 'duplicate key';
      if (!/P20\d\d/.test(String(code))) throw error;
      return code!;
    } finally {
      await this.db.exec('ROLLBACK');
    }
  }

  private connection() {
    const about = { provider: 'postgres' as const, adapterName: 'recorder' };
    const query = async ({ sql, args }: Sent) => {
      this.sent.push(sql.replace(/\$(\d+)/g, (_, number: string) => literal(args[Number(number) - 1])));
      const { fields, rows, affectedRows } = await this.db.query<unknown[]>(sql, [...args], { rowMode: 'array', parsers: { 1114: (text: string) => `${text.replace(' ', 'T')}Z`, 20: String, 1700: String } });
      return { columnNames: fields.map(({ name }) => name), columnTypes: fields.map(({ dataTypeID }) => COLUMN_TYPES[dataTypeID] ?? 7), rows, affectedRows };
    };
    const queryable = { ...about, queryRaw: query, executeRaw: async (sent: Sent) => (await query(sent)).affectedRows ?? 0 };
    const nothing = (): Promise<void> => Promise.resolve();
    return {
      ...queryable, executeScript: nothing, dispose: nothing,
      startTransaction: () => Promise.resolve({ ...queryable, options: { usePhantomQuery: true }, commit: nothing, rollback: nothing }),
    };
  }
}
