/** `soft-delete sync` and `soft-delete check`: the manifest beside what the project declares now. */
import { writeFileSync } from 'node:fs';
import { applyEdits, modify } from 'jsonc-parser';
import { derive, ManifestError } from '../lib/manifest/index.js';
import { driftOf, type Addition } from './drift.js';
import { readManifestFile, type ManifestFile } from './manifest-file.js';
import { schemaSources } from './project-files.js';
import type { Command, Options } from './run.js';
import { count, UsageError, type Terminal } from './terminal.js';

export const sync: Command = (options, terminal) => (options.check ? check(options, terminal) : compared(options, terminal, true));

export const check: Command = (options, terminal) => compared(options, terminal, false);

function compared(options: Options, terminal: Terminal, write: boolean): number {
  const file = readManifestFile(options, terminal);
  if (file.manifest === null) {
    // All of its mistakes, not the first alone.
    if (file.problems.length === 0) throw new ManifestError(file.message!);
    for (const { severity, message } of file.problems) terminal.out(`${terminal.paint(severity === 'error' ? 'red' : 'yellow', severity)}  ${file.name}: ${message}`);
    return 1;
  }
  for (const { message } of file.problems) terminal.out(`${terminal.paint('yellow', 'warning')}  ${file.name}: ${message}`);
  const sources = schemaSources(terminal.cwd, options.paths), derived = derive(sources);
  if (Object.keys(derived.tables).length === 0) {
    throw new UsageError(`None of ${count(sources.length, 'file')} declares a table, so that there is nothing to compare ${file.name} with; paths behind the command name schemas that git ignores.`);
  }
  const { additions, notes } = driftOf(file.manifest, derived);
  for (const { what } of additions) terminal.out(`${terminal.paint('green', write ? 'added' : 'missing')}  ${what}`);
  for (const note of notes) terminal.out(`${terminal.paint('yellow', 'note')}  ${note}`);
  if (additions.length > 0 && write) writeFileSync(file.path, added(file, additions));
  terminal.out(summary(file, additions.length, write));
  return additions.length > 0 && !write ? 1 : 0;
}

/** The manifest's text with what it had not; what was there stays as it was written. */
export function added({ text }: Pick<ManifestFile, 'text'>, additions: readonly Addition[]): string {
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? '  ';
  const formattingOptions = { insertSpaces: !indent.startsWith('\t'), tabSize: indent.startsWith('\t') ? 1 : indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  return additions.reduce((changed, { path, value }) => applyEdits(changed, modify(changed, [...path], value, { formattingOptions, isArrayInsertion: typeof path.at(-1) === 'number' })), text);
}

function summary({ name, manifest }: ManifestFile, additions: number, write: boolean): string {
  const tables = count(Object.keys(manifest!.tables).length, 'table');
  if (additions === 0) return `${name} has ${tables}, and all that the sources declare.`;
  return write ? `${name} had ${tables}; ${count(additions, 'thing was', 'things were')} added. New tables say what their columns look like: read them once.`
    : `${name} has ${tables}, and ${count(additions, 'thing is', 'things are')} missing; "soft-delete sync" adds ${additions === 1 ? 'it' : 'them'}.`;
}
