import ignore, { type Ignore, type TestResult } from 'ignore';
import type { DiskPath } from './disk.ts';

/** The file whose rules (gitignore's) say what stays out of its folder, and of all below. It is synced like any other. */
export const ignoreFileName = '.cachetteignore';

/** Larger ones are not rules that anybody wrote. */
export const ignoreFileMaxBytes = 256 * 1024;

/** Editor locks and droppings of operating systems; `cachette config set ignore` replaces them, `!` in a rule takes one back. */
export const defaultIgnoreRules: readonly string[] = [
  '.~lock.*#',
  '~$*',
  '.*.sw[a-p]',
  '.DS_Store',
  '._*',
  'Thumbs.db',
  'desktop.ini',
  '.directory',
];

/** What stays out of the vault: rules of this device, then those of each folder from the top down; the last word counts. */
export class IgnoreRules {
  readonly #own: Matcher;
  readonly #folders = new Map<DiskPath, Matcher>();

  /** @param rules rules for the whole folder, below those of any `.cachetteignore`. */
  constructor(rules: readonly string[]) {
    this.#own = new Matcher(rules.join('\n'));
  }

  /** The folder's rules are these from now on; undefined: it has none. */
  learn(folder: DiskPath, rules: string | undefined): void {
    if (rules === undefined) this.#folders.delete(folder);
    else this.#folders.set(folder, new Matcher(rules));
  }

  /** Whether a new item there stays out. Its folders are not asked about: what is in an ignored folder is never looked at. */
  isIgnored(path: DiskPath, kind: 'file' | 'folder' | 'link'): boolean {
    let isOut = this.#own.test(testable(path, kind)).ignored;
    if (this.#folders.size === 0) return isOut;
    for (let slash = -1; ; slash = path.indexOf('/', slash + 1)) {
      const rules = this.#folders.get(path.slice(0, Math.max(slash, 0)) as DiskPath);
      const { ignored, unignored } = rules?.test(testable(path.slice(slash + 1), kind)) ?? { ignored: false, unignored: false };
      if (ignored) isOut = true;
      else if (unignored) isOut = false;
      if (!path.includes('/', slash + 1)) return isOut;
    }
  }
}

/** Rules of folders need the slash to match. */
function testable(path: string, kind: 'file' | 'folder' | 'link'): string {
  return kind === 'folder' ? `${path}/` : path;
}

/** Answers that are remembered for each place: of the folders above, which are asked about again and again. */
const rememberedMax = 256;
const noRules = ignore();

/** Rules of one place. The library remembers each path that it was ever asked about (160 MB for a million files), here it does not. */
class Matcher {
  readonly #rules: Ignore;
  #asked = 0;

  constructor(rules: string) {
    // Case counts, as it does in the vault. Any name is a path: those that look like `../` can't be, here.
    this.#rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(rules);
  }

  test(path: string): TestResult {
    this.#asked += 1;
    // Rules that are added, be they none, have it forget its answers.
    if (this.#asked % rememberedMax === 0) this.#rules.add(noRules);
    return this.#rules.test(path);
  }
}
