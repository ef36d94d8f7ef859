import assert from 'node:assert/strict';
import { computed, constantText, forked, hole, literalRuns, render, type JoinItem, type Part, type Test } from '../../lib/source/parts.js';
import type { Node } from '../../lib/source/ast.js';

const LEAF = { type: 'Literal' } as unknown as Node;
const test = (key: string, negated = false): Test => ({ key, negated });
const texts = (...parts: Part[]): string[] => render(parts, [0, 1]).map(({ text }) => text);
const item = (text: string): JoinItem => ({ type: 'item', parts: text ? [computed(text)] : [] });

describe('the characters of a literal', () => {
  it('without escapes are one run', () => {
    assert.deepEqual(literalRuns('a b', 5, 'template', LEAF), [{ type: 'run', text: 'a b', source: 5, escape: 'template', leaf: LEAF }]);
    assert.deepEqual(literalRuns('', 5, 'template', LEAF), []);
  });

  it('are a run between escapes, which have no place', () => {
    assert.deepEqual(literalRuns(String.raw`a\'b\n`, 5, 'single-quoted', LEAF).map(({ text, source }) => [text, source]), [['a', 5], ["'", null], ['b', 8], ['\n', null]]);
  });

  for (const [source, text] of [
    [String.raw`\x41\u0042\u{43}`, 'ABC'], [String.raw`\t\r\b\v\f\0`, '\t\r\b\v\f\0'], [String.raw`\\\'\"\${}`, '\\\'"${}'], ['\\\na', 'a'], ['\\\r\na', 'a'], ['a\r\nb\rc', 'a\nb\nc'], [String.raw`\q\u{110000}`, 'q\ufffd'], [String.raw`\101`, 'A'],
  ] as const) it(JSON.stringify(source), () => assert.equal(literalRuns(source, 0, 'template', LEAF).map((run) => run.text).join(''), text));

  it('are taken as they are where the tag says so', () => {
    assert.deepEqual(literalRuns(String.raw`\d`, 1, 'none', LEAF).map(({ text, source }) => [text, source]), [['\\d', 1]]);
  });
});

describe('variants', () => {
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(computed) as [Part, Part, Part, Part, Part];

  it('on first, off last', () => assert.deepEqual(texts(a, ...forked(test('x'), [[b], []]), c), ['abc', 'ac']));
  it('what options begin with stays outside', () => assert.deepEqual(forked(null, [[a, b], [a, c]]), [a, { type: 'fork', test: null, options: [[b], [c]] }]));
  it('options that are alike are none', () => assert.deepEqual(forked(null, [[a], [a]]), [a]));
  it('the empty option goes last, and the condition turns', () => assert.deepEqual(forked(test('x'), [[], [a]]), [{ type: 'fork', test: test('x', true), options: [[a], []] }]));
  it('go together', () => assert.deepEqual(texts(...forked(test('x'), [[a], []]), ...forked(test('y'), [[b], []])), ['ab', '']));
  it('opposite conditions go apart', () => assert.deepEqual(texts(...forked(test('x'), [[a], []]), ...forked(test('x', true), [[b], []])), ['a', 'b']));
  it('a chain of alternatives is one choice', () => assert.deepEqual(texts(...forked(null, [[a], forked(null, [[b], [c]])])), ['a', 'b', 'c']));
  it('are four at most, the last one included', () => assert.deepEqual(texts(...forked(null, [[a], [b], [c], [d], [e]])), ['a', 'b', 'c', 'e']));
  it('of sort orders are two', () => assert.deepEqual(texts(...forked(null, ['x ASC', 'y DESC', 'z ASC'].map((text) => [computed(text)]))), ['x ASC', 'z ASC']));
  it('that are equal are one', () => assert.deepEqual(texts(...forked(null, [[computed('a')], [computed('a')]])), ['a']));
  it('of the first turn of a loop are off', () => assert.deepEqual(texts({ type: 'first-turn', parts: [...forked(null, [[a], []]), b] }, ...forked(null, [[a], []]), b), ['bab', 'bb']));
});

describe('lists', () => {
  it('have the glue between the items that are there', () => {
    const items: JoinItem[] = [item('a'), { type: 'fork', test: null, options: [[item('b'), item('c')], []] }, item(''), item('d')];
    assert.deepEqual(texts({ type: 'joined', items, glue: [computed(' AND ')] }), ['a AND b AND c AND d', 'a AND d']);
  });

  it('without any item are no variant, unless nothing else is, or the glue is blank', () => {
    const items: JoinItem[] = [{ type: 'fork', test: null, options: [[item('a')], []] }];
    assert.deepEqual(texts(computed('x '), { type: 'joined', items, glue: [computed(' AND ')] }), ['x a']);
    assert.deepEqual(texts(computed('x '), { type: 'joined', items, glue: [computed(' ')] }), ['x a', 'x ']);
    assert.deepEqual(texts(computed('x '), { type: 'joined', items: [item('')], glue: [computed(',')] }), ['x ']);
  });
});

describe('texts', () => {
  it('join runs that stand side by side, and leave gaps for holes and what is computed', () => {
    const [text] = render([...literalRuns('ab', 10, 'template', LEAF), ...literalRuns('cd', 12, 'template', LEAF), hole('value', 3), computed('x'), ...literalRuns('e', 20, 'template', LEAF)], [0, 30]);
    assert.deepEqual(text, {
      text: 'abcd   xe', holes: [{ start: 4, end: 7, kind: 'value' }], fallback: [0, 30],
      segments: [{ start: 0, length: 4, source: 10, escape: 'template' }, { start: 8, length: 1, source: 20, escape: 'template' }],
    });
  });

  it('take the sign of a placeholder into its hole', () => {
    const [text] = render([...literalRuns('a=$', 10, 'template', LEAF), hole('unknown', 4)], [0, 30]);
    assert.deepEqual([text!.text, text!.holes, text!.segments], ['a=     ', [{ start: 2, end: 7, kind: 'value' }], [{ start: 0, length: 2, source: 10, escape: 'template' }]]);
    assert.equal(render([computed('a::'), hole('unknown', 4)], [0, 1])[0]!.holes[0]!.start, 3);
  });

  it('that nobody wrote are none', () => assert.deepEqual(texts(computed('x'.repeat(500_000))), []));
});

it('a text is constant where no hole and no fork is in it', () => {
  assert.equal(constantText([computed('a'), { type: 'joined', items: [item('b'), item('c')], glue: [computed(',')] }]), 'ab,c');
  assert.equal(constantText([computed('a'), hole('value', 1)]), null);
  assert.equal(constantText(forked(null, [[computed('a')], [computed('b')]])), null);
});
