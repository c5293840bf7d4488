import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { systemRandom } from '../../../src/base/random.ts';
import type { Entry, FileCalls } from '../../../src/disk/calls/file-calls.ts';
import { markFolder } from '../../../src/disk/link-folder.ts';
import { nodeCalls } from '../../../src/disk/calls/node-calls.ts';
import { type OpenDisk, openDisk } from '../../../src/disk/open-disk.ts';
import { FakeDisk } from '../../world/fake-disk/fake-disk.ts';
import { linuxPersonality, type Personality, plainPersonality } from '../../world/fake-disk/personality.ts';
import { SeededRandom } from '../../world/seeded-random.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { RealHands } from './real-hands.ts';

/** What people can do in the folder; `UserHands` and `RealHands` both can. */
export interface Hands {
  writeFile(path: string, content: string | Uint8Array): void;
  saveFile(path: string, content: string): void;
  append(path: string, text: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  makeFolder(path: string): void;
  makeLink(target: string, path: string): void;
  hardLink(path: string, to: string): void;
  makePipe(path: string): void;
  setTime(path: string, mtimeUs: number): void;
  setMode(path: string, mode: number): void;
  readText(path: string): string;
  exists(path: string): boolean;
  /** Texts of all files under the folder, by path; Cachette's own folder only where it is asked for. */
  texts(folder?: string): Record<string, string>;
}

/** A call of the disk on a file system. */
export interface SeenCall {
  readonly verb: keyof FileCalls;
  /** Last names of the entries it is about. */
  readonly names: readonly string[];
}

/** A linked folder, seen from both sides. */
export interface Subject {
  readonly disk: OpenDisk;
  readonly hands: Hands;
  readonly traits: Personality;
  /** Runs before every call of the disk. */
  listen(onCall: (call: SeenCall) => void): void;
  close(): void;
}

export interface SubjectKind {
  readonly title: string;
  open(): Promise<Subject>;
}

export function fakeSubject(title: string, personality: Personality): SubjectKind {
  return {
    title: `fake: ${title}`,
    open: async () => {
      const fake = new FakeDisk({ clock: new VirtualClock(), random: new SeededRandom(1), personality });
      const disk = await fake.open();
      return {
        disk,
        hands: fake.user,
        traits: personality,
        listen: (onCall) => {
          fake.onCall = ({ verb, path, toPath }) => {
            onCall({ verb, names: [path, toPath ?? path].map((each) => each.slice(each.lastIndexOf('/') + 1)) });
            return undefined;
          };
        },
        close: () => {
          if (fake.openCount > 0) throw new Error(`${fake.openCount} handles are still open`);
        },
      };
    },
  };
}

export interface RealOptions {
  readonly parent?: string;
  /** Changes what the system can do. */
  readonly limit?: (calls: FileCalls) => FileCalls;
  readonly calls?: Parameters<typeof nodeCalls>[1];
  readonly traits?: Partial<Personality>;
}

export function realSubject(
  title: string,
  { parent = os.tmpdir(), limit = (each) => each, calls: options, traits = {} }: RealOptions = {},
): SubjectKind {
  return {
    title: `real: ${title}`,
    open: async () => {
      const rootDir = fs.mkdtempSync(path.join(parent, 'cachette-disk-'));
      const hooks: { onCall: (call: SeenCall) => void } = { onCall: () => undefined };
      const calls = hooked(limit(nodeCalls(rootDir, options)), hooks);
      await markFolder(calls, 'a mark');
      return {
        disk: openDisk(calls, { clock: systemClock, random: systemRandom, mark: 'a mark' }),
        hands: new RealHands(rootDir),
        traits: { ...(calls.exchange === undefined ? plainPersonality : linuxPersonality), ...traits },
        listen: (onCall) => {
          hooks.onCall = onCall;
        },
        close: () => fs.rmSync(rootDir, { recursive: true, force: true }),
      };
    },
  };
}

/** The calls, each announced before it is made. */
function hooked(calls: FileCalls, hooks: { onCall: (call: SeenCall) => void }): FileCalls {
  return new Proxy(calls, {
    get(target, verb: keyof FileCalls) {
      const call = target[verb] as ((...parts: unknown[]) => unknown) | undefined;
      if (call === undefined) return undefined;
      return (...parts: unknown[]) => {
        hooks.onCall({ verb, names: parts.filter((part) => isEntry(part)).map((entry) => entry.name) });
        return call(...parts);
      };
    },
  });
}

function isEntry(part: unknown): part is Entry {
  return typeof part === 'object' && part !== null && 'folder' in part;
}

/** A file system without hard links. */
export function withoutHardLinks(calls: FileCalls): FileCalls {
  return {
    ...calls,
    link: () => {
      throw Object.assign(new Error('no hard links'), { code: 'EPERM' });
    },
  };
}
