import assert from 'node:assert/strict';
import { findSql } from '../../lib/source/find.js';
import { CASES } from './cases.js';
import { checkPlaces, mentions, parse } from './support.js';

/** A generator of numbers below a bound, the same on every run (mulberry32). */
function random(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const SOURCES = Object.values(CASES).flat().filter(({ options }) => !options?.jsx).map(({ source }) => source);
const TOKEN = /`|\$\{|\w+|\s+|[^\w\s]/g;
const INSERTED = ['`', '${', '}', '(', ')', ',', ';', '+', '+=', '=', '.', '?', ':', '&&', '??', '...', '=>', 'if (x) ', 'for (;;) ', 'return ', 'await ', 'this.', 'sql`', '[', ']', '{', 'null', "'users'", 'q', '.join(" ")', '.push(q)', ' as any', '!'];

/** Swaps, drops, repeats and inserts a few tokens, perhaps those of another source. */
function mutate(source: string, below: (bound: number) => number): string {
  const tokens: string[] = [...(source.match(TOKEN) ?? [])];
  for (let i = below(4) + 1; i > 0; i--) {
    const at = below(tokens.length), other = below(tokens.length);
    switch (below(6)) {
      case 0: tokens.splice(at, 1); break;
      case 1: tokens.splice(at, 0, INSERTED[below(INSERTED.length)]!); break;
      case 2: [tokens[at], tokens[other]] = [tokens[other]!, tokens[at]!]; break;
      case 3: tokens.splice(at, 0, ...tokens.slice(other, other + below(12))); break;
      case 4: tokens[at] = INSERTED[below(INSERTED.length)]!; break;
      default: tokens.push('\n', ...(SOURCES[below(SOURCES.length)]!.match(TOKEN) ?? []));
    }
    if (tokens.length === 0) break;
  }
  return tokens.join('');
}

describe('whatever parses', () => {
  it('is read without throwing, and every text found stands where it says', () => {
    const below = random(20);
    let parsed = 0, texts = 0;
    for (let i = 0; i < 4000; i++) {
      const source = mutate(SOURCES[i % SOURCES.length]!, below);
      let sourceCode;
      try {
        sourceCode = parse(source);
      } catch {
        continue;
      }
      parsed++;
      for (const found of findSql(sourceCode, { mentions })) {
        texts++;
        try {
          checkPlaces(source, found);
          found.resultChecks(['deleted_at']);
        } catch (error) {
          throw new Error(`on ${source}`, { cause: error });
        }
      }
    }
    assert.ok(parsed > 800 && texts > 800, `${parsed} sources parsed, ${texts} texts found`);
  });
});

describe('bounds', () => {
  for (const [name, source] of [
    ['a text that doubles', `let q = 'SELECT * FROM users '; ${'q = q + q; '.repeat(60)} db.query(q);`],
    ['a long chain of constants', `${Array.from({ length: 2000 }, (_, i) => `const a${i + 1} = a${i} + 'x';`).join('\n')} const a0 = 'SELECT * FROM users '; db.query(a2000);`],
    ['a long concatenation', `db.query('SELECT * FROM users'${" + ' AND a'".repeat(800)});`],
    ['many appends', `let q = 'SELECT * FROM users WHERE 1=1'; ${"if (x) q += ' AND a'; ".repeat(1000)} db.query(q);`],
    ['deep templates', `db.query(${'`SELECT * FROM users ${'.repeat(200)}x${'}`'.repeat(200)});`],
    ['helpers that call each other', `${Array.from({ length: 60 }, (_, i) => `const f${i} = (x) => x ? \`\${f${i + 1}(x)} a \${f${i + 1}(x)}\` : f${i + 1}(x);`).join('\n')} const f60 = () => 'b'; db.query(\`SELECT * FROM users \${f0(y)}\`);`],
    ['deep conditions', `db.query('SELECT * FROM users' + ${'(a ? b : '.repeat(300)}''${')'.repeat(300)});`],
    ['loops in loops', `let q = 'SELECT * FROM users'; ${'for (const a of b) { if (c) q += "d"; '.repeat(40)} ${'}'.repeat(40)} db.query(q);`],
  ] as const) {
    it(name, () => {
      for (const found of findSql(parse(source), { mentions })) checkPlaces(source, found);
    }).timeout(20_000);
  }
});
