import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A fresh folder for each test of the file; `path` is where in it something of that name stands. */
export function useIndexFolder(): { readonly pathOf: (name: string) => string } {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-index-'));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return { pathOf: (name) => path.join(folder, name) };
}
