import fs from 'node:fs';
import path from 'node:path';

/** A folder store, from the side of whoever owns it: reads and writes objects behind everybody's back. */
export class StoreFolder {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** Every object, by name; temporary files of writers are none. */
  names(): string[] {
    if (!fs.existsSync(this.dir)) return [];
    return fs
      .readdirSync(this.dir, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(this.dir, path.join(entry.parentPath, entry.name)))
      .filter((name) => !name.startsWith('.tmp/'))
      .toSorted();
  }

  /** Names below the prefix. */
  below(prefix: string): string[] {
    return this.names().filter((name) => name.startsWith(prefix));
  }

  read(name: string): Buffer {
    return fs.readFileSync(this.path(name));
  }

  write(name: string, bytes: Uint8Array): void {
    const file = this.path(name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // A new file: the old one may be linked or open elsewhere.
    fs.rmSync(file, { recursive: true, force: true });
    fs.writeFileSync(file, bytes);
  }

  /** As large as one likes, at no cost: the disk keeps no zeros. */
  writeZeros(name: string, sizeBytes: number): void {
    this.write(name, new Uint8Array());
    fs.truncateSync(this.path(name), sizeBytes);
  }

  size(name: string): number {
    return fs.lstatSync(this.path(name)).size;
  }

  remove(name: string): void {
    fs.rmSync(this.path(name), { recursive: true, force: true });
  }

  /** Everything goes; the folder itself stays. */
  empty(): void {
    for (const name of fs.readdirSync(this.dir)) this.remove(name);
  }

  /** Every object of this store stands in the other one, with these bytes; what stands there besides stays. */
  copyTo(other: StoreFolder): void {
    fs.mkdirSync(other.dir, { recursive: true });
    for (const name of this.names()) {
      const bytes = this.read(name);
      if (!other.holds(name, bytes)) other.write(name, bytes);
    }
  }

  holds(name: string, bytes: Uint8Array): boolean {
    const stat = fs.lstatSync(this.path(name), { throwIfNoEntry: false });
    return stat?.isFile() === true && stat.size === bytes.length && Buffer.compare(this.read(name), bytes) === 0;
  }

  /** Nobody finds it any more, until it is brought back. */
  takeAway(): void {
    fs.renameSync(this.dir, `${this.dir} away`);
  }

  bringBack(): void {
    fs.renameSync(`${this.dir} away`, this.dir);
  }

  path(name: string): string {
    return path.join(this.dir, name);
  }
}
