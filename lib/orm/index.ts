/** The libraries whose calls are read. */
import { drizzle } from './drizzle.js';
import type { OrmLibrary } from './library.js';
import { knex } from './knex.js';
import { kysely } from './kysely.js';
import { mikroOrm } from './mikro-orm.js';
import { objection } from './objection.js';
import { prisma } from './prisma.js';
import { sequelize } from './sequelize.js';
import { supabase } from './supabase.js';
import { typeorm } from './typeorm.js';

export const LIBRARIES: readonly OrmLibrary[] = [
  drizzle,
  knex,
  kysely,
  mikroOrm,
  objection,
  prisma,
  sequelize,
  supabase,
  typeorm,
];
