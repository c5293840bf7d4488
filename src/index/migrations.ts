import type { Migration } from './migration.ts';
import { migration001 } from './migrations/001-trees.ts';

/** All steps of the schema, by rising number. */
export const migrations: readonly Migration[] = [migration001];
