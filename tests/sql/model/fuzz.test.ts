/** Whatever the parser accepts can be converted, and every edit can be asked for: statements with words left out, doubled, swapped and put in. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Dialect } from '../../../lib/manifest/catalog.js';
import type { Delete, Expr, Insert, Remedies, TableRef, TombstoneFact } from '../../../lib/model/query.js';
import { Reading } from '../../../lib/sql/model/context.js';
import { convertStatement } from '../../../lib/sql/model/statements.js';
import { parseStatement } from '../../../lib/sql/parse.js';
import { remediesFor } from '../../../lib/sql/remedies.js';
import { splitStatements } from '../../../lib/sql/split.js';
import { template } from './template.js';

const DIALECTS: readonly Dialect[] = ['postgresql', 'mysql', 'mariadb', 'sqlite', 'bigquery'];
const SEEDS = [
  'WITH a ( x ) AS ( SELECT 1 UNION ALL ( SELECT 2 FROM t LIMIT 3 ) ) SELECT DISTINCT u . id AS n , count ( * ) FILTER ( WHERE b ) , u . * FROM users u LEFT JOIN ( o JOIN p USING ( id ) ) ON u . id = o . id , LATERAL f ( 1 ) g WHERE u . a IS NULL AND ( b OR NOT c ) AND d IN ( SELECT id FROM e ) GROUP BY 1 HAVING count ( * ) > 1 ORDER BY 2 LIMIT 3 OFFSET 4',
  'INSERT INTO users ( a , b ) VALUES ( 1 , ${value} ) , ( DEFAULT , now ( ) - interval \'3 days\' ) ON CONFLICT ( a ) WHERE d IS NULL DO UPDATE SET a = excluded . a , ( b , c ) = ( 1 , 2 ) WHERE users . d IS NULL RETURNING *',
  'INSERT INTO users SELECT * FROM t WHERE ${fragment} ON DUPLICATE KEY UPDATE a = VALUES ( a )',
  'UPDATE users AS u SET a = CASE WHEN b THEN 1 ELSE 2 END , c = c + 1 FROM t JOIN v ON true WHERE u . id = ANY ( ARRAY [ 1 , 2 ] ) RETURNING u . id',
  'UPDATE users u JOIN t ON t . id = u . id SET u . a = 1 , t . b = ${fragment} WHERE u . d <=> NULL',
  'DELETE u , t FROM users u JOIN t ON t . id = u . id WHERE u . d < DATE_SUB ( NOW ( ) , INTERVAL 30 DAY )',
  'DELETE FROM users USING t WHERE users . id = t . id ${fragment} RETURNING id',
  'MERGE INTO users u USING ( SELECT * FROM t ) s ON u . id = s . id WHEN MATCHED AND s . x THEN DELETE WHEN MATCHED THEN UPDATE SET a = s . a WHEN NOT MATCHED THEN INSERT ( a ) VALUES ( s . a )',
  'SELECT a :: text , CAST ( b AS int ) , - c , d [ 1 ] , ( e ) . f , g -> \'h\' , i || j , k BETWEEN 1 AND 2 , coalesce ( l , 0 ) , nullif ( m , n ) , extract ( day FROM now ( ) - o ) FROM ${identifier} TABLESAMPLE SYSTEM ( 1 ) FULL JOIN users USING ( id ) FOR UPDATE',
  'CREATE TABLE IF NOT EXISTS users ( id int PRIMARY KEY , a timestamp with time zone NOT NULL DEFAULT now ( ) , b tinyint ( 1 ) , UNIQUE ( a ) )',
  'ALTER TABLE users ADD COLUMN a boolean NOT NULL , DROP COLUMN b , ALTER COLUMN c TYPE timestamptz , RENAME TO t',
  'CREATE MATERIALIZED VIEW v AS SELECT * FROM users NATURAL JOIN t WHERE EXISTS ( SELECT 1 FROM users ) WITH NO DATA',
  'CREATE POLICY p ON users FOR SELECT USING ( a IS NULL ) WITH CHECK ( ${fragment} )',
  'TRUNCATE TABLE users , ONLY t CASCADE',
  'SELECT * EXCEPT ( a ) FROM users , UNNEST ( b ) AS c WITH OFFSET QUALIFY row_number ( ) OVER ( PARTITION BY d ORDER BY e ) = 1',
].map((seed) => seed.split(' '));
const WORDS = [...new Set(SEEDS.flat()), 'EXISTS', 'ALL', 'ONLY', 'ROW', 'IS', 'IF', '${unknown}', '\'x\'', '0', ';'];

const TOMBSTONE: TombstoneFact = { column: 'deleted_at', names: ['deleted_at'], live: null, dead: null, scheduled: false };

const mutation = fc.record({ what: fc.constantFrom('drop', 'double', 'swap', 'insert', 'cut'), at: fc.nat(), word: fc.constantFrom(...WORDS) });

function mutate(words: readonly string[], changes: readonly { readonly what: string; readonly at: number; readonly word: string }[]): string {
  const result = [...words];
  for (const { what, at, word } of changes) {
    const index = at % result.length;
    if (what === 'drop') result.splice(index, 1);
    else if (what === 'double') result.splice(index, 0, result[index]!);
    else if (what === 'insert') result.splice(index, 0, word);
    else if (what === 'cut') result.length = Math.max(1, index);
    else [result[index], result[(index + 1) % result.length]] = [result[(index + 1) % result.length]!, result[index]!];
    if (result.length === 0) return '';
  }
  return result.join(' ');
}

/** Converts every statement of a text and asks for every edit; gives how many the parser accepted. */
function convertAll(text: string, dialect: Dialect): number {
  const sql = template(text);
  let accepted = 0;
  for (const part of splitStatements(sql, dialect)) {
    const parsed = parseStatement(sql, part, dialect);
    if (!parsed.ok) continue;
    accepted++;
    const reading = new Reading({ sql, dialect, start: part.start, end: part.end, text: parsed.text, holes: parsed.holes, repairs: parsed.repairs });
    const { roots, declarations } = convertStatement(parsed.cst, reading);
    const remedies = remediesFor(reading) as Required<Remedies>;
    const seen = new Set<object>();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      const node = value as { type?: string; range?: readonly number[] };
      if (node.range && !('start' in node)) assert.ok(node.range[0]! >= 0 && node.range[0]! <= node.range[1]! && node.range[1]! <= text.length, 'ranges lie in the file');
      if (node.type === 'table') remedies.addLiveFilter(value as TableRef, [TOMBSTONE]);
      if (node.type === 'delete') {
        remedies.softDelete(value as Delete, (value as Delete).target, TOMBSTONE);
        remedies.addAge(value as Delete, (value as Delete).target, TOMBSTONE, 30);
      }
      if (node.type === 'insert') {
        remedies.addConflictPredicate(value as Insert, TOMBSTONE);
        remedies.reviveOnConflict(value as Insert, TOMBSTONE);
      }
      if (node.type === 'is' || node.type === 'comparison') {
        remedies.parenthesise(value as Expr);
        remedies.replaceByLive(value as Expr, null, TOMBSTONE, false);
      }
      Object.values(value).forEach(visit);
    };
    visit(roots);
    for (const column of declarations.flatMap((declaration) => declaration.columns)) column.asTimestamp?.('deleted_at');
  }
  return accepted;
}

describe('the conversion', () => {
  for (const dialect of DIALECTS) {
    it(`never fails on what the parser of ${dialect} accepts`, function () {
      this.timeout(60_000);
      let accepted = 0;
      fc.assert(fc.property(fc.constantFrom(...SEEDS), fc.array(mutation, { maxLength: 3 }), (seed, changes) => {
        accepted += convertAll(mutate(seed, changes), dialect);
      }), { seed: 20_240_601, numRuns: 120 });
      assert.ok(accepted > 20, `${accepted} statements were accepted`);
    });
  }
});
