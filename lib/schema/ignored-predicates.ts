/** Builders that leave the predicate of an index out where the dialect has none, without a word. */
import type { Dialect } from '../manifest/catalog.js';
import type { TableDeclaration } from '../model/schema.js';

/** By library: what it compiles for MySQL was read from knex 3.3, sequelize 6.37 and typeorm 0.3.31. Kysely writes it, and MySQL refuses it. */
const SILENT: Readonly<Record<string, string>> = {
  'knex': 'Knex on MySQL', 'sequelize': 'Sequelize on MySQL', 'sequelize-migration': 'Sequelize on MySQL', 'typeorm': 'TypeORM on MySQL', 'typeorm-migration': 'TypeORM on MySQL',
};

/** The declaration with the keys marked whose predicate never reaches the database. */
export function markIgnoredPredicates(declaration: TableDeclaration, dialect: Dialect): TableDeclaration {
  const spoken = declaration.dialect ?? dialect, by = spoken === 'mysql' || spoken === 'mariadb' ? SILENT[declaration.library ?? ''] : undefined;
  if (by === undefined || !declaration.keys?.some(({ predicate }) => predicate !== null)) return declaration;
  return { ...declaration, keys: declaration.keys.map((key) => key.predicate === null ? key : { ...key, ignored: by }) };
}
