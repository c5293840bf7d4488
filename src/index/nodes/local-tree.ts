import { Failure } from '../../base/failure.ts';
import type { NodeId } from '../../model/ids.ts';
import { fullTraits, type DiskTraits } from '../../model/disk-traits.ts';
import { nameToBytes, type NodeName } from '../../model/name.ts';
import { shownOf, type LocalNode } from '../../model/node.ts';
import { nameKey } from '../../model/shown-name.ts';
import type { LocalReader } from '../../model/trees.ts';
import { Emptiness } from '../file/emptiness.ts';
import { idToBytes } from '../file/id-bytes.ts';
import { localColumnsOf, type RecordRow } from './node-record.ts';
import { copyLocal, localFromRow, type KeyedNode } from './node-row.ts';
import type { Statement } from '../file/statement.ts';
import { selectRowOf, TreeTable, type TreeDeps } from './tree-table.ts';

/** Children that change their parent at once, so that memory stays bounded. */
const adoptPage = 1000;
/** Rows whose keys are made anew at once. */
const keyPage = 1000;

const keyed = "node WHERE local_parent > x'' AND local_key IS NOT NULL";
const selectRow = selectRowOf('local');
const withIdentity = `${selectRow} WHERE local_identity = ? AND local_identity > '' ORDER BY number`;
const withKey = `${selectRow} WHERE local_parent = ? AND local_key = ? ORDER BY number LIMIT 1`;
const markedInFolder = `${selectRow} WHERE local_parent = ? AND local_shown IS NOT NULL ORDER BY number LIMIT ?`;
const nthChild = 'SELECT 1 AS yes FROM node WHERE local_parent = ? LIMIT 1 OFFSET ?';
const markedAnywhere = `${selectRow} WHERE local_parent > x'' AND local_shown IS NOT NULL LIMIT ?`;

/** What the disk showed. */
export class LocalTree extends TreeTable<'local'> implements LocalReader {
  /** How the disk tells names apart. */
  #traits: DiskTraits = fullTraits;
  readonly #keyless: Emptiness;
  /** Whether a key was written that SQLite may not have yet. */
  #hasWrittenKey = false;
  readonly #byIdentity: Statement<RecordRow>;
  readonly #byKey: Statement<RecordRow>;
  readonly #markedIn: Statement<RecordRow>;
  readonly #marked: Statement<RecordRow>;
  readonly #nthChild: Statement<{ readonly yes: 1 }>;

  constructor(deps: TreeDeps) {
    super(deps, 'local');
    const { database } = deps;
    this.#keyless = new Emptiness(database, keyed);
    this.#byIdentity = database.prepareArrays(withIdentity);
    this.#byKey = database.prepareArrays(withKey);
    this.#markedIn = database.prepareArrays(markedInFolder);
    this.#marked = database.prepareArrays(markedAnywhere);
    this.#nthChild = database.prepare(nthChild);
  }

  /** Nodes with this identity, first seen first; none for the empty one. More than one where hard links or reused numbers make it so. */
  findByIdentity(identity: string): LocalNode[] {
    this.nodes.flush();
    return this.decodeAll(this.#byIdentity.all(identity));
  }

  /** Whether the folder has more children than that. Costs O(count). */
  hasMoreChildren(parent: NodeId, count: number): boolean {
    this.nodes.flushChildren('local', parent);
    return this.#nthChild.get(idToBytes(parent), count) !== undefined;
  }

  /**
   * Gives the local node `from` the id `to` (found to be the same thing), for its children too. Costs O(children).
   * E_FAILED where `from` is not there or `to` is.
   */
  adopt(from: NodeId, to: NodeId): void {
    if (from === to) return;
    this.database.transaction(() => {
      const node = this.find(from);
      if (node === undefined) throw new Failure('E_FAILED', 'no such local node');
      if (this.find(to) !== undefined) throw new Failure('E_FAILED', 'a local node can not take the id of another one');
      this.erase(from);
      // What a scan looks for has its id for a name: that of another one would be in that one's way.
      const name = node.state.name === String(from) ? (String(to) as NodeName) : node.state.name;
      this.write({ ...node, id: to, state: { ...node.state, name } });
      for (;;) {
        const children = this.childrenOf(from, undefined, adoptPage);
        for (const child of children) this.write({ ...child, state: { ...child.state, parent: to } });
        if (children.length < adoptPage) return;
      }
    });
  }

  /** How the disk tells names apart, as it was when the rows were written. */
  useTraits(traits: DiskTraits): void {
    this.#traits = traits;
  }

  /**
   * The disk tells names apart in another way than was known, or knows where its files came from, which nobody has asked it yet: then each
   * counts as changed, to be read once more. Costs O(nodes) in these cases.
   */
  changeTraits(traits: DiskTraits): void {
    const isUnasked = traits.keepsOrigin && !this.#traits.keepsOrigin;
    const isSame = traits.foldsCase === this.#traits.foldsCase && traits.unicode === this.#traits.unicode && !isUnasked;
    this.#traits = traits;
    if (isSame) return;
    const isToRead = ({ state }: LocalNode): boolean => isUnasked && state.kind === 'file';
    for (let after = 0; ;) {
      const page = this.nodes.page(after, keyPage);
      this.database.transaction(() => {
        for (const [, { local }] of page) if (local !== undefined) this.write(isToRead(local) ? { ...local, fingerprint: '' } : local);
      });
      after = page.at(-1)?.[1].number ?? 0;
      if (page.length < keyPage) return;
    }
  }

  childShown(parent: NodeId, shown: NodeName): LocalNode | undefined {
    const key = nameKey(shown, this.#traits);
    const found = this.#hasAnyKey() ? this.#childWithKey(parent, key) : undefined;
    if (found !== undefined) return found;
    const named: KeyedNode | undefined = this.childNamed(parent, key as NodeName);
    return named?.key === undefined ? named : undefined;
  }

  /** On most disks no item has a key beside its name, and what waits for SQLite need not go there to find out. */
  #hasAnyKey(): boolean {
    return this.#hasWrittenKey || !this.#keyless.isEmpty();
  }

  #childWithKey(parent: NodeId, key: string): LocalNode | undefined {
    this.nodes.flushChildren('local', parent);
    return this.decodeAll(this.#byKey.all(idToBytes(parent), nameToBytes(key)))[0];
  }

  /** Children that bear another name on the disk than their own. */
  markedIn(parent: NodeId, limit: number): readonly LocalNode[] {
    this.nodes.flushChildren('local', parent);
    return this.decodeAll(this.#markedIn.all(idToBytes(parent), limit));
  }

  /** All that bear another name on the disk than their own, or the first of them. */
  marked(limit: number): readonly LocalNode[] {
    this.nodes.flush();
    return this.decodeAll(this.#marked.all(limit));
  }

  protected override fromRow(row: RecordRow): KeyedNode {
    return localFromRow(localColumnsOf(row, 1));
  }

  protected override copyOf(node: LocalNode): KeyedNode {
    const copy = copyLocal(node);
    const key = nameKey(shownOf(copy), this.#traits);
    if (key === copy.state.name) return copy;
    this.#hasWrittenKey = true;
    return { ...copy, key };
  }
}
