/**
 * How long does `lib/sql` take for the worst text that anybody can think of?
 *
 *   npx tsx bench/adversarial.ts [--all]
 *
 * The parser's time on text that it cannot read grows exponentially with the depth of the parentheses (unaided: 4 levels of AND, EXISTS and a
 * subselect around one unknown construct cost seconds). Each input here goes through split, fill and parse; the table shows CPU milliseconds of
 * the slowest, and whether it was read. Sizes are up to 100 KB.
 */
import type { Dialect } from '../lib/manifest/catalog.js';
import { parseStatement } from '../lib/sql/parse.js';
import { routineBody } from '../lib/sql/routine.js';
import { splitStatements } from '../lib/sql/split.js';
import { plainText } from '../lib/sql/sql-text.js';

const wrap = (depth: number, open: string, leaf: string, close: string): string => open.repeat(depth) + leaf + close.repeat(depth);
/** An expression that the parser does not know and no repair knows either. */
const UNKNOWN = 'frob a b <nonsense> c';

const inputs: [name: string, text: string, dialect?: Dialect][] = [];
const add = (name: string, text: string, dialect?: Dialect): void => { inputs.push([name, text, dialect]); };

for (const depth of [2, 4, 5, 8, 10, 15, 20, 25, 50, 100, 400, 1000]) {
  add(`unclosed parentheses ${depth}`, `SELECT ${'('.repeat(depth)}1`);
  add(`parentheses around nothing known ${depth}`, `SELECT ${wrap(depth, '(', UNKNOWN, ')')}`);
  add(`parentheses around f(t.*) ${depth}`, `SELECT ${wrap(depth, '(', 'f(t.*)', ')')} FROM t`);
  add(`calls around f(t.*) ${depth}`, `SELECT ${wrap(depth, 'g(', 'f(t.*)', ')')} FROM t`);
  add(`calls around nothing known ${depth}`, `SELECT ${wrap(depth, 'g(1, ', UNKNOWN, ')')} FROM t`);
  add(`EXISTS around nothing known ${depth}`, `SELECT 1 FROM t WHERE ${wrap(depth, 'EXISTS (SELECT 1 FROM t WHERE ', UNKNOWN, ')')}`);
  add(`EXISTS around f(t.*) ${depth}`, `SELECT 1 FROM t WHERE ${wrap(depth, 'EXISTS (SELECT 1 FROM t WHERE ', 'f(t.*)', ')')}`);
  add(`derived tables around nothing known ${depth}`, `SELECT * FROM ${wrap(depth, '(SELECT * FROM ', `t WHERE ${UNKNOWN}`, ') x')}`);
  add(`double parentheses around a query ${depth}`, `SELECT ${wrap(depth, '((SELECT ', UNKNOWN, '))')}`);
  add(`CTEs around nothing known ${depth}`, `${wrap(depth, 'WITH x AS (', `SELECT ${UNKNOWN}`, ') SELECT * FROM x')}`);
  add(`AND, EXISTS and subselects ${depth}`, `SELECT 1 FROM t WHERE ${wrap(depth, 'a = 1 AND (b OR EXISTS (SELECT 1 FROM t WHERE x = (SELECT ', UNKNOWN, ' FROM u)))')}`);
  add(`IN lists of queries ${depth}`, `SELECT 1 FROM t WHERE ${wrap(depth, 'a IN (SELECT a FROM t WHERE ', UNKNOWN, ')')}`);
  add(`CASE ${depth}`, `SELECT ${wrap(depth, 'CASE WHEN ', UNKNOWN, ' THEN 1 END')}`);
  add(`CASE in parentheses ${depth}`, `SELECT ${wrap(depth, '(CASE WHEN ', UNKNOWN, ' THEN 1 END)')}`);
  add(`CAST ${depth}`, `SELECT ${wrap(depth, 'CAST(', UNKNOWN, ' AS int)')}`);
  add(`joins in parentheses ${depth}`, `SELECT * FROM ${wrap(depth, '(a JOIN ', `b ON ${UNKNOWN}`, ' ON true)')}`);
  add(`NOT ${depth}`, `SELECT 1 FROM t WHERE ${wrap(depth, 'NOT (', UNKNOWN, ')')}`);
  add(`ARRAY ${depth}`, `SELECT ${wrap(depth, 'ARRAY[', UNKNOWN, ']')}`);
  add(`subscripts ${depth}`, `SELECT ${wrap(depth, 'a[', UNKNOWN, ']')}`);
  add(`UNION in parentheses ${depth}`, `${wrap(depth, '(SELECT 1 UNION ', `SELECT ${UNKNOWN}`, ')')}`);
  add(`queries, all known ${depth}`, `SELECT 1 FROM t WHERE ${wrap(depth, 'EXISTS (SELECT 1 FROM t WHERE a = (', '1', '))')}`);
  add(`DEFAULT in a definition ${depth}`, `CREATE TABLE t (a int DEFAULT ${wrap(depth, '(', UNKNOWN, ')')}, b int)`);
  add(`CHECK in a definition ${depth}`, `CREATE TABLE t (a int CHECK (${wrap(depth, 'a > 1 AND (', UNKNOWN, ')')}), b int)`, 'mysql');
  add(`conditions of an index ${depth}`, `CREATE INDEX i ON t (a) WHERE ${wrap(depth, '(', UNKNOWN, ')')}`);
  add(`rows ${depth}`, `INSERT INTO t VALUES ${wrap(depth, '(', UNKNOWN, ')')}`);
  add(`assignments ${depth}`, `UPDATE t SET a = ${wrap(depth, '(', UNKNOWN, ')')} WHERE b`);
}
const many = (count: number, text: string, between = ' '): string => Array.from({ length: count }, (_, i) => text.replaceAll('#', String(i))).join(between);
add('10,000 rows', `INSERT INTO t (a, b) VALUES ${many(6000, "(#, 'x')", ', ')}`);
add('10,000 rows, one unknown', `INSERT INTO t (a, b) VALUES ${many(5000, "(#, 'x')", ', ')}, (${UNKNOWN}), ${many(1000, '(#, 1)', ', ')}`);
add('items of IN', `SELECT 1 FROM t WHERE a IN (${many(15_000, '#', ', ')})`);
add('strings of IN', `SELECT 1 FROM t WHERE a IN (${many(9000, "'#'", ', ')})`);
add('placeholders of IN', `SELECT 1 FROM t WHERE a IN (${many(30_000, '?', ', ')})`);
add('a chain of AND', `SELECT 1 FROM t WHERE ${many(5000, 'a# = #', ' AND ')}`);
add('a chain of AND around one unknown', `SELECT 1 FROM t WHERE ${many(2500, 'a# = #', ' AND ')} AND (${UNKNOWN}) AND ${many(2500, 'a# = #', ' AND ')}`);
add('a chain of AND, unknown at the end', `SELECT 1 FROM t WHERE ${many(5000, 'a# = #', ' AND ')} AND ${UNKNOWN}`);
add('columns', `SELECT ${many(8000, 'c#', ', ')} FROM t`);
add('star arguments', `SELECT ${many(2000, 'f(t#.*)', ', ')} FROM t`);
add('unions', many(2000, 'SELECT # FROM t', ' UNION ALL '));
add('joins', `SELECT * FROM t ${many(2000, 'JOIN t# ON t#.a = t.a')}`);
add('joins without conditions, then ON', `SELECT * FROM t ${many(1500, 'JOIN t#')} ${many(1500, 'ON a = b')}`);
add('subqueries side by side', `SELECT ${many(1500, '(SELECT # FROM t WHERE a = #)', ', ')}`);
add('unknown subqueries side by side', `SELECT ${many(1500, `(SELECT # FROM t WHERE ${UNKNOWN})`, ', ')}`);
add('CTEs side by side', `WITH ${many(1500, 'x# AS (SELECT # FROM t WHERE a = #)', ', ')} SELECT 1`);
add('an unclosed comment', `SELECT 1 /* ${'x '.repeat(50_000)}`);
add('an unclosed string', `SELECT 'x ${'y '.repeat(50_000)}`);
add('an unclosed dollar quote', `SELECT $a$ ${'y '.repeat(50_000)}`);
add('dollar quotes', `SELECT ${many(5000, '$a#$ x')}`);
add('one long string', `SELECT '${'x'.repeat(100_000)}'`);
add('one long comment', `SELECT 1 /* ${'x '.repeat(50_000)} */`);
add('line comments', `SELECT 1 ${many(5000, '-- x #\n')}`);
add('nested comments', `SELECT 1 ${'/* '.repeat(10_000)}${'*/ '.repeat(10_000)}`);
add('nested comments, unclosed', `SELECT 1 ${'/* '.repeat(30_000)}`);
add('semicolons', ';'.repeat(100_000));
add('backslashes', `SELECT '${'\\'.repeat(100_000)}'`, 'mysql');
add('quotes', `SELECT ${"'".repeat(100_000)}`);
add('brackets', `SELECT ${'['.repeat(50_000)}`);
add('braces', `SELECT ${'{'.repeat(50_000)}`);
add('operators', `SELECT 1 ${'+'.repeat(50_000)} 1`);
add('minus signs', `SELECT 1 ${'- '.repeat(20_000)} 1`);
add('dots', `SELECT ${many(20_000, 'a', '.')}`);
add('words', many(20_000, 'a#'));
add('keywords', many(15_000, 'SELECT'));
add('NOT', `SELECT ${'NOT '.repeat(20_000)} a`);
add('blanks', `SELECT ${' '.repeat(100_000)} 1 FROM ${' '.repeat(1000)} (`);
add('triggers that never end', many(1500, 'CREATE TRIGGER x BEFORE UPDATE ON t BEGIN UPDATE t SET a = 1;'), 'sqlite');
add('COPY without data', many(3000, 'COPY t FROM stdin;\n'));
add('MySQL columns', `CREATE TABLE t (${many(1500, 'a# int unsigned NOT NULL', ', ')}, ${many(500, 'KEY k# (a#)', ', ')}) ENGINE=InnoDB`, 'mysql');
add('columns with unknown options', `CREATE TABLE t (${many(500, 'a# int frobbed quux', ', ')})`);
add('actions of ALTER TABLE', `ALTER TABLE t ${many(2000, 'ADD INDEX i# (a#)', ', ')}`, 'mysql');
add('unknown actions of ALTER TABLE', `ALTER TABLE t ${many(2000, 'FROB a#', ', ')}`);
add('a chain of AND, shorter', `SELECT 1 FROM t WHERE ${many(1900, 'a# = #', ' AND ')}`);
add('columns, fewer', `SELECT ${many(3900, 'c#', ', ')} FROM t`);
// What is written for another database, in the sizes that people write it in.
const clickhouse = (columns: number): string => `SELECT toUnixTimestamp64Milli(CAST(toStartOfInterval(time, INTERVAL 1 hour) AS DateTime64(3))) AS x, map(${many(columns, "'k#', countIf(outcome = 'o#' AND id = {p#: String})", ', ')}) AS y
  FROM default.users FINAL PREWHERE workspace_id = {workspaceId: String} WHERE time BETWEEN fromUnixTimestamp64Milli({start: Int64}) AND fromUnixTimestamp64Milli({end: Int64})
  GROUP BY x ORDER BY x ASC WITH FILL FROM toUnixTimestamp64Milli(1) STEP 3600000 SETTINGS max_threads = 4 FORMAT JSONEachRow`;
for (const columns of [1, 10, 100]) add(`ClickHouse ${columns}`, clickhouse(columns));
add('ClickHouse, nested', wrap(8, 'SELECT x, argMax(a, b) FROM (', clickhouse(3), ') FINAL LIMIT 1 BY x'));
for (const count of [1, 5, 40]) {
  const unknown = many(count, 'f(a b c#)', ', ');
  add(`unknown expressions ${count}`, `SELECT ${unknown} FROM users WHERE a = 1`);
  add(`unknown expressions with words of three dialects ${count}`, `SELECT ${unknown}, a::int, \`b\` FROM users WHERE a == 1`);
  add(`unknown clauses ${count}`, `SELECT a FROM users ${many(count, 'FROB a# BY b#')} WHERE a = 1`);
}
// Long lists whose items are not alike, and chains that no list is: as many words as are parsed at all.
const unlike = (count: number, between: string): string => Array.from({ length: count }, (_, i) => `a${i} ${['=', '<', '>', '<>', '<=', '>=', 'LIKE', 'IS DISTINCT FROM'][i % 8]} ${['#', 'b + #', "'#'", 'f(#)', '- #', '(#)', '#.5'][i % 7]!.replace('#', String(i))}${' + 1'.repeat(i % 5)}`).join(between);
add('conditions of 280 shapes', `SELECT 1 FROM t WHERE ${unlike(900, ' AND ')}`);
add('columns of 280 shapes', `SELECT ${unlike(900, ', ')} FROM t`);
add('additions', `SELECT ${many(1990, 'a#', ' + ')} FROM t`);
add('concatenations', `SELECT ${many(1990, "'#'", ' || ')} FROM t`);
add('JSON operators', `SELECT ${many(1990, "'#'", ' -> ')} FROM t`);
add('JSON operators in items', `SELECT ${many(480, "a -> 'b#' ->> 'c' #> '{d}'", ', ')} FROM t`);
add('branches of CASE', `SELECT CASE a ${many(980, 'WHEN # THEN b#')} END FROM t`);
add('nested CASE', `SELECT ${wrap(60, 'CASE WHEN a = 1 THEN b ELSE ', '0', ' END')} FROM t`);
add('nested CASE, deeper', `SELECT ${wrap(300, 'CASE WHEN a = 1 THEN b ELSE ', '0', ' END')} FROM t`);
add('window functions', `SELECT ${many(180, 'sum(a#) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)', ', ')} FROM t`);
add('named windows', `SELECT 1 FROM t WINDOW ${many(350, 'w# AS (PARTITION BY a#)', ', ')}`);
add('unions, fewer', many(790, 'SELECT # FROM t', ' UNION ALL '));
add('unions with conditions', many(300, 'SELECT a# FROM t WHERE b = # AND c IS NULL', ' UNION ALL '));
add('joins, fewer', `SELECT * FROM t ${many(360, 'JOIN t# ON t#.a = t.a')}`);
add('tables in FROM', `SELECT 1 FROM ${many(1900, 't#', ', ')}`);
add('MERGE', `MERGE INTO t USING s ON t.id = s.id ${many(180, 'WHEN MATCHED AND s.a = # THEN UPDATE SET b = #, c = s.c')}`);
add('MERGE with an unknown branch', `MERGE INTO t USING s ON t.id = s.id ${many(90, 'WHEN MATCHED AND s.a = # THEN UPDATE SET b = #')} WHEN FROB THEN ${UNKNOWN}`);
add('arrays', `SELECT ${many(640, 'ARRAY[a#, b]', ', ')} FROM t`);
add('subscripts, many', `SELECT ${many(900, 'a[#]', ' + ')} FROM t`);
add('casts', `SELECT ${many(950, 'a#::text', ' || ')} FROM t`);
add('a chain of casts', `SELECT a${'::text'.repeat(1900)} FROM t`);
add('GROUPING SETS', `SELECT 1 FROM t GROUP BY GROUPING SETS (${many(550, '(a#, b#)', ', ')})`);
add('values with functions', `SELECT * FROM (VALUES ${many(3000, '(#, f(a))', ', ')}) AS v`);
add('rows that hold queries', `INSERT INTO t VALUES ${many(350, '((SELECT a FROM u WHERE b = #))', ', ')}`);
add('plpgsql, many statements', `CREATE FUNCTION f() RETURNS void AS $$ BEGIN ${many(1500, 'UPDATE t SET a = # WHERE b = #;')} END $$ LANGUAGE plpgsql`);
add('plpgsql, nested IF', `CREATE FUNCTION f() RETURNS void AS $$ BEGIN ${wrap(1500, 'IF EXISTS (SELECT 1 FROM t) THEN ', 'NULL;', ' END IF;')} END $$ LANGUAGE plpgsql`);
add('plpgsql, IF without an end', `CREATE FUNCTION f() RETURNS void AS $$ BEGIN ${'IF (a '.repeat(10_000)} END $$ LANGUAGE plpgsql`);
add('plpgsql in single quotes', `CREATE FUNCTION f() RETURNS void AS 'BEGIN ${many(1500, "UPDATE t SET a = ''#'' WHERE b = #;")} END' LANGUAGE plpgsql`);
add('plpgsql, declarations', `CREATE FUNCTION f() RETURNS void AS $$ DECLARE ${many(4000, 'a# int := 1;')} BEGIN END $$ LANGUAGE plpgsql`);
add('DO blocks', many(1500, 'DO $$ BEGIN UPDATE t SET a = 1; END $$;'));
add('functions', many(700, 'CREATE FUNCTION f#() RETURNS int AS $$ SELECT a FROM t WHERE b = # $$ LANGUAGE sql;'));
add('policies', many(800, 'CREATE POLICY p# ON t FOR SELECT USING (EXISTS (SELECT 1 FROM u WHERE a = #));'));
add('views', many(800, 'CREATE VIEW v# AS SELECT a, b FROM t WHERE c IS NULL;'));
add('XML tags', `SELECT ${'<a>'.repeat(30_000)}`);
add('escapes', `SELECT E'${"\\'".repeat(30_000)}'`);
add('at signs', `SELECT ${'@'.repeat(50_000)}`);
add('colons', `SELECT ${':'.repeat(50_000)}`);
add('templates of query files', `SELECT ${many(8000, '{{a#}}', ', ')} FROM t`);
// Interpolations: § is a character of a hole.
add('holes', `SELECT ${many(3000, '§§§§§§§§', ', ')} FROM t`);
add('holes as conditions', `SELECT 1 FROM t WHERE ${many(3000, '§§§§§§§§', ' AND ')}`);
add('holes as values', `SELECT 1 FROM t WHERE ${many(1200, 'a# = §§§§§§', ' AND ')}`);
add('holes side by side', `SELECT 1 FROM t WHERE a = 1 ${many(8000, '§§§§§§§§')}`);
add('holes without blanks', `SELECT ${many(8000, '§§§§§§§§ ', '')} FROM t`);
add('holes as rows', `INSERT INTO t VALUES ${many(5000, '(§§§, §§§§)', ', ')}`);
add('short holes as tables', `SELECT 1 FROM ${many(800, '(SELECT a FROM § WHERE b = §)', ', ')}`);
add('short holes as queries', `SELECT 1 ${many(1200, '§', ' UNION ')}`);
add('holes in a string', `SELECT '${many(10_000, '§§§§')}' FROM t`);
add('holes in names', `SELECT ${many(4000, 'a_§§§§_b', ', ')} FROM t`);
add('holes, and nothing known', `SELECT ${many(1000, '§§§§§', ', ')} FROM t WHERE ${UNKNOWN}`);
add('statements with holes', many(2000, 'SELECT # FROM t WHERE a = §§§§;', '\n'));
add('statements', many(3000, 'SELECT # FROM t;', '\n'));

interface Result { name: string; ms: number; size: number; read: string }
const results: Result[] = [];
parseStatement(plainText('SELECT 1'), { start: 0, end: 8, comments: [] }, 'postgresql');
for (const [name, text, dialect = 'postgresql'] of inputs) {
  const sql = { ...plainText(text.replaceAll('§', ' ')), holes: [...text.matchAll(/§+/g)].map((match) => ({ start: match.index, end: match.index + match[0].length, kind: 'unknown' as const })) };
  let ms = Infinity, read = '';
  // The best of three runs, in as many spellings so that no cache answers: other work on the machine is not ours. Of what takes long then, the best of
  // eight: the first runs over thousands of tokens are the compiler's.
  for (let run = 0; run < (ms > 50 ? 8 : 3); run++) {
    const spelling = ' '.repeat(run), blank = [' ', '\t', '\n', '\f', '\v', '\u00a0', '\u2028', '\u3000'][run]!;
    const spelled = { ...sql, text: sql.text + spelling };
    const before = process.cpuUsage();
    const parts = splitStatements(spelled, dialect);
    let ok = 0;
    for (const part of parts) {
      // As `readSql` does: a routine whose statements are found is not parsed itself.
      const body = routineBody(spelled, part, dialect);
      const own = body?.statements.length && !/\bTRIGGER\b/.test(sql.text.slice(part.start, part.start + 40)) ? [] : [{ ...part, text: sql.text.slice(part.start, part.end).replace(/ /, blank) }];
      if ([...body?.statements ?? [], ...own].map((statement) => parseStatement(spelled, statement, dialect).ok).every(Boolean)) ok++;
    }
    const { user, system } = process.cpuUsage(before);
    ms = Math.min(ms, (user + system) / 1000);
    read = parts.length === 1 ? (ok ? 'read' : 'refused') : `${ok} of ${parts.length} read`;
  }
  results.push({ name, ms, size: text.length, read });
  if (process.argv.includes('--progress')) console.log(name, ms.toFixed(1));
}
results.sort((a, b) => b.ms - a.ms);
for (const { name, ms, size, read } of process.argv.includes('--all') ? results : results.slice(0, 25)) {
  console.log(`${ms.toFixed(1).padStart(9)} ms  ${String(size).padStart(7)} characters  ${read.padEnd(10)}  ${name}`);
}
console.log(`${results.length} inputs, slowest ${results[0]!.ms.toFixed(1)} ms; ${results.filter((result) => result.ms > 50).length} above 50 ms`);
