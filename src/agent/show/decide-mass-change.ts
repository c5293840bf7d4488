import { confirmMassChange, rejectMassChange } from '../../engine/brake/mass-change-guard.ts';
import type { Loss } from '../../index/mass-change-table.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { NodeId } from '../../model/ids.ts';
import { changeIndex, type IndexPlace } from '../profile/change-index.ts';
import { lookInto } from '../folder/look-into.ts';

/** What a person says about a change that is held back. */
export type MassChangeWord = 'confirm' | 'reject';

/** A row of `confirm --list --json`. */
export interface ListedLoss {
  readonly path: string;
  readonly loss: Loss;
}

const pageFiles = 1000;

/** Lets the held change go on, or has the files brought back; the next run does either. How many files that concerns. */
export function decideMassChange(place: IndexPlace, word: MassChangeWord): Promise<number> {
  return changeIndex(place, (index) => (word === 'confirm' ? confirmMassChange(index) : rejectMassChange(index)));
}

/** The files that are held back, by path. */
export function listMassChange(profileDir: string): Promise<ListedLoss[]> {
  return lookInto(profileDir, ({ index }) => heldFiles(index));
}

/** The same, of an index that is open. */
export function heldFiles(index: SyncIndex): ListedLoss[] {
  const found: ListedLoss[] = [];
  for (let page = index.massChange.list(pageFiles); page.length > 0; page = index.massChange.list(pageFiles, page.at(-1)?.node)) {
    for (const { node, loss } of page) if (index.massChange.isHeld(node)) found.push({ path: basePath(index, node), loss });
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function basePath({ base }: SyncIndex, node: NodeId): string {
  const names: string[] = [];
  for (let at = base.find(node); at !== undefined; at = base.find(at.state.parent)) names.unshift(at.state.name);
  return names.join('/');
}
