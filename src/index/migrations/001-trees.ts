import type { Migration } from '../migration.ts';

export const migration001: Migration = { number: 1, sql: 'CREATE TABLE placeholder (x INTEGER) STRICT;' };
