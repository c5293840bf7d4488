/** Acts by chance, near to where somebody else has just acted: changes that do not meet prove little. */
import type { Seen } from '../world/fake-disk/user-hands.ts';
import type { SeededChoice } from '../world/seeded-choice.ts';
import type { SimDevice } from './sim-device.ts';
import type { UserAct } from './user-act.ts';

const usualNames = ['a', 'b', 'c', 'd.txt', 'é.txt', 'a (1)'];
/** Some that not every disk tells apart, or holds. */
const awkwardNames = ['a', 'A', 'b', 'B', 'd.txt', 'D.TXT', '\u00e9.txt', 'e\u0301.txt', '\u00c9.txt', 'a:b'];
const depthMax = 3;

/** Who acts, with what in view. */
export interface ActScene {
  readonly device: SimDevice;
  readonly choice: SeededChoice;
  /** Paths that others have just acted on. */
  readonly hot: readonly string[];
  /** Below this folder only; '' for anywhere. */
  readonly within: string;
  readonly hasOddItems: boolean;
  readonly hasAwkwardNames: boolean;
}

type Draw = (drawing: Drawing) => UserAct | undefined;

/** More frequent ones stand more than once. */
const usual: readonly Draw[] = [
  makeFolder,
  create,
  create,
  edit,
  edit,
  edit,
  append,
  remove,
  remove,
  touch,
  copy,
  move,
  move,
  move,
  rename,
  moveOver,
  swap,
  retype,
  link,
];
const odd: readonly Draw[] = [hardLink, pipe, lock, unlock, lock, unlock];

const counts = new WeakMap<SeededChoice, number>();

/** undefined: nothing came to mind. */
export function drawAct(scene: ActScene): UserAct | undefined {
  // Others see such notes, but nobody there can make any.
  if (scene.device.disk.kernel.personality.hasOriginNotes && scene.choice.below(6) === 0)
    return (scene.choice.of([noteOrigin, download]) ?? download)(new Drawing(scene));
  const draws = scene.hasOddItems && scene.choice.below(4) === 0 ? odd : usual;
  return (scene.choice.of(draws) ?? create)(new Drawing(scene));
}

class Drawing {
  readonly tree: ReadonlyMap<string, Seen>;
  readonly choice: SeededChoice;
  readonly #scene: ActScene;
  readonly #hot: readonly string[];
  readonly #names: readonly string[];

  constructor(scene: ActScene) {
    this.#scene = scene;
    this.choice = scene.choice;
    this.#names = scene.hasAwkwardNames ? awkwardNames : usualNames;
    const { within } = scene;
    const whole = scene.device.user.tree();
    this.#hot = scene.hot.filter((path) => within === '' || path.startsWith(`${within}/`));
    this.tree = within === '' ? whole : new Map([...whole].filter(([path]) => path === within || path.startsWith(`${within}/`)));
  }

  /** A text that nobody wrote before. */
  fresh(): string {
    const count = (counts.get(this.choice) ?? 0) + 1;
    counts.set(this.choice, count);
    return `${this.#scene.device.name} ${count}`;
  }

