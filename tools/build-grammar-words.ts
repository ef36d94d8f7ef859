/**
 * Writes `lib/sql/grammar-words.generated.ts`: every word that the parser's grammars or the rewrites of `lib/sql` know. Any other word of a
 * statement can only be a name, and one name is to them as another.
 *
 *   npx tsx tools/build-grammar-words.ts            writes the file
 *   npx tsx tools/build-grammar-words.ts --check    fails when the file is out of date
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');
const target = join(root, 'lib/sql/grammar-words.generated.ts');

const HEADER = `// Made by tools/build-grammar-words.ts from sql-parser-cst and the sources of this folder. Do not edit.
/** Words (in upper case) that the parser's grammars or the rewrites of this folder know: all others are names. */
`;

/** The words of the parser's grammars: the texts that its rules compare with, and its tables of keywords. */
function wordsOfParser(): string[] {
  const lib = dirname(require.resolve('sql-parser-cst/lib/parser'));
  const literals = readFileSync(join(lib, 'parser.js'), 'utf8').matchAll(/peg\$c\d+ = "(?:[^"]*[^\w"])?(\w+)(?:[^\w"][^"]*)?";/g);
  const keywords = readdirSync(join(lib, 'keywords')).filter((file) => file.endsWith('.keywords.js')).flatMap((file) => [...readFileSync(join(lib, 'keywords', file), 'utf8').matchAll(/^\s+(\w+): (?:\{|true)/gm)]);
  return [...literals, ...keywords].map((match) => match[1]!.toUpperCase());
}

/** Words in capitals in the sources that look at a text before or between parses. */
function wordsOfSources(): string[] {
  const folder = join(root, 'lib/sql');
  const sources = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8').replace(/\\[bBsSwWdD]/g, ' '));
  const capitals = sources.flatMap((source) => source.match(/(?<![a-z])[A-Z][A-Z_]*[A-Z](?![a-z])/g) ?? []);
  // Expressions that match in any case are written in either.
  const patterns = sources.flatMap((source) => source.match(/\/[^/\n]+\/[a-z]*i/g) ?? []).flatMap((pattern) => pattern.match(/[a-z_]{2,}/g) ?? []);
  return [...capitals, ...patterns].map((word) => word.toUpperCase());
}

/** The module's text. */
export function grammarWordsCode(): string {
  const words = [...new Set([...wordsOfParser(), ...wordsOfSources()])].filter((word) => /^[A-Z_][A-Z0-9_]+$/.test(word)).sort();
  if (words.length < 700) throw new Error(`The parser's words have not been found: ${words.length} only.`);
  const lines: string[] = [];
  for (const word of words) {
    if (lines.length === 0 || lines.at(-1)!.length + word.length > 180) lines.push(word);
    else lines[lines.length - 1] += ` ${word}`;
  }
  return `${HEADER}export const GRAMMAR_WORDS: ReadonlySet<string> = new Set((\n${lines.map((line, i) => `  ${i === 0 ? '' : '+ '}'${line}${i === lines.length - 1 ? '' : ' '}'\n`).join('')}).split(' '));\n`;
}

if (require.main === module) {
  const code = grammarWordsCode();
  if (!process.argv.includes('--check')) writeFileSync(target, code);
  else if (readFileSync(target, 'utf8') !== code) {
    console.error('lib/sql/grammar-words.generated.ts is out of date: npm run generate');
    process.exitCode = 1;
  }
}
