/** Where the app finds its own parts, run from its sources or from a package. */
import path from 'node:path';
import { app } from 'electron';

export interface Places {
  /** Pages and scripts of the windows. */
  readonly rendererDir: string;
  readonly preload: string;
  readonly iconsDir: string;
  /** Whom this build takes updates from. */
  readonly updateTrust: string;
  /** What the packager wrote: where there is a package. */
  readonly resourcesDir: string;
  /** A Node for the agent, and the program. */
  readonly node: string;
  readonly cli: string;
}

/** `dir`: the one of the main program. */
export function findPlaces(dir: string): Places {
  const dist = path.dirname(dir);
  // What another program reads can't be in the archive.
  const unpacked = dist.replace(`app.asar${path.sep}`, `app.asar.unpacked${path.sep}`);
  return {
    rendererDir: path.join(dist, 'renderer'),
    preload: path.join(dir, 'preload.cjs'),
    iconsDir: path.join(dir, 'icons'),
    updateTrust: path.join(dir, 'update-trust.json'),
    resourcesDir: process.resourcesPath,
    node: app.isPackaged ? path.join(process.resourcesPath, 'bin', process.platform === 'win32' ? 'node.exe' : 'node') : devNode(),
    cli: path.join(unpacked, 'cli.js'),
  };
}

function devNode(): string {
  return process.env['CACHETTE_NODE'] ?? 'node';
}
