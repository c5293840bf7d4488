/** What histories came by: which changes met, at what moment something happened, where an engine was killed. */
import type { SyncIndex } from '../../src/index/sync-index.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import { isEdited, samePayload, samePlace, type LocalState, type NodeState } from '../../src/model/node.ts';
import type { PortCall } from './sim-process.ts';
import type { SimDevice } from './sim-device.ts';

/** How often each cell was hit, by table. */
export type CoverageTables = Record<'matrix' | 'phases' | 'crashes', Record<string, number>>;

/** Dirty nodes looked at each time that news came in. */
const nodesMax = 40;

type ChangeKind = 'none' | 'new' | 'gone' | 'edited' | 'touched' | 'moved' | 'moved and edited';

export class Coverage {
  readonly tables: CoverageTables = { matrix: {}, phases: {}, crashes: {} };
  readonly #last = new Map<string, PortCall>();

  attach(device: SimDevice): void {
    device.onCall = (call) => this.#last.set(device.name, call);
    device.onNews = (index) => this.#look(index);
  }

  /** Something happened to the device at its present call. */
  event(device: string, what: string): void {
    const call = this.#last.get(device);
    if (call === undefined) return;
    count(this.tables.phases, `${phaseOf(call)} × ${what}`);
    if (what === 'kill' || what === 'power') count(this.tables.crashes, `${what} at ${siteOf(call)}`);
  }

  add(other: CoverageTables): void {
    for (const table of ['matrix', 'phases', 'crashes'] as const) {
      for (const [cell, hits] of Object.entries(other[table])) count(this.tables[table], cell, hits);
    }
  }

  #look(index: SyncIndex): void {
    for (const { id } of index.dirty.take(nodesMax)) {
      const node = lookAt(index, id);
      const kind = node.kind;
      count(this.tables.matrix, `${kind}: ${node.here} here, ${node.there} there, ${aboveOf(index, id)}`);
      const remote = index.remote.find(id);
      const occupant =
        remote === undefined || node.there === 'none' ? undefined : index.local.childNamed(remote.state.parent, remote.state.name);
      if (occupant !== undefined && occupant.id !== id) {
        count(
          this.tables.matrix,
          `name clash: ${kind} ${node.there} there, ${occupant.state.kind} ${lookAt(index, occupant.id).here} here`,
        );
      }
    }
  }
}

interface Look {
  readonly kind: string;
  readonly here: ChangeKind;
  readonly there: ChangeKind;
}

function lookAt(index: SyncIndex, id: NodeId): Look {
  const [local, base, remote] = [index.local.find(id)?.state, index.base.find(id)?.state, index.remote.find(id)?.state];
  return { kind: (local ?? base ?? remote)?.kind ?? 'nothing', here: changeOf(base, local), there: changeOf(base, remote) };
}

function changeOf(base: NodeState | undefined, now: LocalState | NodeState | undefined): ChangeKind {
  if (base === undefined) return now === undefined ? 'none' : 'new';
  if (now === undefined) return 'gone';
  const isMoved = !samePlace(base, now);
  if (isEdited(now, base)) return isMoved ? 'moved and edited' : 'edited';
  if (isMoved) return 'moved';
  const local: LocalState = now.kind === 'file' && !('sizeBytes' in now) ? { ...now, sizeBytes: now.content.sizeBytes } : now;
  return samePayload(local, base) ? 'none' : 'touched';
}

/** What became of the folders above, the nearest one that anything became of. */
function aboveOf(index: SyncIndex, id: NodeId): string {
  let at = (index.base.find(id) ?? index.local.find(id) ?? index.remote.find(id))?.state.parent;
  for (let depth = 0; at !== undefined && at !== rootId && depth < 20; depth += 1) {
    const { here, there } = lookAt(index, at);
    if (here !== 'none' || there !== 'none') return `in a folder ${here} here, ${there} there`;
    at = index.base.find(at)?.state.parent;
  }
  return 'in a folder that stays';
}

function phaseOf(call: PortCall): string {
  return call.port === 'store' ? storePhaseOf(call) : diskPhaseOf(call);
}

function storePhaseOf({ verb, path }: PortCall): string {
  const what = /^(packs|journal|snapshots?|keys)\b/.exec(path)?.[0] ?? 'other';
  return verb === 'putNew' ? `upload of ${what}` : verb === 'get' ? `reading ${what}` : verb;
}

function diskPhaseOf({ verb, path }: PortCall): string {
  if (verb === 'writePin') return 'pin';
  if (path.startsWith('.cachette/trash')) return 'trash';
  if (path.startsWith('.cachette')) return /^(writeFile|syncFile|set)/.test(verb) ? 'download' : 'staging';
  if (verb.startsWith('sync')) return 'making durable';
  if (/^(readFile|openFile|statFile)$/.test(verb)) return 'reading a file';
  if (/^(readNames|lstat|readLink)$/.test(verb)) return 'scan';
  return /^(openTop|statFolder|openFolder)$/.test(verb) ? 'on the way to a folder' : 'placing';
}

/** A place in the code, about: what call on what kind of path. */
function siteOf({ verb, path, toPath, isDone }: PortCall): string {
  const kindOf = (text: string): string => {
    const own = /^(\.cachette\/\w+|packs|journal|keys|snapshots?)\b/.exec(text);
    return own?.[1] ?? (text === '' ? 'top' : 'user path');
  };
  return `${isDone ? 'the answer to ' : ''}${verb} ${kindOf(path)}${toPath === undefined ? '' : ` to ${kindOf(toPath)}`}`;
}

function count(table: Record<string, number>, cell: string, hits = 1): void {
  table[cell] = (table[cell] ?? 0) + hits;
}
