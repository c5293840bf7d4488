import fs from 'node:fs';
import { RealHands } from '../contract/disk/real-hands.ts';
import { nameFromBytes } from '../../src/model/name.ts';
import type { Hands, SeenItem } from './person.ts';

/** A person at a real folder, with eyes. */
export class FolderHands extends RealHands implements Hands {
  removeTree(path: string): void {
    const seen = fs.lstatSync(this.at(path));
    if (!seen.isDirectory()) {
      this.remove(path);
      return;
    }
    for (const name of this.#names(path)) this.removeTree(`${path}/${name}`);
    fs.rmdirSync(this.at(path));
  }

  override setTime(path: string, mtimeUs: number): void {
    // Half a microsecond on top: the system cuts off what a double could not hold.
    const seconds = (mtimeUs + 0.5) / 1e6;
    fs.utimesSync(this.at(path), seconds, seconds);
  }

  see(path: string): SeenItem | undefined {
    const stat = fs.lstatSync(this.at(path), { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'other';
    return {
      kind,
      text: kind === 'file' ? this.readText(path) : '',
      target: kind === 'link' ? nameFromBytes(fs.readlinkSync(this.at(path), 'buffer')) : '',
      mtimeUs: Number(stat.mtimeNs / 1000n),
      executable: kind === 'file' && (stat.mode & 0o100n) !== 0n,
    };
  }

  tree(folder = ''): Map<string, SeenItem> {
    const found: [string, SeenItem][] = [];
    const visit = (prefix: string): void => {
      for (const name of this.#names(prefix)) {
        const path = prefix === '' ? name : `${prefix}/${name}`;
        const seen = path === '.cachette' ? undefined : this.see(path);
        if (seen === undefined) continue;
        found.push([path, seen]);
        if (seen.kind === 'folder') visit(path);
      }
    };
    if (this.see(folder)?.kind === 'folder') visit(folder);
    return new Map(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Which items there are, and when each was last written to or changed in any way. */
  snapshot(): unknown {
    return [...this.tree()].map(([path, seen]) => {
      const { ino, ctimeNs } = fs.lstatSync(this.at(path), { bigint: true });
      return [path, seen.kind, String(ino), seen.kind === 'folder' ? '' : String(ctimeNs)];
    });
  }

  #names(folder: string): string[] {
    return fs.readdirSync(this.at(folder), 'buffer').map((bytes) => nameFromBytes(bytes));
  }
}
