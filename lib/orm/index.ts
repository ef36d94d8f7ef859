/** The libraries whose calls are read. */
import type { OrmLibrary } from './library.js';

export const LIBRARIES: readonly OrmLibrary[] = [];
