import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Dialect } from '../../lib/manifest/catalog.js';
import { fillHoles } from '../../lib/sql/holes.js';
import { tokenize } from '../../lib/sql/lexer.js';
import { parseStatement } from '../../lib/sql/parse.js';
import { routineBody } from '../../lib/sql/routine.js';
import { splitStatements } from '../../lib/sql/split.js';
import { type Hole, plainText, type SqlText } from '../../lib/sql/sql-text.js';
import { ALL } from './constructs.js';

const DIALECTS: readonly Dialect[] = ['postgresql', 'mysql', 'mariadb', 'sqlite', 'bigquery'];

/** What everything that reads a text has to keep to. */
function check(sql: SqlText, dialect: Dialect): void {
  let last = 0;
  for (const part of splitStatements(sql, dialect)) {
    assert.ok(part.start >= last && part.end > part.start && part.end <= sql.text.length);
    last = part.end;
    const inner = routineBody(sql, part, dialect)?.statements ?? [];
    for (const each of [part, ...inner]) {
      const length = each.end - each.start;
      if (each.text !== undefined) assert.equal(each.text.length, length);
      const filled = fillHoles(sql, each, dialect);
      assert.equal(filled.text.length, length);
      const parsed = parseStatement(sql, each, dialect);
      if (!parsed.ok) {
        assert.ok(parsed.reason !== '' && !parsed.reason.startsWith('the parser failed'), parsed.reason);
        assert.ok(parsed.offset >= each.start && parsed.offset <= each.end, `${parsed.offset} outside ${each.start}..${each.end}`);
        continue;
      }
      assert.equal(parsed.text.length, length);
      for (const repair of parsed.repairs) assert.ok(repair.start >= each.start && repair.end <= each.end && repair.start <= repair.end);
      checkRanges(parsed.cst, each.start, each.end);
      for (const orphan of parsed.orphans) checkRanges(orphan, each.start, each.end);
    }
  }
}

/** No node reaches out of the statement. */
function checkRanges(tree: unknown, start: number, end: number): void {
  const stack: unknown[] = [tree];
  while (stack.length > 0) {
    const node = stack.pop();
    if (typeof node !== 'object' || node === null) continue;
    const { range } = node as { range?: [number, number] };
    if (range) assert.ok(range[0] >= start && range[1] <= end && range[0] <= range[1], `${(node as { type: string }).type} ${range} outside ${start}..${end}`);
    for (const key of Object.keys(node)) if (key !== 'range') stack.push((node as Record<string, unknown>)[key]);
  }
}

type Mutation = readonly [kind: 'delete' | 'double' | 'swap' | 'cut' | 'hole' | 'word' | 'wrap', at: number, other: number];
const WORDS = ['(', ')', ',', ';', "'", '"', '/*', '--', 'SELECT', 'FROM', 'WHERE', 'ON', 'JOIN', 'AS', 'VALUES', 'SET', '*', '.', '=', '$1', '?', '::', 'NOT', 'CASE', 'END', 'BEGIN', '[', ']', '$$', 'UNION'];

function mutate(text: string, dialect: Dialect, mutations: readonly Mutation[]): SqlText {
  let words = text;
  let holes: Hole[] = [];
  for (const [kind, at, other] of mutations) {
    const tokens = tokenize(words, dialect);
    const token = tokens[at % Math.max(1, tokens.length)], second = tokens[other % Math.max(1, tokens.length)];
    if (!token || !second) break;
    const piece = words.slice(token.start, token.end);
    const put = (start: number, end: number, insert: string): void => {
      words = words.slice(0, start) + insert + words.slice(end);
      const by = insert.length - (end - start);
      holes = holes.filter((hole) => hole.end <= start || hole.start >= end).map((hole) => hole.start >= end ? { ...hole, start: hole.start + by, end: hole.end + by } : hole);
    };
    if (kind === 'delete') put(token.start, token.end, '');
    else if (kind === 'double') put(token.end, token.end, ` ${piece}`);
    else if (kind === 'swap') put(token.start, token.end, words.slice(second.start, second.end));
    else if (kind === 'cut') put(token.start, words.length, '');
    else if (kind === 'word') put(token.start, token.start, `${WORDS[other % WORDS.length]!} `);
    else if (kind === 'wrap') put(token.start, token.end, `(${piece})`);
    else {
      const length = 1 + other % 12;
      put(token.start, token.end, ' '.repeat(length));
      holes.push({ start: token.start, end: token.start + length, kind: (['value', 'identifier', 'fragment', 'unknown'] as const)[other % 4]! });
      holes.sort((a, b) => a.start - b.start);
    }
  }
  return { ...plainText(words), holes };
}

const mutations = fc.array(fc.tuple(fc.constantFrom<Mutation[0]>('delete', 'double', 'swap', 'cut', 'hole', 'hole', 'word', 'wrap'), fc.nat(60), fc.nat(60)), { minLength: 1, maxLength: 4 });

describe('texts that nobody wrote', () => {
  it('are split, filled and parsed without a throw, every offset in its place', () => {
    fc.assert(fc.property(fc.constantFrom(...ALL), mutations, ([dialect, text], changes) => { check(mutate(text, dialect, changes), dialect); }), { seed: 4, numRuns: 2500 });
  }).timeout(300_000);

  it('are no matter in whichever dialect', () => {
    fc.assert(fc.property(fc.constantFrom(...ALL), fc.constantFrom(...DIALECTS), ([, text], dialect) => { check(plainText(text), dialect); }), { seed: 5, numRuns: 400 });
  }).timeout(300_000);

  it('may hold several statements, cut off anywhere', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...ALL.map(([, text]) => text)), { minLength: 2, maxLength: 5 }), fc.nat(400), fc.constantFrom(...DIALECTS), (texts, cut, dialect) => {
      check(plainText(texts.join(';\n').slice(0, cut + 20)), dialect);
    }), { seed: 6, numRuns: 400 });
  }).timeout(300_000);

  it('may be made of holes', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('hole', ...WORDS, 'a', 'b', '1'), { minLength: 1, maxLength: 14 }), fc.constantFrom(...DIALECTS), (pieces, dialect) => {
      let text = '';
      const holes: Hole[] = [];
      for (const piece of pieces) {
        if (piece === 'hole') holes.push({ start: text.length, end: text.length + 5, kind: 'unknown' });
        text += piece === 'hole' ? '      ' : `${piece} `;
      }
      check({ ...plainText(text), holes }, dialect);
    }), { seed: 7, numRuns: 1500 });
  }).timeout(300_000);

  it('may be random characters', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60, unit: 'binary' }), fc.constantFrom(...DIALECTS), (text, dialect) => { check(plainText(text), dialect); }), { seed: 8, numRuns: 500 });
  }).timeout(300_000);
});
