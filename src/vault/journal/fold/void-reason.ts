/** Why a group of changes, or a whole entry, was not applied. */
export type VoidReason =
  /** The node has another version by now, or is gone. */
  | 'changed'
  /** A node of that identity is there already, or was there as another kind. */
  | 'exists'
  /** Another node has the name. */
  | 'name-taken'
  /** The folder it goes to is gone (or is no folder). */
  | 'no-parent'
  /** A folder would stand inside itself. */
  | 'cycle'
  /** Deeper than any device may write. */
  | 'too-deep'
  /** The folder to remove still has something in it. */
  | 'not-empty'
  /** The group says two things of one node, or something of the root. */
  | 'malformed'
  /** The conflict is not open, or its copy is not there. */
  | 'no-conflict'
  /** Older than a checkpoint that does not know the entry. */
  | 'checkpoint'
  /** The author gave the entry up. */
  | 'skipped';
