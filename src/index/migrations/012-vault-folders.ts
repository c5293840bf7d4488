import type { Migration } from '../migration.ts';

/** Folders of the vault's tree by place: a window shows them without a look at the files beside them. */
export const migration012: Migration = {
  number: 12,
  sql: 'CREATE INDEX node_remote_folder ON node (remote_parent, remote_name) WHERE remote_kind = 1;',
};
