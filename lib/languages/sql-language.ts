/** SQL as an ESLint language. */
import { FileLanguage } from './file-language.js';
import { dialectOption, readSqlFile, type SqlFile } from './sql-file.js';

export class SqlLanguage extends FileLanguage<SqlFile> {
  readonly visitorKeys = { sql_file: ['statements'], sql_statement: [] };

  validateLanguageOptions(options: Record<string, unknown>): void {
    dialectOption(options);
  }

  protected read(text: string, options: Record<string, unknown>): SqlFile {
    return readSqlFile(text, dialectOption(options));
  }
}
