/** `soft-delete coverage`: what the plugin understands of a project, and what it does not. */
import { dirname, join } from 'node:path';
import { compile, ManifestError, type Catalog } from '../lib/manifest/index.js';
import { catalogOf, settingsOf, type Settings } from '../lib/manifest/settings.js';
import { MANIFEST, readManifestFile } from './manifest-file.js';
import { projectFiles, textsOf } from './project-files.js';
import type { Command, Options } from './run.js';
import { surveyOf, type Outcome, type Survey } from './survey.js';
import { columns, count, type Terminal } from './terminal.js';

const OUTCOMES: readonly Outcome[] = ['live', 'dead', 'all', 'unknown'];

export const coverage: Command = async (options, terminal) => {
  const { catalog, settings } = await configured(options, terminal);
  const survey = surveyOf(textsOf(terminal.cwd, projectFiles(terminal.cwd, options.paths)), catalog, settings);
  terminal.out(options.json ? asJson(survey) : report(survey, options, terminal));
  return 0;
};

/** The manifest of the command line, else that of ESLint's configuration with its settings, else `soft-delete.json`. */
async function configured(options: Options, terminal: Terminal): Promise<{ catalog: Catalog; settings?: Settings }> {
  const fromEslint = options.manifest === null ? await eslintSettings(terminal.cwd) : null;
  if (fromEslint) return { catalog: catalogOf(fromEslint), settings: settingsOf(fromEslint) };
  const { path, manifest, message, problems } = readManifestFile(options, terminal);
  if (manifest === null) throw new ManifestError(message!, problems);
  return { catalog: compile(manifest, dirname(path)) };
}

/** The settings that ESLint's configuration has for a TypeScript file of the project; null where it has none, or cannot be loaded. */
async function eslintSettings(cwd: string): Promise<{ settings: Readonly<Record<string, unknown>>; cwd: string } | null> {
  try {
    const { ESLint } = require('eslint') as typeof import('eslint');
    const config = await new ESLint({ cwd }).calculateConfigForFile(join(cwd, 'src', 'index.ts')) as { settings?: Record<string, unknown> } | undefined;
    return config?.settings?.['soft-delete'] ? { settings: config.settings, cwd } : null;
  } catch {
    return null;
  }
}

function report(survey: Survey, { list }: Options, terminal: Terminal): string {
  const { paint } = terminal, { files, concerned, statements, byLibrary, tables, unknown, unread } = survey;
  if (concerned === 0) return `None of ${count(files, 'file')} names a soft-deleted table of ${MANIFEST}.`;
  const libraries = [...byLibrary].map(([library, number]) => `${library === 'sql' ? 'SQL' : library} ${number.toLocaleString('en')}`).join(', ');
  const rows = [...tables].map(([{ name }, { reads }]) => [name, ...OUTCOMES.map((outcome) => (reads[outcome] === 0 ? '·' : String(reads[outcome])))]);
  const total = ['', ...OUTCOMES.map((outcome) => String([...tables.values()].reduce((sum, { reads }) => sum + reads[outcome], 0)))];
  const [head, ...body] = columns([['reads of', ...OUTCOMES], ...rows, total], OUTCOMES.map((_, i) => i + 1));
  return [
    `${count(statements, 'statement')} about soft-deleted tables in ${count(concerned, 'file')} of ${files.toLocaleString('en')}${libraries ? `: ${libraries}` : ''}.`,
    '',
    paint('bold', head!), ...body.slice(0, -1), paint('bold', body.at(-1)!),
    '',
    'live: deleted rows cannot get through. dead: only they do. all: both do. unknown: something that cannot be seen decides.',
    `${count(unread.length, 'statement or call', 'statements and calls')} could not be read${(unread.length > 0 || unknown.length > 0) && !list ? '; --list shows the places' : ''}.`,
    ...(list ? ['', ...columns([...unknown.map((place) => [placeOf(place), 'unknown', place.table]), ...unread.map((place) => [placeOf(place), 'unread', place.reason])])] : []),
  ].join('\n').trimEnd();
}

function placeOf({ path, line, column }: Survey['unread'][number] | Survey['unknown'][number]): string {
  return `${path}:${line}:${column}`;
}

function asJson({ byLibrary, tables, ...survey }: Survey): string {
  return JSON.stringify({ ...survey, byLibrary: Object.fromEntries(byLibrary), tables: Object.fromEntries([...tables].map(([{ name, schema }, tally]) => [schema === null ? name : `${schema}.${name}`, tally])) }, null, 2);
}
