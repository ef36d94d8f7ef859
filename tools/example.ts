/**
 * Lints the web shop in `fixtures/shop` with every rule and prints what is found: each mistake with its line, the words underlined, and what is offered.
 *
 *     npm run example [-- src/accounts sql/reports]
 */
import { join } from 'node:path';
import { styleText } from 'node:util';
import { ESLint, type Linter } from 'eslint';

export const SHOP = join(__dirname, '..', 'fixtures', 'shop');

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

const plain: Paint = (_, text) => text;
/** No source line is printed wider than this. */
const WIDTH = 100;

/** Lints files of the shop by its own configuration. */
export async function lintShop(files: readonly string[] = ['src', 'sql']): Promise<ESLint.LintResult[]> {
  return await new ESLint({ cwd: SHOP }).lintFiles([...files]);
}

/** The report of a run: mistakes by file, then how many each rule found. */
export function report(results: readonly ESLint.LintResult[], paint: Paint = plain): string {
  const withMistakes = results.filter((result) => result.messages.length > 0);
  return [...withMistakes.map((result) => fileReport(result, paint)), summary(results, paint)].join('\n\n') + '\n';
}

/** The mistakes of one file. */
export function fileReport({ filePath, messages, source }: ESLint.LintResult, paint: Paint = plain): string {
  const path = filePath.slice(SHOP.length + 1).replaceAll('\\', '/');
  const lines = (source ?? '').split(/\r?\n/u);
  const margin = Math.max(...messages.map(({ line }) => String(line).length));
  return [paint(['bold', 'underline'], path), ...messages.map((message) => mistake(message, lines[message.line - 1] ?? '', margin, paint))].join('\n\n');
}

function mistake(message: Linter.LintMessage, line: string, margin: number, paint: Paint): string {
  const { before, words, after } = excerpt(message, line);
  const gutter = (label = ''): string => paint('dim', `  ${label.padStart(margin)} │ `);
  const underline = ' '.repeat(before.length) + '~'.repeat(Math.max(words.length, 1));
  return [
    gutter(String(message.line)) + before + paint('red', words) + after,
    `${gutter()}${paint('red', underline)} ${paint('dim', ruleName(message))}`,
    ...wrapped(message.message).map((text) => gutter() + text),
    ...(message.suggestions ?? []).flatMap(({ desc }) => wrapped(desc).map((text, i) => gutter() + paint('green', `${i === 0 ? '→' : ' '} ${text}`))),
  ].join('\n');
}

/** The reported words in their line, without its indentation, and cut at both ends where the line is long. */
function excerpt({ line: first, column, endLine, endColumn }: Linter.LintMessage, line: string): Record<'before' | 'words' | 'after', string> {
  const start = column - 1, end = endLine === first && endColumn ? endColumn - 1 : line.length;
  const words = line.slice(start, Math.min(end, start + WIDTH));
  const room = WIDTH - words.length, indented = line.slice(0, start).trimStart();
  const before = indented.length > room * 0.7 ? `…${indented.slice(indented.length - Math.floor(room * 0.7))}` : indented;
  const rest = line.slice(start + words.length).trimEnd(), left = Math.max(room - before.length, 1);
  return { before, words, after: rest.length > left ? `${rest.slice(0, left)}…` : rest };
}

/** A text in lines of at most WIDTH characters. */
function wrapped(text: string): string[] {
  return text.match(new RegExp(`.{1,${WIDTH}}(?:\\s+|$)`, 'gsu'))?.map((line) => line.trimEnd()) ?? [text];
}

const ruleName = ({ ruleId }: Linter.LintMessage): string => ruleId?.replace(/^soft-delete\//u, '') ?? 'error';

/** How many mistakes there are, and how many each rule found. */
export function summary(results: readonly ESLint.LintResult[], paint: Paint = plain): string {
  const counts = new Map<string, number>();
  for (const message of results.flatMap((result) => result.messages)) counts.set(ruleName(message), (counts.get(ruleName(message)) ?? 0) + 1);
  const rows = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  const width = Math.max(0, ...rows.map(([rule]) => rule.length));
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  const files = results.filter((result) => result.messages.length > 0).length;
  return [
    paint('bold', `${total} mistakes in ${files} of ${results.length} files`),
    ...rows.map(([rule, count]) => `  ${rule.padEnd(width)} ${String(count).padStart(3)}`),
  ].join('\n');
}

async function main(files: readonly string[]): Promise<void> {
  const { stdout } = process, coloured = stdout.isTTY && stdout.hasColors() && !process.env['NO_COLOR'];
  stdout.write(report(await lintShop(files.length > 0 ? files : undefined), coloured ? styleText : plain));
}

if (require.main === module) void main(process.argv.slice(2));
