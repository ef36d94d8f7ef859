/** The versions of ESLint that the plugin supports, each with the class that a flat configuration runs in. */
import type { ESLint as ESLintClass } from 'eslint';

export interface Version {
  readonly name: string;
  /** The package that it is installed as. */
  readonly package: 'eslint' | 'eslint-9' | 'eslint-8';
  readonly ESLint: typeof ESLintClass;
}

const load = (id: string): unknown => require(id);

/** ESLint 9 and 10: flat configurations and languages. */
export const WITH_LANGUAGES: readonly Version[] = [
  { name: 'ESLint 10', package: 'eslint', ESLint: (load('eslint') as { ESLint: typeof ESLintClass }).ESLint },
  { name: 'ESLint 9', package: 'eslint-9', ESLint: (load('eslint-9') as { ESLint: typeof ESLintClass }).ESLint },
];

/** ESLint 8 with a flat configuration. */
export const ESLINT_8: Version = {
  name: 'ESLint 8', package: 'eslint-8',
  ESLint: (load('eslint-8/use-at-your-own-risk') as { FlatESLint: typeof ESLintClass }).FlatESLint,
};

/** ESLint 8 with `.eslintrc`. */
export const ESLINT_8_RC: typeof ESLintClass = (load('eslint-8') as { ESLint: typeof ESLintClass }).ESLint;

export const ALL_VERSIONS: readonly Version[] = [...WITH_LANGUAGES, ESLINT_8];
