/** JavaScript and TypeScript sources as ESLint's `SourceCode`. Parsers are loaded with the first source. */
import type { Linter, SourceCode } from 'eslint';

/** Parses a file by its path and text; null where that fails. */
export type Parse = (text: string, path: string) => SourceCode | null;

let preferred: Parse | null = null;

/** The source of a file; null where it cannot be parsed, or no parser for it is installed. `@typescript-eslint/parser` is taken where the project has it. */
export function openSource(text: string, path: string): SourceCode | null {
  preferred ??= typescriptParser() ?? espreeParser();
  return preferred(text, path);
}

interface TypeScriptParser {
  parseForESLint(text: string, options: object): Linter.ESLintParseResult;
}

/** `@typescript-eslint/parser`; null where it is not installed. */
function typescriptParser(): Parse | null {
  let parser: TypeScriptParser;
  try {
    parser = require('@typescript-eslint/parser') as TypeScriptParser;
  } catch {
    return null;
  }
  const { SourceCode: Source } = require('eslint') as typeof import('eslint');
  // Neither types nor comments are asked for, and a declaration with a mistake elsewhere in its file is a declaration.
  const settings = { range: true, loc: true, tokens: true, comment: true, sourceType: 'module', loggerLevel: 'silent', lib: [], jsDocParsingMode: 'none', allowInvalidAST: true };
  return (text, path) => {
    const filePath = `file${/\.[cm]?[jt]sx?$/.exec(path)?.[0] ?? '.ts'}`;
    for (const jsx of /\.[cm]?ts$/.test(path) ? [false, true] : [true, false]) {
      try {
        const { ast, scopeManager, visitorKeys } = parser.parseForESLint(text, { ...settings, filePath, ecmaFeatures: { jsx } });
        return new Source({ text, ast, scopeManager: scopeManager as never, visitorKeys: visitorKeys as never });
      } catch { /* Perhaps the other way. */ }
    }
    return null;
  };
}

/** Espree, which ESLint brings, for what is no TypeScript. */
export function espreeParser(): Parse {
  const { Linter: EslintLinter } = require('eslint') as typeof import('eslint');
  return (text, path) => {
    if (/\.[cm]?tsx?$/.test(path)) return null;
    for (const sourceType of ['module', 'commonjs'] as const) {
      const linter = new EslintLinter({ configType: 'flat' });
      linter.verify(text, { languageOptions: { sourceType, ecmaVersion: 'latest', parserOptions: { ecmaFeatures: { jsx: true } } } } as never, { filename: 'file.js' });
      const source = linter.getSourceCode() as SourceCode | null;
      if (source) return source;
    }
    return null;
  };
}
