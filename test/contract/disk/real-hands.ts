import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { nameFromBytes, nameToBytes } from '../../../src/model/name.ts';
import type { Hands } from './disk-subject.ts';

const pipeMaker = 'mkfifo';

/** A person at a real folder. Names as in the model: bytes that are no text stand as lone surrogates. */
export class RealHands implements Hands {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  writeFile(path: string, content: string | Uint8Array): void {
    fs.writeFileSync(this.at(path), content);
  }

  saveFile(path: string, content: string): void {
    fs.writeFileSync(this.at(`${path}.draft`), content);
    fs.renameSync(this.at(`${path}.draft`), this.at(path));
  }

  append(path: string, text: string): void {
    fs.appendFileSync(this.at(path), text);
  }

  rename(from: string, to: string): void {
    fs.renameSync(this.at(from), this.at(to));
  }

  remove(path: string): void {
    fs.unlinkSync(this.at(path));
  }

  makeFolder(path: string): void {
    fs.mkdirSync(this.at(path), { recursive: true });
  }

  makeLink(target: string, path: string): void {
    fs.symlinkSync(Buffer.from(nameToBytes(target)), this.at(path));
  }

  hardLink(path: string, to: string): void {
    fs.linkSync(this.at(path), this.at(to));
  }

  makePipe(path: string): void {
    execFileSync(pipeMaker, [this.at(path).toString()]);
  }

  setTime(path: string, mtimeUs: number): void {
    fs.utimesSync(this.at(path), String(mtimeUs / 1e6), String(mtimeUs / 1e6));
  }

  setMode(path: string, mode: number): void {
    fs.chmodSync(this.at(path), mode);
  }

  readText(path: string): string {
    return fs.readFileSync(this.at(path), 'utf8');
  }

  exists(path: string): boolean {
    return fs.lstatSync(this.at(path), { throwIfNoEntry: false }) !== undefined;
  }

  texts(folder = ''): Record<string, string> {
    const found: [string, string][] = [];
    const visit = (prefix: string): void => {
      for (const bytes of fs.readdirSync(this.at(prefix), 'buffer')) {
        const below = prefix === '' ? nameFromBytes(bytes) : `${prefix}/${nameFromBytes(bytes)}`;
        const stat = fs.lstatSync(this.at(below));
        if (below !== '.cachette' && stat.isDirectory()) visit(below);
        else if (stat.isFile()) found.push([below, this.readText(below)]);
      }
    };
    if (this.exists(folder)) visit(folder);
    return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  at(below: string): Buffer {
    return Buffer.concat([Buffer.from(path.join(this.root, '/')), nameToBytes(below)]);
  }
}
