/** Two devices that start alike, act apart, and meet: what all devices show then, in either order and however it is batched. */
import { expect } from 'vitest';
import { SeededChoice } from '../world/seeded-choice.ts';
import { describeAct, perform, type Act } from './person.ts';
import { PlannerDevice } from './planner-device.ts';
import { PlannerVault } from './planner-vault.ts';

/** Path → content, `-> target` for a link, `folder`; after the content a `*` for a program and a `!` for what came from outside. Folders above are understood. */
export type Tree = Readonly<Record<string, string>>;

export interface Scenario {
  /** What both have to begin with. */
  readonly base: Tree;
  readonly here: readonly Act[];
  readonly there: readonly Act[];
  /** What all show in the end, whoever syncs first… */
  readonly either?: Tree;
  /** …or where `there` syncs first… */
  readonly thereFirst?: Tree;
  /** …and where `here` does. */
  readonly hereFirst?: Tree;
  /** Path in the end → path in the beginning: it is still that node. */
  readonly history?: Readonly<Record<string, string>>;
  /** Whether all is planned at once: what only contents tell is seen where both ends of a move are looked at together. */
  readonly isWhole?: boolean;
}

/** How often each order is run, each time batched otherwise. */
const shuffles = 12;

/** Runs the scenario in both orders, and with a third device that saw nothing until the end. */
export function expectOutcome(scenario: Scenario): void {
  for (const order of ['thereFirst', 'hereFirst'] as const) {
    const wanted = scenario.either ?? scenario[order];
    if (wanted === undefined) continue;
    for (let seed = 1; seed <= shuffles; seed += 1) {
      const run = new ScenarioRun(seed);
      for (const name of ['here', 'there', 'late'] as const) run.device(name).isWhole = scenario.isWhole ?? false;
      run.begin(scenario);
      const nodes = run.nodesAt(Object.values(scenario.history ?? {}));
      run.meet(order === 'hereFirst' ? ['here', 'there'] : ['there', 'here']);
      const label = `${order}, shuffle ${seed}`;
      expect({ [label]: run.shown() }).toEqual({ [label]: withFolders(wanted) });
      for (const [now, before] of Object.entries(scenario.history ?? {})) {
        if (wanted[now] !== undefined)
          expect(run.device('late').nodeAt(now), `${label}: ${now} is no longer ${before}`).toBe(nodes.get(before));
      }
      // The vault tells of each conflict copy, whatever it is, and of nothing else.
      expect({ [label]: run.stories() }).toEqual({ [label]: copiesIn(wanted, scenario.base) });
    }
  }
}

