/** The manifest as an ESLint language, so that what it leaves open is reported where it stands. */
import { FileLanguage } from './file-language.js';
import { readManifestFile, type ManifestFile } from './manifest-file.js';

export class ManifestLanguage extends FileLanguage<ManifestFile> {
  readonly visitorKeys = { manifest_file: [] };

  validateLanguageOptions(): void { /* There are none. */ }

  protected read(text: string): ManifestFile {
    return readManifestFile(text);
  }
}
