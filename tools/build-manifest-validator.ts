/**
 * Turns `manifest.schema.json` and `lib/manifest/settings.schema.json` into the code that checks values against them
 * (`lib/manifest/structure.generated.ts`), so that nobody loads a schema compiler at run time.
 *
 *   npx tsx tools/build-manifest-validator.ts            writes the file
 *   npx tsx tools/build-manifest-validator.ts --check    fails when the file is out of date
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';

const root = join(__dirname, '..');
const target = join(root, 'lib/manifest/structure.generated.ts');

const HEADER = `// @ts-nocheck
/* eslint-disable */
// Made by tools/build-manifest-validator.ts from manifest.schema.json and settings.schema.json. Do not edit.
`;

/** The TypeScript module that exports `checkManifest` and `checkSettings`. Throws where it would need a package at run time. */
export function validatorCode(): string {
  const ajv = new Ajv({ allErrors: true, inlineRefs: false, verbose: true, messages: false, discriminator: true, allowUnionTypes: true, strictTypes: false, code: { source: true, esm: true, lines: true, optimize: 2 } });
  ajv.addSchema(schemaFor('manifest.schema.json', 'manifest'));
  ajv.addSchema(schemaFor('lib/manifest/settings.schema.json', 'settings'));
  const code = HEADER + standaloneCode(ajv, { checkManifest: 'manifest', checkSettings: 'settings' });
  const imported = /\brequire\([^)]*\)|^import .*$/m.exec(code);
  if (imported) throw new Error(`The validator would need ${imported[0]} at run time; write the schema without the keyword that needs it.`);
  return `${code.trimEnd()}\n`;
}

interface Json { [key: string]: Json | Json[] | string }

/** A schema without the words that only editors read; a reference carries the title of what it refers to, for messages. */
function schemaFor(file: string, id: string): object {
  const whole = JSON.parse(readFileSync(join(root, file), 'utf8')) as Json;
  const words = new Set(['description', 'examples', 'default', '$schema']);
  const bare = (value: unknown, names: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => bare(item, false));
    if (typeof value !== 'object' || value === null) return value;
    const { $ref } = value as { $ref?: string };
    const title = typeof $ref === 'string' ? (whole.definitions as Json)[$ref.split('/').at(-1)!] : undefined;
    const entries = Object.entries({ ...(title && { title: (title as Json).title }), ...value }).filter(([key]) => names || !words.has(key));
    return Object.fromEntries(entries.map(([key, item]) => [key, bare(item, !names && (key === 'properties' || key === 'definitions'))]));
  };
  return { ...(bare(whole, false) as object), $id: id, title: 'an object' };
}

if (require.main === module) {
  const code = validatorCode();
  if (!process.argv.includes('--check')) writeFileSync(target, code);
  else if (readFileSync(target, 'utf8') !== code) {
    console.error('lib/manifest/structure.generated.ts is out of date: run npx tsx tools/build-manifest-validator.ts');
    process.exitCode = 1;
  }
}
