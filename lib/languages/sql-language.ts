/** SQL as an ESLint language (ESLint 9.15 and later). */
import type { ESLint } from 'eslint';
import { dialectOption, readSqlFile, type SqlFile } from './sql-file.js';
import { SqlSourceCode } from './sql-source-code.js';

type Language = NonNullable<ESLint.Plugin['languages']>[string];
type SourceCode = ReturnType<Language['createSourceCode']>;

export class SqlLanguage implements Language {
  readonly fileType = 'text';
  readonly lineStart = 1;
  readonly columnStart = 1;
  readonly nodeTypeKey = 'type';
  readonly visitorKeys = { sql_file: ['statements'], sql_statement: [] };
  /** `parserOptions` and `globals` are what rules for JavaScript expect to find when an unscoped configuration runs them here. */
  readonly defaultLanguageOptions = { parserOptions: {}, globals: {} };

  /** Options of unscoped configurations (`globals`, `parser`, `sourceType`, ..) are merged into ours: only `dialect` is looked at. */
  validateLanguageOptions(options: Record<string, unknown>): void {
    dialectOption(options);
  }

  parse(file: Parameters<Language['parse']>[0], { languageOptions }: { languageOptions: Record<string, unknown> }): { ok: true; ast: SqlFile } {
    return { ok: true, ast: readSqlFile(file.body as string, dialectOption(languageOptions)) };
  }

  createSourceCode(file: Parameters<Language['parse']>[0], { ast }: { ast: unknown }): SourceCode {
    return new SqlSourceCode({ text: file.body as string, ast: ast as SqlFile, hasBOM: file.bom });
  }
}
