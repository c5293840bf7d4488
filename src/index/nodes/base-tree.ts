import type { ContentId, NodeId } from '../../model/ids.ts';
import { nameToBytes, type NodeName } from '../../model/name.ts';
import type { VersionedNode } from '../../model/node.ts';
import { Emptiness } from '../file/emptiness.ts';
import { idToBytes } from '../file/id-bytes.ts';
import { versionedColumnsOf, type RecordRow } from './node-record.ts';
import { copyVersioned, versionedFromRow } from './node-row.ts';
import type { Statement } from '../file/statement.ts';
import { selectRowOf, TreeTable, type TreeDeps } from './tree-table.ts';

const namesakesAt = `${selectRowOf('base')} WHERE base_parent = ? AND base_name = ? ORDER BY number`;
const vanishedWith = `${selectRowOf('base')} WHERE base_content = ? AND local_kind IS NULL AND base_kind = 0 ORDER BY node.id LIMIT ?`;
const vanished = "node WHERE base_content > x'' AND local_kind IS NULL AND base_kind = 0";

/** What disk and vault last agreed on, node by node. Two nodes may stand at one place for a while. */
export class BaseTree extends TreeTable<'base'> {
  readonly #namesakes: Statement<RecordRow>;
  readonly #vanished: Statement<RecordRow>;
  readonly #nothingVanished: Emptiness;
  /** Of the trees, when that was asked. */
  #revision = -1;

  constructor(deps: TreeDeps) {
    super(deps, 'base');
    this.#namesakes = deps.database.prepareArrays(namesakesAt);
    this.#vanished = deps.database.prepareArrays(vanishedWith);
    this.#nothingVanished = new Emptiness(deps.database, vanished);
  }

  /**
   * As in the other trees; but a full page goes on over `limit` until its last name is complete, as paging goes by name.
   * Of nodes with one name the one first seen comes first; `childNamed` gives that one.
   */
  override childrenOf(parent: NodeId, after: NodeName | undefined, limit: number): readonly VersionedNode[] {
    const page = super.childrenOf(parent, after, limit);
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return page;
    const { name } = last.state;
    const namesakes = this.#namesakes.all(idToBytes(parent), nameToBytes(name));
    return [...page.filter((node) => node.state.name !== name), ...this.decodeAll(namesakes)];
  }

  /**
   * Files of the base with this content that the local tree does not hold, by id, at most `limit`. Has an index of its own:
   * costs nothing for files that are where they were, however many have that content.
   */
  vanishedWithContent(content: ContentId, limit: number): readonly VersionedNode[] {
    this.nodes.flush();
    // Asked of each new file of a batch, and mostly for nothing.
    if (this.#revision !== this.revision) this.#nothingVanished.forget();
    this.#revision = this.revision;
    if (this.#nothingVanished.isEmpty()) return [];
    return this.decodeAll(this.#vanished.all(idToBytes(content), limit));
  }

  protected override fromRow(row: RecordRow): VersionedNode {
    return versionedFromRow(versionedColumnsOf(row, 1));
  }

  protected override copyOf(node: VersionedNode): VersionedNode {
    return copyVersioned(node);
  }
}
