/** What the plugin's languages share with each other (ESLint 9.15 and later). */
import type { ESLint } from 'eslint';
import { FileSourceCode } from './file-source-code.js';
import type { TextFile } from './text-file.js';

type Language = NonNullable<ESLint.Plugin['languages']>[string];
type SourceCode = ReturnType<Language['createSourceCode']>;

export abstract class FileLanguage<Root extends TextFile> implements Language {
  readonly fileType = 'text';
  readonly lineStart = 1;
  readonly columnStart = 1;
  readonly nodeTypeKey = 'type';
  abstract readonly visitorKeys: Record<string, string[]>;
  /** `parserOptions` and `globals` are what rules for JavaScript expect to find when an unscoped configuration runs them here. */
  readonly defaultLanguageOptions = { parserOptions: {}, globals: {} };

  /** Options of unscoped configurations (`globals`, `parser`, `sourceType`, ..) are merged into ours: only what a language knows is looked at. */
  abstract validateLanguageOptions(options: Record<string, unknown>): void;

  /** Reads a file; never throws. */
  protected abstract read(text: string, options: Record<string, unknown>): Root;

  parse(file: Parameters<Language['parse']>[0], { languageOptions }: { languageOptions: Record<string, unknown> }): { ok: true; ast: Root } {
    return { ok: true, ast: this.read(file.body as string, languageOptions) };
  }

  createSourceCode(file: Parameters<Language['parse']>[0], { ast }: { ast: unknown }): SourceCode {
    return new FileSourceCode({ text: file.body as string, ast: ast as TextFile, hasBOM: file.bom, visitorKeys: this.visitorKeys }) as unknown as SourceCode;
  }
}
