/** Where a command runs, and what it writes to. */
import type { styleText } from 'node:util';

export interface Terminal {
  /** Absolute; what paths on the command line are relative to. */
  readonly cwd: string;
  /** Writes lines to the output. */
  out(text: string): void;
  /** Writes lines to the error output. */
  err(text: string): void;
  /** The text in a style, where the output shows styles. */
  paint(style: Parameters<typeof styleText>[0], text: string): string;
}

/** A command was called in a way that it cannot serve. The message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** `1 table`, `2 tables`. */
export function count(number: number, noun: string, many = `${noun}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? noun : many}`;
}

/** Rows as columns, two blanks between them; `right`: the columns whose texts end below each other. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => { widths[i] = Math.max(widths[i] ?? 0, cell.length); });
  return rows.map((row) => row.map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  ').trimEnd());
}
