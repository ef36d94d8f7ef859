/**
 * Writes `rules/index.ts` from the files of `rules/`. With `--check` it writes nothing and fails where the file is out of date.
 *
 *     npm run rules-index [-- --check]
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** The names of the rules: the files of a folder's `rules/`, sorted. */
export function ruleNames(root = ROOT): string[] {
  return readdirSync(join(root, 'rules'))
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

const identifier = (rule: string): string => rule.replace(/-(\w)/gu, (_, letter: string) => letter.toUpperCase());

/** The text of `rules/index.ts`. */
export function rulesIndex(names: readonly string[]): string {
  return [
    '// Written by `npm run rules-index` from the files beside it.',
    ...names.map((name) => `import ${identifier(name)} from './${name}.js';`),
    '',
    'export const rules = {',
    ...names.map((name) => `  '${name}': ${identifier(name)},`),
    '};',
    '',
  ].join('\n');
}

/** Brings `rules/index.ts` up to date, or only says whether it is. Returns true where it was. */
export function updateRulesIndex({ check, root = ROOT }: { readonly check: boolean; readonly root?: string }): boolean {
  const file = join(root, 'rules', 'index.ts');
  const written = readFileSync(file, 'utf8');
  const wanted = rulesIndex(ruleNames(root));
  if (!check && written !== wanted) writeFileSync(file, wanted);
  return written === wanted;
}

if (require.main === module) {
  const check = process.argv.includes('--check');
  if (!updateRulesIndex({ check }) && check) {
    console.error('rules/index.ts does not list the files of rules/. Run: npm run rules-index');
    process.exitCode = 1;
  }
}
