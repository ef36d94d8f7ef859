/** An example application under `fixtures/`: its files, what is reported in them, and what their comments say should be. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ESLint, Linter } from 'eslint';

export interface Report { readonly file: string; readonly message: Linter.LintMessage; readonly source: string }

/** A comment that says what follows it: a mistake of these rules, or correct code. */
export interface Annotation { readonly file: string; readonly line: number; readonly last: number; readonly rules: readonly string[] }

export class Fixture {
  /** Relative paths of its sources, sorted. */
  readonly files: string[];

  constructor(readonly folder: string) {
    this.files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/')).filter((file) => /^(?:src|sql)\/.*\.(?:ts|sql)$/u.test(file)).sort();
  }

  reportsOf(results: readonly ESLint.LintResult[]): Report[] {
    return results
      .map((result) => ({ ...result, file: result.filePath.slice(this.folder.length + 1).replaceAll('\\', '/') }))
      .sort((a, b) => (a.file < b.file ? -1 : 1))
      .flatMap(({ file, messages, filePath }) => messages.map((message) => ({ file, message, source: readFileSync(filePath, 'utf8') })));
  }

  everyReport(results: readonly ESLint.LintResult[]): string[] {
    return this.reportsOf(results).map(written);
  }

  /** The annotations of a file. Each holds for the function or the statement below it. */
  annotations(file: string): Annotation[] {
    const lines = readFileSync(join(this.folder, file), 'utf8').split('\n');
    return lines.flatMap((text, index) => {
      const match = /^(\s*)(?:\/\/|--) (?:Right:|Wrong \(([\w, -]+)\):) \S/u.exec(text);
      if (!match) return [];
      const end = file.endsWith('.sql') ? /;\s*$/u : new RegExp(`^${match[1]!}\\}`, 'u');
      const length = lines.slice(index).findIndex((line) => end.test(line));
      return [{ file, line: index + 1, last: length < 0 ? lines.length : index + length + 1, rules: match[2]?.split(', ') ?? [] }];
    });
  }

  /** Each mistake that the comments tell of: the comment's place and the rule. */
  told(): string[] {
    return this.files.flatMap((file) => this.annotations(file).flatMap(({ line, rules }) => rules.map((rule) => `${file}:${line} ${rule}`))).sort();
  }

  /** Each mistake that was reported, in the same form, each once. */
  found(results: readonly ESLint.LintResult[]): string[] {
    const found = this.reportsOf(results).map(({ file, message }) => {
      const annotation = this.annotations(file).find(({ line, last }) => line < message.line && message.line <= last);
      return `${file}:${annotation ? annotation.line : `unannotated line ${message.line}`} ${message.ruleId?.replace('soft-delete/', '') ?? message.message}`;
    });
    return [...new Set(found)].sort();
  }

  /** The suggestions after which a file has no fewer reports than before. */
  async unmended(results: readonly ESLint.LintResult[], eslint: ESLint): Promise<string[]> {
    const left: string[] = [];
    for (const { file, message, source } of this.reportsOf(results)) {
      const before = results.find(({ filePath }) => filePath === join(this.folder, file))!.messages.length;
      for (const { desc, fix } of message.suggestions ?? []) {
        const mended = source.slice(0, fix.range[0]) + fix.text + source.slice(fix.range[1]);
        const [after] = await eslint.lintText(mended, { filePath: join(this.folder, file) });
        // A DELETE that became a soft delete asks for its children's, and a flag that became a timestamp for an index: statements of their own.
        const further = (messages: readonly Linter.LintMessage[]): number => messages.filter(({ ruleId }) => /\/(?:cascade-soft-delete|index-live-only)$/.test(ruleId ?? '')).length;
        const added = Math.max(0, further(after!.messages) - further(results.find(({ filePath }) => filePath === join(this.folder, file))!.messages));
        if (after!.messages.length - added >= before) left.push(`${file}:${message.line} ${desc}: ${after!.messages.map(({ message }) => message).join(' ')}`);
      }
    }
    return left;
  }
}

/** The text between a report's start and end. */
function words(source: string, { line, column, endLine, endColumn }: Pick<Linter.LintMessage, 'line' | 'column' | 'endLine' | 'endColumn'>): string {
  const lines = source.split('\n').slice(line - 1, endLine ?? line);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, (endColumn ?? column) - 1);
  return lines.join('\n').slice(column - 1);
}

/** Where a report is, what it underlines, what it says and which edits it offers: all that a user gets. */
function written({ file, message, source }: Report): string {
  return [
    `${file}:${message.line}:${message.column} ${message.ruleId ?? 'error'} ${JSON.stringify(words(source, message))}`,
    `  ${message.message}`,
    ...(message.suggestions ?? []).map(({ desc, fix }) => `  > ${desc}\n    ${JSON.stringify(source.slice(...fix.range))} => ${JSON.stringify(fix.text)}`),
  ].join('\n');
}
