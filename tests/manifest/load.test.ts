import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { load, ManifestError } from '../../lib/manifest/index.js';
import { parseManifest } from '../../lib/manifest/load.js';

const MANIFEST = '{\n  "tables": {\n    "users": "soft"\n  }\n}\n';

const MESSAGES: [what: string, text: string, message: string][] = [
  // No JSON
  ['nothing', ' \n', 'm.json: the file is empty.'],
  ['a comma too many', '{\n  "tables": {\n    "users": "soft",\n  }\n}', 'm.json:3:20: this is not JSON: the comma before "}" is one too many, at "users": "soft"▸,'],
  ['a comma too many in a list', '{"guards": [1, ]}', 'm.json:1:14: this is not JSON: the comma before "]" is one too many, at {"guards": [1▸, ]}'],
  ['a missing comma', '{"tables": {\n  "users": "soft"\n  "posts": "soft"\n}}', 'm.json:3:3: this is not JSON: a comma or "}" should stand here, at ▸"posts": "soft"'],
  ['a comment', '{\n  // the tables\n  "tables": {}\n}', 'm.json:2:3: this is not JSON: JSON has no comments, at ▸// the tables'],
  ['a comment between', '{"tables": /* x */ {}}', 'm.json:1:12: this is not JSON: JSON has no comments, at {"tables": ▸/* x */ {}}'],
  ['single quotes', "{'tables': {}}", "m.json:1:2: this is not JSON: texts stand in double quotes in JSON, at {▸'tables': {}}"],
  ['a bare key', '{tables: {}}', 'm.json:1:2: this is not JSON: a key in double quotes should stand here, at {▸tables: {}}'],
  ['a bare word', '{"tables": {"users": soft}}', 'm.json:1:22: this is not JSON: a value should stand here, at {"tables": {"users": ▸soft}}'],
  ['a number that is none', '{"a": 01}', 'm.json:1:7: this is not JSON: a value should stand here, at {"a": ▸01}'],
  ['no colon', '{"tables" {}}', 'm.json:1:11: this is not JSON: a colon should stand here, at {"tables" ▸{}}'],
  ['a file that is half typed', '{\n  "tables": {\n    "users": ', 'm.json:3:14: this is not JSON: the file ends here, where a value should stand, at "users": ▸'],
  ['an object that is not closed', '{"tables": {"users": "soft"}\n', 'm.json:2:1: this is not JSON: the file ends here, where a comma or "}" should stand, at ▸'],
  ['a text that is not closed', '{"tables": {"users": "soft}}\n', 'm.json:1:22: this is not JSON: the text that starts here is not closed on its line, at {"tables": {"users": ▸"soft}}'],
  ['a tab in a text', '{"a\tb": 1}', 'm.json:1:2: this is not JSON: the text that starts here is not closed on its line, at {▸"a\tb": 1}'],
  ['a Windows path', '{"purge": "jobs\\purge.sql"}', 'm.json:1:16: this is not JSON: this escape is none of JSON; a backslash itself is written "\\\\", at {"purge": "jobs▸\\purge.sql"}'],
  ['two values', `${MANIFEST}{}`, 'm.json:6:1: this is not JSON: the end of the file should stand here, at ▸{}'],
  ['Windows line ends', '{\r\n  "tables": {},\r\n}', 'm.json:2:15: this is not JSON: the comma before "}" is one too many, at "tables": {}▸,'],
  ['a long line', `{"${'k'.repeat(100)}": x, "${'l'.repeat(100)}": 1}`, `m.json:1:106: this is not JSON: a value should stand here, at ${'k'.repeat(27)}": ▸x, "${'l'.repeat(26)}`],
  // No manifest
  ['a mistake', '{\n  "tables": {\n    "users": "sotf"\n  }\n}', 'm.json:3:5: tables.users must be "soft" or "hard", not "sotf"; did you mean "soft"?'],
  ['a mistake in a list', '{"tables": {"users": "soft"},\n "guards": [{"kind": "assert", "name": "a"},\n  {"kind": "asert", "name": "a"}]}', 'm.json:3:4: guards[1].kind must be "predicate", "where-object", "where-wrapper", "chain", "modifier", "join-callback", "scope", "orm-filter", "client", "query-source", "relation", "assert", "soft-delete-fn" or "bypass", not "asert"; did you mean "assert"?'],
  ['something missing', '{\n "tables": {\n  "users": { }}}', 'm.json:3:3: tables.users.deletion is missing; write "soft" or "hard".'],
  ['several mistakes', '{"tables": {"users": "sotf", "posts": "hrad"}}', 'm.json:1:13 (first of 2 mistakes): tables.users must be "soft" or "hard", not "sotf"; did you mean "soft"?'],
  ['a key written twice', '{"tables": {"users": "soft", "posts": "soft",\n "users": "hard"}}', 'm.json:2:2: tables.users is written twice, and only the last of the two counts.'],
  ['a list', '\n []', 'm.json:2:2: The manifest must be an object, not an empty list.'],
];

