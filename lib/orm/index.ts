/** The libraries whose calls are read. */
import type { OrmLibrary } from './library.js';
import { kysely } from './kysely.js';
import { sequelize } from './sequelize.js';

export const LIBRARIES: readonly OrmLibrary[] = [
  kysely,
  sequelize,
];
