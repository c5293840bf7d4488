import type { ActOutcome, Disk } from '../../../src/disk/disk.ts';
import type { NodeName } from '../../../src/model/name.ts';
import { at, lookAt, stageText } from './disk-contract.ts';

export const oldText = 'old';
/** Of what gets its place together with the new file. */
export const besideText = 'beside';
export const newText = 'new';
export const newMeta = { mtimeUs: 1_600_000_000_000_000, executable: false, fromOutside: false };

/** Something the disk does in a folder that holds `folder/item` with the old text. */
export interface Act {
  readonly title: string;
  /** Up to the act itself. */
  readonly prepare: (disk: Disk) => Promise<() => Promise<ActOutcome | 'gone' | 'not-empty'>>;
  /** Where the item is afterwards. */
  readonly to: string;
  /** What it holds there; undefined: it is not there. */
  readonly becomes: string | undefined;
  /** Where another one is that came with it, and holds `besideText`. */
  readonly beside?: string;
  /** Whether the old text is nowhere afterwards. */
  readonly frees?: true;
}

const item = at('folder/item');
const fresh = at('folder/fresh');

export const acts: readonly Act[] = [
  {
    title: 'replace a file',
    prepare: async (disk) => {
      const [staged, before] = [await stageText(disk, newText, newMeta), await lookAt(disk, item)];
      return () => disk.place(staged, item, before);
    },
    to: item,
    becomes: newText,
  },
  {
    title: 'replace a file by a link',
    prepare: async (disk) => {
      const before = await lookAt(disk, item);
      return () => disk.placeLink({ target: 'target', mtimeUs: 0 }, item, before);
    },
    to: item,
    becomes: undefined,
  },
  {
    title: 'place a new file',
    prepare: async (disk) => {
      const staged = await stageText(disk, newText, newMeta);
      return () => disk.place(staged, fresh, 'absent');
    },
    to: fresh,
    becomes: newText,
  },
  {
    title: 'place a new file with others',
    prepare: async (disk) => {
      const staged = await stageText(disk, newText, newMeta);
      const other = await stageText(disk, besideText, newMeta);
      const files = [
        { staged, name: 'fresh' as NodeName },
        { staged: other, name: 'fresh too' as NodeName },
      ];
      return async () => {
        const [first] = await disk.placeNew(files, at('folder'));
        return first ?? disk.place(staged, fresh, 'absent');
      };
    },
    beside: 'folder/fresh too',
    to: fresh,
    becomes: newText,
  },
  {
    title: 'move a file',
    prepare: async (disk) => {
      const before = await lookAt(disk, item);
      return () => disk.move(item, fresh, before);
    },
    to: fresh,
    becomes: oldText,
  },
  {
    title: 'move a file to another folder',
    prepare: async (disk) => {
      await disk.makeFolder(at('second'));
      const before = await lookAt(disk, item);
      return () => disk.move(item, at('second/item'), before);
    },
    to: 'second/item',
    becomes: oldText,
  },
  {
    title: 'remove a file',
    prepare: async (disk) => {
      const before = await lookAt(disk, item);
      return () => disk.discard(item, before);
    },
    to: item,
    becomes: undefined,
  },
  {
    title: 'release a file',
    prepare: async (disk) => {
      const before = await lookAt(disk, item);
      return () => disk.release(item, before);
    },
    to: item,
    becomes: undefined,
    frees: true,
  },
  {
    title: 'set the time of a file',
    prepare: async (disk) => {
      const before = await lookAt(disk, item);
      return () => disk.setMeta(item, before, newMeta);
    },
    to: item,
    becomes: oldText,
  },
];
