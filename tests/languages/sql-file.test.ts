import assert from 'node:assert/strict';
import { DIALECTS, dialectOption, readSqlFile } from '../../lib/languages/sql-file.js';

const words = (text: string, nodes: readonly { range: readonly [number, number] }[]): string[] => nodes.map(({ range }) => text.slice(...range));

describe('readSqlFile', () => {
  const cases: readonly { name: string; text: string; statements: string[]; comments: string[]; end: [line: number, column: number] }[] = [
    { name: 'an empty file', text: '', statements: [], comments: [], end: [1, 1] },
    { name: 'white space', text: ' \n\t\n', statements: [], comments: [], end: [3, 1] },
    { name: 'comments alone', text: '-- a\n/* b */', statements: [], comments: ['-- a', '/* b */'], end: [2, 8] },
    { name: 'statements', text: 'SELECT 1;\nSELECT 2', statements: ['SELECT 1', 'SELECT 2'], comments: [], end: [2, 9] },
    { name: 'comments before, inside, beside and after statements', text: '-- a\nSELECT /* b */ 1; -- c\nSELECT 2;\n-- d\n', statements: ['SELECT /* b */ 1', 'SELECT 2'], comments: ['-- a', '/* b */', '-- c', '-- d'], end: [5, 1] },
    { name: 'Windows line ends', text: 'SELECT 1; -- a\r\nSELECT 2;\r\n-- b\r\n', statements: ['SELECT 1', 'SELECT 2'], comments: ['-- a', '-- b'], end: [4, 1] },
    { name: 'line ends of old Macs', text: 'SELECT 1;\rSELECT 2;\r', statements: ['SELECT 1', 'SELECT 2'], comments: [], end: [3, 1] },
    { name: 'marks inside quotes', text: "SELECT '-- a', \"/* b\", $$ -- c; $$;", statements: ["SELECT '-- a', \"/* b\", $$ -- c; $$"], comments: [], end: [1, 36] },
    { name: 'an unterminated comment', text: 'SELECT 1; /* a', statements: ['SELECT 1'], comments: ['/* a'], end: [1, 15] },
    { name: 'data of COPY', text: "COPY users (id) FROM stdin;\n1\tit's -- fine\n\\.\nSELECT 1;", statements: ['COPY users (id) FROM stdin', 'SELECT 1'], comments: [], end: [4, 10] },
  ];
  for (const { name, text, statements, comments, end } of cases) {
    it(name, () => {
      const file = readSqlFile(text, null);
      assert.deepEqual(words(text, file.statements), statements);
      assert.deepEqual(words(text, file.comments), comments);
      assert.deepEqual([file.loc.end.line, file.loc.end.column], end);
      assert.deepEqual(file.range, [0, text.length]);
    });
  }

  it('gives the words of a comment without its marks', () => {
    const { comments } = readSqlFile('-- a\r\n/* b\n c */ SELECT 1; # d\n', 'mysql');
    assert.deepEqual(comments.map(({ type, value }) => [type, value]), [['line_comment', ' a'], ['block_comment', ' b\n c '], ['line_comment', ' d']]);
  });

  it('reads quotes as the dialect does', () => {
    const text = "INSERT INTO t VALUES ('it\\'s; -- a'); -- b";
    assert.deepEqual(words(text, readSqlFile(text, 'mysql').comments), ['-- b']);
    assert.deepEqual(words(text, readSqlFile(text, 'postgresql').comments), ["-- a'); -- b"]);
  });

  it('reads a dump of several megabytes', () => {
    const statement = "INSERT INTO public.users (id, email, note) VALUES (12345, 'someone@example.com', 'it''s a note; with -- marks');\n";
    const count = Math.ceil(5_000_000 / statement.length);
    const { statements, comments, loc } = readSqlFile(statement.repeat(count), null);
    assert.deepEqual([statements.length, comments.length, loc.end.line], [count, 0, count + 1]);
  });
});

describe('dialectOption', () => {
  for (const dialect of DIALECTS) it(`takes ${dialect}`, () => { assert.equal(dialectOption({ dialect }), dialect); });
  for (const dialect of [undefined, null]) it(`takes ${dialect} as none`, () => { assert.equal(dialectOption({ dialect }), null); });
  const wrong: readonly [written: unknown, proposal: string][] = [
    ['postgres', ' Did you mean "postgresql"?'], ['PostgreSQL', ' Did you mean "postgresql"?'], ['MySQL', ' Did you mean "mysql"?'],
    ['maria', ' Did you mean "mariadb"?'], ['sqlite3', ' Did you mean "sqlite"?'], ['oracle', ''], [7, ''],
  ];
  for (const [written, proposal] of wrong) {
    it(`refuses ${String(written)} and proposes ${proposal || 'nothing'}`, () => {
      assert.throws(() => dialectOption({ dialect: written }), { name: 'TypeError', message: `Unknown SQL dialect "${String(written)}".${proposal} The dialects are postgresql, mysql, mariadb, sqlite, bigquery.` });
    });
  }
});
