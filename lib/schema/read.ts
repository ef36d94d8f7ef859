/** The declarations of tables in sources of any kind. */
import type { SchemaSource } from '../manifest/types.js';
import { fold, type Dialect } from '../manifest/catalog.js';
import type { TableDeclaration } from '../model/schema.js';
import { isClass, type ClassNode } from '../source/ast.js';
import { drizzle } from './drizzle.js';
import { typeorm } from './typeorm.js';
import { knex } from './knex.js';
import { kysely, kyselyTypes } from './kysely.js';
import { embeddedSql, readSqlFile, sqlDialect } from './sql.js';
import { medusa } from './medusa.js';
import { migrations } from './migrations/index.js';
import { mikroOrm } from './mikro-orm.js';
import { supabase } from './supabase.js';
import { sequelize } from './sequelize.js';
import { additionTo } from './entities.js';
import { objection } from './objection.js';
import { openSource } from './parse.js';
import { prismaDialect, readPrisma } from './prisma.js';
import { className, rangeOf, resolve } from './program.js';
import { Project, type Located, type Program } from './project.js';


/** What a file declares. */
export interface SourceReading {
  readonly path: string;
  readonly declarations: readonly TableDeclaration[];
  /** The dialect that the file speaks, or null where it does not tell. */
  readonly dialect: Dialect | null;
}

/** A library that declares tables in JavaScript or TypeScript. */
export interface DeclarationReader {
  readonly library: string;
  /** A file whose text does not match declares nothing of this library. */
  readonly mentioned: RegExp;
  /** The declarations of a file; what they refer to may stand in other files of the program's project. */
  read(program: Program): TableDeclaration[];
  dialect?(program: Program): Dialect | null;
  /** True where the declarations only describe to TypeScript what migrations or models made: what is wrong with a table is wrong there. */
  readonly describes?: true;
}

/** Every library that is known. */
export const READERS: readonly DeclarationReader[] = [drizzle, embeddedSql, knex, kysely, kyselyTypes, medusa, migrations, mikroOrm, objection, sequelize, supabase, typeorm];

/** Reads every source; one that cannot be read declares nothing. Never throws. */
export function readSources(sources: readonly SchemaSource[]): SourceReading[] {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const project = new Project([...texts.keys()].filter((path) => SCRIPT.test(path)), (path) => openSource(texts.get(path)!, path));
  return sources.map(({ path, text }) => {
    try {
      return readSource(path, text, project);
    } catch {
      return { path, declarations: [], dialect: null };
    }
  });
}

/**
 * The names under which files import the default exports of others, where these are classes with names of their own: as this file imports them,
 * and as others will import this file's, by what it is called.
 */
function importedModels(program: Program): TableDeclaration[] {
  const own = program.exported('default'), value = own && resolve(own), name = value?.program === program && isClass(value.node) ? className(value as Located<ClassNode>) : null;
  const file = /([A-Za-z_$][\w$]*)\.\w+$/.exec(program.path)?.[1] ?? '';
  const called = name !== null && fold(name) !== fold(file) && program.path.endsWith(`/${file}${/\.\w+$/.exec(program.path)![0]}`) && !GENERIC_FILES.test(file)
    ? additionTo('import', { table: null, schema: null, model: name }, rangeOf(value!), { models: [file] }) : null;
  return [...called ? [called] : [], ...importsOf(program)];
}

const GENERIC_FILES = /^(?:index|models?|schema|entity|entities|default|base|main|types?)$/i;

function importsOf(program: Program): TableDeclaration[] {
  return program.body.flatMap((statement) => statement.type === 'ImportDeclaration' ? statement.specifiers.flatMap((specifier) => {
    if (specifier.type !== 'ImportDefaultSpecifier') return [];
    const target = program.project.imported(program, String(statement.source.value), 'default');
    const value = target && resolve(target), name = value && isClass(value.node) ? className(value as Located<ClassNode>) : null;
    if (name === null || name === specifier.local.name) return [];
    const added = additionTo('import', { table: null, schema: null, model: name }, rangeOf(program.at(specifier)), { models: [specifier.local.name] });
    return added ? [added] : [];
  }) : []);
}

const SCRIPT = /\.[cm]?[jt]sx?$/;

function readSource(path: string, text: string, project: Project): SourceReading {
  if (path.endsWith('.prisma') || path.endsWith('.zmodel')) return { path, declarations: readPrisma(text), dialect: prismaDialect(text) };
  if (path.endsWith('.sql')) return { path, declarations: readSqlFile(text, path), dialect: sqlDialect(text) };
  const readers = SCRIPT.test(path) ? READERS.filter(({ mentioned }) => mentioned.test(text)) : [];
  const program = readers.length > 0 ? project.program(path) : null;
  if (!program) return { path, declarations: [], dialect: null };
  return {
    path,
    declarations: [...readers.flatMap((reader) => readPart(reader, program)), ...importedModels(program)],
    dialect: readers.map((reader) => reader.dialect?.(program) ?? null).find((dialect) => dialect !== null) ?? null,
  };
}

/** One library's declarations; what makes its reader stumble leaves those of others alone. */
function readPart(reader: DeclarationReader, program: Program): TableDeclaration[] {
  program.project.refill();
  try {
    return reader.read(program);
  } catch {
    return [];
  }
}
