/** JavaScript and TypeScript sources as ESLint's `SourceCode`. Parsers are loaded with the first source. */
import type { SourceCode } from 'eslint';
import type { Linter } from 'eslint';

type Parse = (text: string, path: string) => SourceCode | null;
let parse: Parse | null = null;

/** The source of a file; null where it cannot be parsed, or no parser for it is installed. */
export function openSource(text: string, path: string): SourceCode | null {
  parse ??= loadParser();
  return parse(text, path);
}

/** `@typescript-eslint/parser` where the project has it; else espree, which ESLint brings, for what is no TypeScript. */
function loadParser(): Parse {
  const { SourceCode: Source, Linter: EslintLinter } = require('eslint') as typeof import('eslint');
  const make = (text: string, parsed: Linter.ESLintParseResult): SourceCode => new Source({
    text, ast: parsed.ast, scopeManager: parsed.scopeManager as never, visitorKeys: parsed.visitorKeys as never,
  });
  const typescript = optional<{ parseForESLint(text: string, options: object): Linter.ESLintParseResult }>('@typescript-eslint/parser');
  if (typescript) {
    return (text, path) => {
      const options = { range: true, loc: true, tokens: true, comment: true, sourceType: 'module', loggerLevel: 'silent', lib: [], jsDocParsingMode: 'none', allowInvalidAST: true, filePath: `file${/\.[cm]?[jt]sx?$/.exec(path)?.[0] ?? '.ts'}` };
      for (const jsx of /\.[cm]?ts$/.test(path) ? [false, true] : [true, false]) {
        try {
          return make(text, typescript.parseForESLint(text, { ...options, ecmaFeatures: { jsx } }));
        } catch { /* Perhaps the other way. */ }
      }
      return null;
    };
  }
  return (text, path) => {
    if (/\.[cm]?tsx?$/.test(path)) return null;
    const linter = new EslintLinter();
    for (const sourceType of ['module', 'commonjs'] as const) {
      linter.verify(text, { languageOptions: { sourceType, ecmaVersion: 'latest', parserOptions: { ecmaFeatures: { jsx: true } } } } as never);
      const source = linter.getSourceCode() as SourceCode | null;
      if (source) return source;
    }
    return null;
  };
}

function optional<Module>(name: string): Module | null {
  try {
    return require(name) as Module;
  } catch {
    return null;
  }
}