describe('parseManifest', () => {
  for (const [what, text, message] of MESSAGES) it(`says of ${what}: ${message}`, () => {
    const parsed = parseManifest(text, 'm.json');
    assert.equal(parsed.message, message);
    assert.equal(parsed.manifest, null);
  });

  it('takes a byte order mark and Windows line ends', () => {
    assert.deepEqual(parseManifest(`\uFEFF${MANIFEST.replaceAll('\n', '\r\n')}`, 'm.json'), { manifest: { tables: { users: 'soft' } }, problems: [], message: null });
  });

  it('keeps warnings beside the manifest', () => {
    const { manifest, problems, message } = parseManifest('{"tables": {"old_logs": "soft", "OldLogs": "soft"}}', 'm.json');
    assert.deepEqual([Object.keys(manifest!.tables), problems.map(({ severity, place }) => `${severity} ${place}`), message], [['old_logs', 'OldLogs'], ['warning tables.OldLogs'], null]);
  });
});

describe('load', () => {
  let folder: string;
  before(() => { folder = mkdtempSync(join(tmpdir(), 'manifest-')); });
  after(() => { rmSync(folder, { recursive: true }); });
  const file = (text: string): string => {
    writeFileSync(join(folder, 'soft-delete.json'), text);
    return join(folder, 'soft-delete.json');
  };

  it('gives the manifest of a file, by an absolute or a relative path', () => {
    const path = file(MANIFEST);
    assert.deepEqual(load(path), { tables: { users: 'soft' } });
    assert.deepEqual(load(relative(process.cwd(), path)), { tables: { users: 'soft' } });
  });

  it('throws one sentence, which is all that ESLint prints, and keeps every problem', () => {
    const path = file('{"tables": {"users": 1, "old_logs": "soft", "OldLogs": "soft"}}');
    assert.throws(() => load(path), (error) => {
      assert.ok(error instanceof ManifestError);
      assert.equal(error.message, `${path}:1:13: tables.users must be "soft", "hard" or an object, not 1.`);
      assert.equal(error.stack, error.message);
      assert.deepEqual(error.problems.map(({ place }) => place), ['tables.users', 'tables.OldLogs']);
      return true;
    });
  });

  it('names a file in the working directory by its relative path', () => {
    assert.throws(() => load('no/such.json'), { message: `no/such.json: there is no such file in ${process.cwd()}; "npx soft-delete init" writes one.` });
  });

  it('says why a file cannot be read', () => {
    assert.throws(() => load(join(folder, 'none.json')), { message: `${join(folder, 'none.json')}: there is no such file; "npx soft-delete init" writes one.` });
    assert.throws(() => load(folder), { message: `${folder}: the file cannot be read (EISDIR).` });
  });
});
