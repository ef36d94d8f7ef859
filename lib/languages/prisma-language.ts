/** Prisma schemas as an ESLint language. */
import { FileLanguage } from './file-language.js';
import { readPrismaFile, type PrismaFile } from './prisma-file.js';

export class PrismaLanguage extends FileLanguage<PrismaFile> {
  readonly visitorKeys = { prisma_file: ['blocks'], prisma_block: [] };

  validateLanguageOptions(): void { /* There are none. */ }

  protected read(text: string): PrismaFile {
    return readPrismaFile(text);
  }
}