/** Those that were made, and those of the beginning that stand beside the item with the plain name. */
function copiesIn(wanted: Tree, base: Tree): string[] {
  const plainOf = (path: string): string => path.replace(/ \(conflict [^/]*\)/, '');
  const copies = Object.keys(withFolders(wanted)).filter((path) => /\(conflict [^/]*$/.test(path));
  return copies.filter((path) => base[path] === undefined || wanted[plainOf(path)] !== undefined).toSorted();
}

export class ScenarioRun {
  readonly vault = new PlannerVault();
  readonly #devices: readonly PlannerDevice[];

  constructor(seed: number) {
    const choice = new SeededChoice(seed);
    this.#devices = ['here', 'there', 'late'].map((name) => new PlannerDevice(name, this.vault, choice));
  }

  device(name: 'here' | 'there' | 'late'): PlannerDevice {
    const device = this.#devices.find((each) => each.name === name);
    if (device === undefined) throw new Error(`no device ${name}`);
    return device;
  }

  /** Both have the base; then each acts for itself. */
  begin({ base, here, there }: Pick<Scenario, 'base' | 'here' | 'there'>): void {
    furnish(this.device('here'), base);
    this.device('here').sync();
    this.device('there').sync();
    this.act('here', here);
    this.act('there', there);
  }

  act(name: 'here' | 'there' | 'late', acts: readonly Act[]): void {
    const device = this.device(name);
    for (const act of acts) expect(perform(device.disk, act), `${name} can not ${describeAct(act)}`).toBe(true);
  }

  /** All sync until nothing changes any more; the last to come saw nothing of it all. */
  meet(order: readonly ('here' | 'there')[]): void {
    for (const name of [...order, ...order]) this.device(name).sync();
    this.device('late').sync();
    const { groups } = this.vault;
    const trees = this.#devices.map(({ disk }) => disk.tree());
    for (const device of this.#devices) device.sync();
    expect(this.vault.groups, 'more was published after all had synced').toBe(groups);
    expect(this.#devices.map(({ disk }) => disk.tree())).toEqual(trees);
    expect(this.vault.needlessCopies).toBe(0);
  }

  /** What all devices show: one tree, or what each shows where they differ. */
  shown(): unknown {
    const trees = this.#devices.map(({ disk }) => disk.tree());
    const isAlike = trees.every((tree) => JSON.stringify(tree) === JSON.stringify(trees[0]));
    return isAlike ? trees[0] : Object.fromEntries(this.#devices.map(({ name }, at) => [name, trees[at]]));
  }

  nodesAt(paths: readonly string[]): Map<string, string | undefined> {
    // What is at its first place on the vault's tree: the devices have acted already.
    return new Map(paths.map((path) => [path, this.#vaultNode(path)]));
  }

  /** Paths of conflict copies whose story is in the vault, in order. */
  stories(): string[] {
    const { disk } = this.device('late');
    return [...disk.items.values()]
      .map((item) => disk.pathOf(item))
      .filter((path) => this.vault.conflicts.has(this.device('late').nodeAt(path) ?? ('' as never)))
      .toSorted();
  }

  #vaultNode(path: string): string | undefined {
    let parent = '0'.repeat(32);
    for (const name of path.split('/')) {
      const node = [...this.vault.tree.nodes.values()].find(({ state }) => state.parent === parent && state.name === name);
      if (node === undefined) throw new Error(`nothing at ${path} in the beginning`);
      parent = node.id;
    }
    return parent;
  }
}

/** Puts the tree on an empty disk. */
export function furnish({ disk }: PlannerDevice, tree: Tree): void {
  for (const [path, what] of Object.entries(withFolders(tree))) {
    const cut = path.lastIndexOf('/');
    const parent = cut < 0 ? ('0'.repeat(32) as never) : disk.get(path.slice(0, cut)).inode;
    const name = path.slice(cut + 1);
    if (what === 'folder') disk.make(parent, name, { kind: 'folder', text: '' });
    else if (what.startsWith('-> ')) disk.make(parent, name, { kind: 'link', text: what.slice(3) });
    else {
      const [, text = '', bits = ''] = /^(.*?)(\*?!?)$/s.exec(what) ?? [];
      disk.make(parent, name, { kind: 'file', text, executable: bits.startsWith('*'), fromOutside: bits.endsWith('!') });
    }
  }
}

function withFolders(tree: Tree): Tree {
  const whole: Record<string, string> = { ...tree };
  for (const path of Object.keys(tree)) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) whole[path.slice(0, cut)] ??= 'folder';
  }
  return Object.fromEntries(Object.entries(whole).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export const edit = (at: string, text: string): Act => ({ do: 'edit', at, text });
export const save = (at: string, text: string): Act => ({ do: 'save', at, text });
export const file = (at: string, text: string): Act => ({ do: 'make', at, kind: 'file', text });
export const folder = (at: string): Act => ({ do: 'make', at, kind: 'folder', text: '' });
export const link = (at: string, text: string): Act => ({ do: 'make', at, kind: 'link', text });
export const remove = (at: string): Act => ({ do: 'remove', at });
export const move = (at: string, to: string): Act => ({ do: 'move', at, to });
export const swap = (at: string, to: string): Act => ({ do: 'swap', at, to });
export const flip = (at: string): Act => ({ do: 'flip', at });
export const carry = (at: string, to: string): Act => ({ do: 'carry', at, to });
export const touch = (at: string): Act => ({ do: 'touch', at });
export const chmod = (at: string): Act => ({ do: 'chmod', at });
/** Notes that it came from outside, or takes that away. */
export const noteOrigin = (at: string): Act => ({ do: 'note-origin', at });
export const toFolder = (at: string): Act => ({ do: 'swap-kind', at, kind: 'folder', text: '' });
export const toFile = (at: string, text: string): Act => ({ do: 'swap-kind', at, kind: 'file', text });
