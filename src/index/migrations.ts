import type { Migration } from './migration.ts';
import { migration001 } from './migrations/001-trees.ts';
import { migration002 } from './migrations/002-journal.ts';
import { migration003 } from './migrations/003-conflicts.ts';
import { migration004 } from './migrations/004-chunks.ts';
import { migration005 } from './migrations/005-records.ts';
import { migration006 } from './migrations/006-mass-change.ts';
import { migration007 } from './migrations/007-left-out.ts';
import { migration008 } from './migrations/008-mounts.ts';
import { migration009 } from './migrations/009-past.ts';
import { migration010 } from './migrations/010-shown-names.ts';
import { migration011 } from './migrations/011-settled.ts';
import { migration012 } from './migrations/012-vault-folders.ts';
import { migration013 } from './migrations/013-far-times.ts';
import { migration014 } from './migrations/014-origin.ts';

/** All steps of the schema, by rising number. */
export const migrations: readonly Migration[] = [
  migration001,
  migration002,
  migration003,
  migration004,
  migration005,
  migration006,
  migration007,
  migration008,
  migration009,
  migration010,
  migration011,
  migration012,
  migration013,
  migration014,
];