  /** Something that is there, of these kinds. */
  some(...kinds: readonly Seen['kind'][]): string | undefined {
    const all = [...this.tree]
      .filter(([path, { kind }]) => (kinds.length === 0 || kinds.includes(kind)) && path !== this.#scene.within)
      .map(([path]) => path);
    const hot = this.#hot;
    if (hot.length > 0 && this.choice.below(10) < 6) {
      const near = all.filter((path) =>
        hot.some((other) => path === other || other.startsWith(`${path}/`) || path.startsWith(`${other}/`)),
      );
      if (near.length > 0) return this.choice.of(near);
    }
    return this.choice.of(all);
  }

  /** A place that may be free or taken. */
  place(): string {
    const { within } = this.#scene;
    const wanted = this.choice.of(this.#hot);
    if (wanted !== undefined && this.choice.below(4) === 0) return wanted;
    const folders = [
      within,
      ...[...this.tree].filter(([path, { kind }]) => kind === 'folder' && path.split('/').length < depthMax).map(([path]) => path),
    ];
    return join(this.choice.of(folders) ?? within, this.name());
  }

  name(): string {
    return this.choice.of(this.#names) ?? 'a';
  }
}

function makeFolder(drawing: Drawing): UserAct {
  return { act: 'mkdir', path: drawing.place() };
}

function create(drawing: Drawing): UserAct {
  return { act: 'write', path: drawing.place(), text: drawing.fresh(), saved: drawing.choice.below(2) === 0 };
}

function edit(drawing: Drawing): UserAct | undefined {
  const path = drawing.some('file');
  return path === undefined ? undefined : { act: 'write', path, text: drawing.fresh(), saved: drawing.choice.below(2) === 0 };
}

function append(drawing: Drawing): UserAct | undefined {
  const path = drawing.some('file');
  return path === undefined ? undefined : { act: 'append', path, text: ` + ${drawing.fresh()}` };
}

function remove(drawing: Drawing): UserAct | undefined {
  const path = drawing.some();
  return path === undefined ? undefined : { act: 'remove', path };
}

function touch(drawing: Drawing): UserAct | undefined {
  const path = drawing.some('file');
  if (path === undefined) return undefined;
  if (drawing.choice.below(3) === 0) return { act: 'chmod', path, executable: drawing.choice.below(2) === 0 };
  return { act: 'touch', path, mtimeUs: 1_700_000_000_000_000 + drawing.choice.below(1e6) };
}

function download(drawing: Drawing): UserAct {
  return { act: 'write', path: drawing.place(), text: drawing.fresh(), saved: true, fromOutside: true };
}

function noteOrigin(drawing: Drawing): UserAct | undefined {
  const path = drawing.some('file');
  return path === undefined ? undefined : { act: 'note-origin', path, fromOutside: drawing.choice.below(3) > 0 };
}

function copy(drawing: Drawing): UserAct | undefined {
  const path = drawing.some('file');
  return path === undefined ? undefined : { act: 'copy', path, to: drawing.place() };
}

function move(drawing: Drawing): UserAct | undefined {
  const path = drawing.some();
  return path === undefined ? undefined : { act: 'move', path, to: drawing.place() };
}

/** In its folder. */
function rename(drawing: Drawing): UserAct | undefined {
  const path = drawing.some();
  if (path === undefined) return undefined;
  const slash = path.lastIndexOf('/');
  return { act: 'move', path, to: join(slash < 0 ? '' : path.slice(0, slash), drawing.name()) };
}

function moveOver(drawing: Drawing): UserAct | undefined {
  const [path, to] = [drawing.some(), drawing.some()];
  return path === undefined || to === undefined ? undefined : { act: 'move', path, to };
}

function swap(drawing: Drawing): UserAct | undefined {
  const [path, to] = [drawing.some(), drawing.some()];
  return path === undefined || to === undefined ? undefined : { act: 'swap', path, to };
}

/** What is in the way of a folder goes first, or the other way round: left to the next act. */
function retype(drawing: Drawing): UserAct | undefined {
  const path = drawing.some('file', 'folder', 'link');
  return path === undefined ? undefined : { act: 'move', path, to: `${path.slice(0, 40)}.old` };
}

function link(drawing: Drawing): UserAct {
  return { act: 'link', path: drawing.place(), target: drawing.name() };
}

function hardLink(drawing: Drawing): UserAct | undefined {
  const path = drawing.some('file');
  return path === undefined ? undefined : { act: 'hard-link', path, to: drawing.place() };
}

function pipe(drawing: Drawing): UserAct {
  return { act: 'pipe', path: drawing.place() };
}

function lock(drawing: Drawing): UserAct | undefined {
  const path = drawing.some('file', 'folder');
  return path === undefined ? undefined : { act: 'lock', path };
}

function unlock(drawing: Drawing): UserAct | undefined {
  const path = drawing.some('file', 'folder');
  return path === undefined ? undefined : { act: 'unlock', path };
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
