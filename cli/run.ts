/** Which command is meant, and what it is given. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ManifestError } from '../lib/manifest/index.js';
import { didYouMean } from '../lib/manifest/problems.js';
import { version } from '../package.json';
import { UsageError, type Terminal } from './terminal.js';

/** What a command is given. */
export interface Options {
  /** Files and folders; empty: all of the project. */
  readonly paths: readonly string[];
  /** The manifest's path as it was written; null where it was not. */
  readonly manifest: string | null;
  readonly force: boolean;
  readonly check: boolean;
  readonly list: boolean;
  readonly json: boolean;
}

/** A command; its result is the exit code. */
export type Command = (options: Options, terminal: Terminal) => number | Promise<number>;

const COMMANDS: Readonly<Record<string, { readonly takes: readonly string[]; readonly load: () => Command }>> = {
  init: { takes: ['force'], load: () => (require('./init.js') as typeof import('./init.js')).init },
  sync: { takes: ['check'], load: () => (require('./sync.js') as typeof import('./sync.js')).sync },
  check: { takes: [], load: () => (require('./sync.js') as typeof import('./sync.js')).check },
  coverage: { takes: ['list', 'json'], load: () => (require('./coverage.js') as typeof import('./coverage.js')).coverage },
};

const USAGE = `soft-delete <command> [paths]

  init      proposes soft-delete.json: reads schemas, models and migrations, and says of each table who asks for its tombstone
              --force      write it even if it is there
  sync      adds to soft-delete.json what the schemas have and it has not; what is there stays as it is
              --check      write nothing, and fail where something is missing
  check     fails where soft-delete.json has mistakes, or where sync would add to it
  coverage  counts what ESLint understands: reads by table and outcome, and what could not be read
              --list       with the place of each that is unknown or unread
              --json       for programs

  paths     files and folders to read; without: those of the project that git does not ignore
  --manifest FILE          another file than soft-delete.json
  --help, --version`;

const FLAGS = { manifest: { type: 'string' }, force: { type: 'boolean' }, check: { type: 'boolean' }, list: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } } as const satisfies ParseArgsConfig['options'];

/**
 * Runs the command that the arguments name.
 * @returns The exit code: 0; 1 where `check` found something; 2 where the command could not be run. Never throws.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const { values, positionals: [name, ...paths] } = parsed(args);
    if (values.version) return said(terminal, version);
    if (values.help || name === undefined) return said(terminal, USAGE);
    const command = COMMANDS[name];
    if (!command) throw new UsageError(`There is no command ${JSON.stringify(name)}${didYouMean(name, Object.keys(COMMANDS)) || '; "soft-delete --help" lists them.'}`);
    const strange = (['force', 'check', 'list', 'json'] as const).find((flag) => values[flag] && !command.takes.includes(flag));
    if (strange) throw new UsageError(`"soft-delete ${name}" takes no --${strange}.`);
    const { manifest = null, force = false, check = false, list = false, json = false } = values;
    return await command.load()({ paths, manifest, force, check, list, json }, terminal);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ManifestError)) throw error;
    terminal.err(error.message);
    return 2;
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}; "soft-delete --help" lists the options.`);
  }
}

function said(terminal: Terminal, text: string): number {
  terminal.out(text);
  return 0;
}
