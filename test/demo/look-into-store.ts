import fs from 'node:fs';
import path from 'node:path';

interface StoredObject {
  readonly name: string;
  readonly sizeBytes: number;
}

/** Every file that the server keeps, by path below its folder (its list of tokens is not an object). */
export function listObjects(store: string): StoredObject[] {
  return fs
    .readdirSync(store, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/token|\.json$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ name: path.relative(store, file), sizeBytes: fs.statSync(file).size }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether any object or name in the store holds the text. */
export function findInStore(store: string, text: string): boolean {
  return listObjects(store).some(({ name }) => name.includes(text) || fs.readFileSync(path.join(store, name)).includes(text));
}

/** The first bytes of an object, as `hexdump -C` shows them. */
export function hexDump(store: string, name: string): string {
  const bytes = fs.readFileSync(path.join(store, name)).subarray(0, 96);
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    rows.push(`    ${at.toString(16).padStart(8, '0')}  ${hex.padEnd(48)} |${text}|`);
  }
  return rows.join('\n');
}
