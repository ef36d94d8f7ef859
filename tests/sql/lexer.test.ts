import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Dialect } from '../../lib/manifest/catalog.js';
import { endsOperand, tokenize } from '../../lib/sql/lexer.js';
import type { Hole } from '../../lib/sql/sql-text.js';

/** Tokens as `kind:words`; words and symbols without their kind. */
function tokens(text: string, dialect: Dialect = 'postgresql', holes: readonly Hole[] = []): string[] {
  return tokenize(text, dialect, holes).map((token) => {
    const words = text.slice(token.start, token.end);
    return token.kind === 'word' && token.word !== '' || token.kind === 'symbol' ? words : `${token.kind}:${words}${token.closed ? '' : '!'}`;
  });
}

/** `⟦x⟧` is a hole of as many characters. */
function withHoles(marked: string): { text: string; holes: Hole[] } {
  const holes: Hole[] = [];
  const text = marked.replace(/⟦[^⟧]*⟧/g, (hole, start: number) => {
    holes.push({ start, end: start + hole.length, kind: 'unknown' });
    return ' '.repeat(hole.length);
  });
  return { text, holes };
}

type Row = readonly [title: string, text: string, expected: readonly string[], dialect?: Dialect];
const rows: readonly Row[] = [
  ['words, numbers, symbols', 'a1 b_$c 1.5e-3 .5 0x1F <> :: || <=', ['a1', 'b_$c', 'number:1.5e-3', 'number:.5', 'number:0x1F', '<>', '::', '||', '<=']],
  ['a dot between names', 'a.b .5', ['a', '.', 'b', 'number:.5']],
  ['letters beyond ASCII', 'Größe=名', ['Größe', '=', '名']],
  ['strings with doubled quotes', "'a''b' 'c'", ["string:'a''b'", "string:'c'"]],
  ['backslashes in a standard string', String.raw`'a\' c '`, [String.raw`string:'a\'`, 'c', "string:'!"]],
  ['backslashes in E strings', String.raw`E'a\'b' e'\\'`, [String.raw`string:E'a\'b'`, String.raw`string:e'\\'`]],
  ["backslashes in MySQL's strings", String.raw`'a\'b' "c\"d" '\\'`, [String.raw`string:'a\'b'`, String.raw`string:"c\"d"`, String.raw`string:'\\'`], 'mysql'],
  ['quoted names', '"a""b" `c` = [d e]', ['name:"a""b"', 'name:`c`', '=', 'name:[d e]']],
  ['double quotes of SQLite', '"a"', ['name:"a"'], 'sqlite'],
  ['strings with a prefix', "N'a' x'1F' U&'b' U&\"c\" ", ["string:N'a'", "string:x'1F'", "string:U&'b'", 'name:U&"c"']],
  ['triple quotes of BigQuery', `'''a'b''' r'c\\' """d"e"""`, ["string:'''a'b'''", "string:r'c\\'", 'string:"""d"e"""'], 'bigquery'],
  ['dollar quotes', "$$a'b$$ $x$ $$ $x$ $1", ["string:$$a'b$$", 'string:$x$ $$ $x$', 'placeholder:$1']],
  ['no dollar quotes elsewhere', '$$', ['$', '$'], 'sqlite'],
  ['line comments', '-- a\nb --c', ['comment:-- a', 'b', 'comment:--c']],
  ["MySQL's line comments", 'a--1 -- b\n# c\n--d', ['a', '-', '-', 'number:1', 'comment:-- b', 'comment:# c', 'comment:--d'], 'mysql'],
  ['block comments nest in PostgreSQL', '/* a /* b */ c */ d', ['comment:/* a /* b */ c */', 'd']],
  ['block comments do not nest elsewhere', '/* a /* b */ c', ['comment:/* a /* b */', 'c'], 'mysql'],
  ['an operator ends where a comment starts', 'a=/*b*/c+--d', ['a', '=', 'comment:/*b*/', 'c', '+', 'comment:--d']],
  ['operators of PostgreSQL', 'a->>b#>>c@>d<@e!~*f', ['a', '->>', 'b', '#>>', 'c', '@>', 'd', '<@', 'e', '!~*', 'f']],
  ['JSON operators with a question mark', "a ? 'b' AND c ?| d", ['a', '?', "string:'b'", 'AND', 'c', '?|', 'd']],
  ['placeholders with a question mark', 'a = ? AND b > ?1 AND c IN (?, ?)', ['a', '=', 'placeholder:?', 'AND', 'b', '>', 'placeholder:?1', 'AND', 'c', 'IN', '(', 'placeholder:?', ',', 'placeholder:?', ')']],
  ['names of Knex', 'FROM ?? WHERE :a: = :b', ['FROM', 'placeholder:??', 'WHERE', 'placeholder::a:', '=', 'placeholder::b']],
  ['casts are no placeholders', 'a::int = :b::text', ['a', '::', 'int', '=', 'placeholder::b', '::', 'text']],
  ['slices are no placeholders', 'a[1:b], a[:c]', ['a', '[', 'number:1', ':', 'b', ']', ',', 'a', '[', 'placeholder::c', ']']],
  ['assignments are no placeholders', 'a := b', ['a', ':=', 'b']],
  ['spread and not-null parameters', 'IN (:...ids) = :a! OR :b != 1', ['IN', '(', 'placeholder::...ids', ')', '=', 'placeholder::a!', 'OR', 'placeholder::b', '!=', 'number:1']],
  ['variables of psql', "= :'a' :\"b\"", ['=', "placeholder::'a'", 'placeholder::"b"']],
  ['at signs', '= @a, @@b.c, @> d', ['=', 'placeholder:@a', ',', 'placeholder:@@b.c', ',', '@>', 'd']],
  ['parameters of pg-promise', '$(a:csv) $<b> ${c} $/d/ $[e]', ['placeholder:$(a:csv)', 'placeholder:$<b>', 'placeholder:${c}', 'placeholder:$/d/', 'placeholder:$[e]']],
  ['braces', '= {{a::uuid}} AND {b:String} = #{c}', ['=', 'placeholder:{{a::uuid}}', 'AND', 'placeholder:{b:String}', '=', 'placeholder:#{c}']],
  ['percent signs', '= %s AND %(a)s > b % s', ['=', 'placeholder:%s', 'AND', 'placeholder:%(a)s', '>', 'b', '%', 's']],
  ['brackets after an operand are a subscript', 'a[b] (c)[d] SELECT [e]', ['a', '[', 'b', ']', '(', 'c', ')', '[', 'd', ']', 'SELECT', 'name:[e]']],
  ['brackets in BigQuery are an array', 'SELECT [e]', ['SELECT', '[', 'e', ']'], 'bigquery'],
  ['a string without its end', "a 'b", ['a', "string:'b!"]],
  ['a name without its end', 'a "b', ['a', 'name:"b!']],
  ['a comment without its end', 'a /* b', ['a', 'comment:/* b!']],
  ['a dollar quote without its end', '$a$ b', ['string:$a$ b!']],
  ['odd white space', 'a\u00a0b\u3000c\ufeffd', ['a', 'b', 'c', 'd']],
];

