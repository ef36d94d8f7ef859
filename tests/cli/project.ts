/** Projects in temporary folders, and commands that run in them. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../cli/run.js';
import type { Manifest } from '../../lib/manifest/index.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A project with files, given by path. */
export class CommandProject {
  readonly folder = mkdtempSync(join(realpathSync(tmpdir()), 'soft-delete-cli-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  text(path = 'soft-delete.json'): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  manifest(): Manifest {
    return JSON.parse(this.text()) as Manifest;
  }

  run(...args: string[]): Promise<Ran> {
    return this.runIn(this.folder, ...args);
  }

  /** Runs a command in another folder. */
  async runIn(cwd: string, ...args: string[]): Promise<Ran> {
    const out: string[] = [], err: string[] = [];
    const code = await run(args, { cwd, out: (text) => out.push(text), err: (text) => err.push(text), paint: (_, text) => text });
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export const SCHEMA = `
datasource db { provider = "postgresql" url = env("DATABASE_URL") }
model User { id Int @id  email String @unique  deletedAt DateTime?  posts Post[]  @@map("users") }
model Post { id Int @id  authorId Int  author User @relation(fields: [authorId], references: [id])  deletedAt DateTime? }
model Tag { id Int @id  deletedAt DateTime? }
model Draft { id Int @id  deletedAt DateTime? }
model Session { id Int @id }
`;

export const QUERIES = `
export const list = () => prisma.user.findMany({ where: { deletedAt: null } });
export const all = () => prisma.user.findMany();
export const bin = (id) => prisma.user.update({ where: { id }, data: { deletedAt: new Date() } });
export const untag = (id) => prisma.tag.delete({ where: { id } });
export const tags = () => prisma.tag.findMany();
`;
