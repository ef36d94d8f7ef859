/**
 * Calls against the SQL that the real library makes of them: the same piece of code is read by the front end of the library and run with the
 * library itself; what it sent, read by the SQL front end, must get the same verdict for every table.
 */
import assert from 'node:assert/strict';
import { SourceCode } from 'eslint';
import * as parser from '@typescript-eslint/parser';
import { compile, type Manifest } from '../../lib/manifest/index.js';
import type { Catalog } from '../../lib/manifest/catalog.js';
import { analyse } from '../../lib/model/analyse.js';
import type { Analysis } from '../../lib/model/analysis.js';
import { findCalls } from '../../lib/orm/find.js';
import type { OrmLibrary } from '../../lib/orm/library.js';
import { SourceFile } from '../../lib/source/file.js';
import { readSql } from '../../lib/sql/read.js';
import { plainText } from '../../lib/sql/sql-text.js';

/** One call shape. */
export interface Shape {
  /** Default: the code. */
  readonly name?: string;
  /** An expression, or statements that end in `return`. What it yields is executed by `run`. */
  readonly code: string;
  /** Where the two verdicts rightly differ: what the call's reading says (`users: all`), and why. */
  readonly differs?: { readonly call: readonly string[]; readonly why: string };
}

export interface CrossCheck {
  readonly library: OrmLibrary;
  readonly manifest: Manifest;
  /** Imports and declarations in front of the code when it is read (not when it is run). */
  readonly prelude: string;
  /** Runs a shape with the real library and gives the SQL that it made, in the order of sending. */
  run(code: string): Promise<readonly string[]> | readonly string[];
  readonly shapes: readonly Shape[];
}

/** Declares one test for each shape. */
export function crossCheck({ library, manifest, prelude, run, shapes }: CrossCheck): void {
  const catalog = compile(manifest);
  for (const shape of shapes) {
    it(shape.name ?? shape.code.replace(/\s+/g, ' '), async () => {
      const sent = await run(shape.code), call = verdictsOfCode(prelude, shape.code, catalog, library);
      assert.ok(sent.length > 0, 'the library sent nothing');
      const sql = verdictsOfSql(sent, catalog);
      if (shape.differs) {
        assert.notDeepEqual(call, sql, 'they do not differ');
        assert.deepEqual(call, [...shape.differs.call].sort());
      } else assert.deepEqual(call, sql, `sent:\n  ${sent.join('\n  ')}\nfirst: the call's reading, then the reading of what was sent`);
    });
  }
}

/** What the reading of a program's calls says of each table: `users: live`, `users updated: all`, `users deleted: dead`. Sorted, each once. */
export function verdictsOfCode(prelude: string, code: string, catalog: Catalog, library: OrmLibrary): string[] {
  const body = /\breturn\b/.test(code) ? code : `return ${code};`;
  const text = `${prelude}\nasync function shape() {\n${body}\n}\n`;
  const { ast, scopeManager, visitorKeys, services } = parser.parseForESLint(text, { range: true, loc: true, tokens: true, comment: true, sourceType: 'module' });
  const sourceCode = new SourceCode({ text, ast: ast as never, scopeManager: scopeManager as never, visitorKeys: visitorKeys as never, parserServices: services as never });
  const file = new SourceFile(sourceCode, { mentions: (part) => catalog.mentions(part), dialect: catalog.dialect, tableNamed: (name) => catalog.model(name)?.name ?? null });
  const { statements, unread } = findCalls(file, catalog, [library]);
  assert.deepEqual(unread, [], 'a call could not be read');
  return verdicts(statements.map((statement) => analyse(statement, catalog)));
}

export function verdictsOfSql(sent: readonly string[], catalog: Catalog): string[] {
  return verdicts(sent.flatMap((text) => {
    const reading = readSql(plainText(text), { dialect: catalog.dialect, library: 'sql' });
    assert.deepEqual(reading.unread, [], `not read: ${text}`);
    return reading.statements.map((statement) => analyse(statement, catalog));
  }));
}

function verdicts(analyses: readonly Analysis[]): string[] {
  const said = analyses.flatMap(({ reads, updates, deletes, upserts }) => [
    ...reads.map(({ table, verdict }) => `${table.name}: ${verdict.state}`),
    ...updates.map(({ table, verdict, intent }) => `${table.name} updated (${intent === 'maybe' ? 'soft-delete' : intent}): ${verdict.state}`),
    ...deletes.map(({ table, verdict }) => `${table.name} deleted: ${verdict.state}`),
    ...upserts.map(({ table, liveOnly, revives }) => `${table.name} upserted:${liveOnly ? ' live only' : ''}${revives ? ' revives' : ''}`),
  ]);
  return [...new Set(said)].sort();
}