const holeRows: readonly (readonly [title: string, marked: string, expected: readonly string[]])[] = [
  ['a hole by itself', 'a = ⟦x⟧ b', ['a', '=', 'hole:   ', 'b']],
  ['holes side by side', '⟦x⟧⟦y⟧', ['hole:   ', 'hole:   ']],
  ['a hole in a word', 'a_⟦x⟧_b c⟦y⟧ ⟦z⟧d', ['word:a_   _b', 'word:c   ', 'word:   d']],
  ['a hole in a string', "'a ⟦x⟧ b' c", ["string:'a     b'", 'c']],
  ['a hole in a name', '"a⟦x⟧"."b"', ['name:"a   "', '.', 'name:"b"']],
  ['a hole in a comment', '-- ⟦x⟧\nb', ['comment:--    ', 'b']],
  ['a hole behind a dot', 'a.⟦x⟧, ⟦y⟧.b', ['a', '.', 'hole:   ', ',', 'hole:   ', '.', 'b']],
  ['a hole behind a sigil', '$⟦x⟧ :⟦y⟧ @⟦z⟧', ['placeholder:$   ', 'placeholder::   ', 'placeholder:@   ']],
  ['a hole behind a keyword', 'VALUES⟦x⟧ AND⟦y⟧', ['VALUES', 'hole:   ', 'AND', 'hole:   ']],
  ['a hole behind an operator', 'a=⟦x⟧::int', ['a', '=', 'hole:   ', '::', 'int']],
];

describe('tokenize', () => {
  for (const [title, text, expected, dialect] of rows) it(title, () => { assert.deepEqual(tokens(text, dialect), expected); });
  for (const [title, marked, expected] of holeRows) {
    it(title, () => {
      const { text, holes } = withHoles(marked);
      // The mark is as long as its hole.
      assert.equal(text.length, marked.length);
      assert.deepEqual(tokens(text, 'postgresql', holes).map((token) => token.replace(/ {3}/g, '   ')), expected);
    });
  }

  it('knows what may end an operand', () => {
    const ends = (text: string): boolean => endsOperand(tokenize(text, 'postgresql').at(-1));
    assert.deepEqual(['a', ')', ']', '1', "'a'", '"a"', '$1', 'END', 'NULL'].filter((text) => !ends(text)), []);
    assert.deepEqual(['AND', '=', '(', ',', 'WHERE', 'SELECT', 'IN'].filter(ends), []);
    assert.equal(endsOperand(undefined), false);
  });

  it('leaves out nothing but white space, in order, whatever the text', () => {
    const pieces = ['a', ' ', '\n', "'", '"', '`', '$', '$a$', '--', '/*', '*/', '\\', ';', '(', '[', ']', '{', '}', '?', ':', '@', '%', '#', '1', '.', 'E', 'é', '=', '-', '<'];
    fc.assert(fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), fc.constantFrom<Dialect>('postgresql', 'mysql', 'mariadb', 'sqlite', 'bigquery'), (parts, dialect) => {
      const text = parts.join('');
      let last = 0;
      for (const token of tokenize(text, dialect)) {
        assert.ok(token.start >= last && token.end > token.start && token.end <= text.length);
        assert.equal(text.slice(last, token.start).trim(), '');
        last = token.end;
      }
      assert.equal(text.slice(last).trim(), '');
    }), { seed: 1, numRuns: 2000 });
  });
});
