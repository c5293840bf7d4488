/** Scenarios played by simulated devices: fake disks, a fake store, time that passes only when somebody waits; and one thing that goes wrong. */
import { expect } from 'vitest';
import { Failure, failureMeanings } from '../../src/base/failure.ts';
import { openConflicts } from '../../src/engine/open-conflicts.ts';
import { beginDecision, endDecision } from '../../src/engine/past/decision.ts';
import { confirmMassChange, rejectMassChange } from '../../src/engine/brake/mass-change-guard.ts';
import { settleGroup } from '../../src/engine/past/settle-conflict.ts';
import type { NodeId } from '../../src/model/ids.ts';
import { SimDevice } from '../simulation/sim-device.ts';
import type { Disturb, PortCall } from '../simulation/sim-process.ts';
import { SimVault } from '../simulation/sim-vault.ts';
import { linuxPersonality, nativePersonality } from '../world/fake-disk/personality.ts';
import { noFaults } from '../world/store-faults.ts';
import { expectAgreement, expectTreeOn, syncUntilRest } from './check-world.ts';
import { withoutMarks } from './marked-hands.ts';
import { furnish, Person, withoutDate, type Bars, type Witness } from './person.ts';
import type { Device, Ending, Run, Tree, World } from './scenario.ts';

const dayMs = 24 * 60 * 60 * 1000;
const listedMax = 1000;
/** What was disturbed runs again at once; more often than this, something else is wrong. */
const triesMax = 5;

/** What goes wrong at one of the calls that engines make once the scenario has begun. */
export type Trouble =
  /** The process is killed; the power goes; the call fails; a person acts on what the call is about. */
  | { readonly do: 'kill' | 'power' }
  | { readonly do: 'fail'; readonly errno: string }
  | { readonly do: 'race'; readonly how: Race }
  /** The request does not arrive; its answer does not. */
  | { readonly do: 'lose-request' | 'lose-answer' };

export type Race = 'write' | 'save' | 'remove' | 'move';

export interface Fault {
  /** Place of the call, from 0. */
  readonly at: number;
  readonly trouble: Trouble;
}

/** What a run came to. */
export interface Played {
  /** Calls that engines made once it had begun. */
  readonly calls: readonly PortCall[];
  /** Conflicts that are open in the end: every device lists the same. */
  readonly open: Conflicts;
}

type Conflicts = Awaited<ReturnType<Device['conflicts']>>;

/** What file systems can do on which a scenario is played: both have all that it may ask for. */
const disks = { 'one by one': linuxPersonality, 'many at once': nativePersonality } as const;

/** Whether engines ask their disks for one item at a time, or for many. */
export type Asking = keyof typeof disks;

/** Which it is, where now this and now that is tried (`at`). */
export function askingAt(at: number): Asking {
  return at % 2 === 0 ? 'one by one' : 'many at once';
}

/** Plays a run to its end, and checks what must hold in any case. */
export async function playSimulated(run: Run, fault?: Fault, asking: Asking = 'one by one'): Promise<Played> {
  const world = new SimWorld(run, fault, asking);
  try {
    await world.begin();
    await run.play(world);
    return { open: await world.finish(), calls: world.calls };
  } finally {
    world.retire();
  }
}

/** Contents that nobody overwrote or deleted while seeing them, and all there ever were. */
class Ledger implements Witness {
  readonly live = new Set<string>();
  readonly ever = new Set<string>();
  readonly #acted: () => void;

  constructor(acted: () => void) {
    this.#acted = acted;
  }

  wrote(text: string): void {
    // What was overwritten or deleted once may be a folder's old content that joins: it may be brought up to date.
    if (!this.ever.has(text)) this.live.add(text);
    this.ever.add(text);
  }

  ended(text: string): void {
    this.live.delete(text);
  }

  acted(): void {
    this.#acted();
  }
}

class SimWorld implements World {
  readonly calls: PortCall[] = [];
  readonly vault = new SimVault(1);
  readonly ledger = new Ledger(() => this.#afterAct());
  readonly #run: Run;
  readonly #fault: Fault | undefined;
  readonly asking: Asking;
  readonly #devices = new Map<string, SimulatedDevice>();
  #hasBegun = false;
  /** How often the fault has struck: once, or not yet. */
  struck = 0;

  constructor(run: Run, fault: Fault | undefined, asking: Asking) {
    this.#run = run;
    this.#fault = fault;
    this.asking = asking;
  }

  /** Whether people act where the scenario does not know of it: then it can't know its outcome. */
  get isRaced(): boolean {
    return this.#fault?.trouble.do === 'race';
  }

  async begin(): Promise<void> {
    const [first] = this.#run.devices.map((name) => this.device(name));
    if (first === undefined) throw new Error('nobody plays');
    furnish(first.person, this.#run.base);
    await this.settle();
    this.#hasBegun = true;
  }

  device(name: string): SimulatedDevice {
    const known = this.#devices.get(name);
    if (known !== undefined) return known;
    const device = new SimulatedDevice(this, name, this.isRaced ? 'skip' : 'stop');
    this.#devices.set(name, device);
    return device;
  }

  async settle(...first: readonly string[]): Promise<void> {
    const named = first.map((name) => this.device(name));
    const parties = [...named, ...[...this.#devices.values()].filter((device) => !named.includes(device))];
    const endings = await syncUntilRest(parties, () => this.#snapshot());
    const agreed = Object.fromEntries(parties.map(({ name }) => [name, { code: 0, failure: '' }]));
    this.expect('how the last runs ended', endings, agreed);
  }

  expectTree(tree: Tree): void {
    if (!this.isRaced) expectTreeOn([...this.#devices.values()], tree);
  }

  expect(what: string, actual: unknown, wanted: unknown): void {
    if (!this.isRaced) expect({ [what]: actual }).toEqual({ [what]: wanted });
  }

  storeBytes(): number {
    return this.vault.medium.sizeBytes();
  }

  passDays(days: number): void {
    this.vault.clock.advance(days * dayMs);
  }

  takeStoreAway(): { bringBack: () => void } {
    for (const { sim } of this.#devices.values()) sim.store.faults.away = true;
    return {
      bringBack: () => {
        for (const { sim } of this.#devices.values()) sim.store.faults.away = false;
      },
    };
  }

  retire(): void {
    for (const { sim } of this.#devices.values()) sim.retire();
  }

  async finish(): Promise<Conflicts> {
    await this.settle();
    const parties = [...this.#devices.values()];
    expectAgreement(parties);
    for (const { name, sim } of parties) expect({ [name]: sim.index.dirty.count() }).toEqual({ [name]: 0 });
    const texts = parties.flatMap(({ person }) =>
      [...person.hands.tree().values()].flatMap(({ kind, text }) => (kind === 'file' ? [withoutMarks(text)] : [])),
    );
    const shown = new Set(texts);
    expect({ lost: [...this.ledger.live].filter((text) => !shown.has(text)) }).toEqual({ lost: [] });
    expect({ invented: [...shown].filter((text) => !this.ledger.ever.has(text)) }).toEqual({ invented: [] });
    return await this.#openConflicts();
  }

  async #openConflicts(): Promise<Conflicts> {
    const [first, ...others] = this.#devices.values();
    const open = (await first?.conflicts()) ?? [];
    for (const other of others)
      expect({ [`conflicts that ${other.name} lists`]: await other.conflicts() }).toEqual({ [`conflicts that ${other.name} lists`]: open });
    return open;
  }

  /** Hears of every call of every engine. */
  readonly disturb = (device: SimulatedDevice, call: PortCall): ReturnType<Disturb> => {
    if (!this.#hasBegun) return undefined;
    const at = this.calls.length;
    this.calls.push(call);
    const { faults } = device.sim.store;
    if (this.struck > 0 && call.port === 'store') Object.assign(faults, { loseRequest: 0, loseResponse: 0 });
    if (at !== this.#fault?.at) return undefined;
    this.struck += 1;
    const { trouble } = this.#fault;
    if (trouble.do === 'race') device.race(call, trouble.how);
    else if (trouble.do === 'lose-request') faults.loseRequest = 1;
    else if (trouble.do === 'lose-answer') faults.loseResponse = 1;
    else if (trouble.do === 'fail') return { errno: trouble.errno };
    else return trouble.do;
    return undefined;
  };

  #snapshot(): string {
    const disks = [...this.#devices.values()].map((device) => device.snapshot());
    return JSON.stringify([this.vault.medium.names(''), disks]);
  }

  /** Time passes, and what people wrote reaches their disks. */
  #afterAct(): void {
    this.vault.clock.advance(1000);
    for (const { sim } of this.#devices.values()) sim.disk.kernel.writeBack();
  }
}

class SimulatedDevice implements Device {
  readonly name: string;
  readonly sim: SimDevice;
  readonly person: Person;
  readonly #world: SimWorld;

  constructor(world: SimWorld, name: string, bars: Bars) {
    this.#world = world;
    this.name = name;
    this.sim = new SimDevice(world.vault, name, disks[world.asking]);
    this.person = new Person(this.sim.user, world.ledger, bars);
  }

  async sync(): Promise<Ending> {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const { struck } = this.#world;
      const ending = await this.#syncOnce((call) => this.#world.disturb(this, call));
      Object.assign(this.sim.store.faults, { loseRequest: noFaults.loseRequest, loseResponse: noFaults.loseResponse });
      // What was disturbed runs again at once, so that whoever was to be first still is.
      if (ending !== 'killed' && (this.#world.struck === struck || this.#world.isRaced)) return ending;
    }
    throw new Error(`${this.name} was killed more than once`);
  }

  async syncAndKill(when: 'publishing' | 'placing'): Promise<void> {
    let isTouched = false;
    await this.#syncOnce((call) => {
      if (when === 'publishing') return call.verb === 'putNew' && call.path.startsWith('journal/') ? 'kill' : undefined;
      if (call.port !== 'disk' || !call.mutates || call.path.startsWith('.cachette')) return undefined;
      if (isTouched) return 'kill';
      isTouched = true;
      return undefined;
    });
  }

  conflicts(): Promise<readonly { readonly path: string; readonly copy: string }[]> {
    const open = openConflicts(this.sim.index).map(({ copy, of }) => ({ path: this.#pathOf(of), copy: this.#pathOf(copy) }));
    return Promise.resolve(open.toSorted((a, b) => (a.copy < b.copy ? -1 : 1)));
  }

  async resolve(copies: readonly string[] | 'all', keep: 'local' | 'remote' | 'both'): Promise<void> {
    await this.sync();
    const open = openConflicts(this.sim.index);
    const chosen = copies === 'all' ? open : open.filter(({ copy }) => copies.includes(this.#pathOf(copy)));
    for (const { copy, of } of keep === 'both' ? [] : chosen) this.#endContent(this.#pathOf(keep === 'local' ? of : copy));
    if (chosen.length > 0) await this.#settleConflicts(chosen, keep);
    await this.sync();
  }

  problems(): Promise<readonly { readonly path: string; readonly code: string }[]> {
    return Promise.resolve(this.sim.index.problems.list(listedMax).map(({ path, code }) => ({ path, code })));
  }

  held(): Promise<readonly string[]> {
    const { index } = this.sim;
    const held = index.massChange.list(listedMax).filter(({ node }) => index.massChange.isHeld(node));
    return Promise.resolve(held.map(({ node }) => this.#pathOf(node)).toSorted());
  }

  async decide(word: 'confirm' | 'reject'): Promise<void> {
    if (word === 'confirm') confirmMassChange(this.sim.index);
    else {
      for (const path of await this.held()) this.#endContent(path);
      rejectMassChange(this.sim.index);
    }
  }

  loseIndex(): void {
    this.sim.loseIndex();
  }

  trash(): readonly string[] {
    return [...this.person.hands.tree('.cachette/trash').values()].flatMap(({ kind, text }) => (kind === 'file' ? [text] : []));
  }

  takeAway(): { bringBack: () => void } {
    return this.sim.user.takeAway();
  }

  /** A person is faster than the call: acts on what it is about. */
  race(call: PortCall, how: Race): void {
    const { hands } = this.person;
    const path = [call.path, call.toPath].find((each) => each !== undefined && each !== '' && !/(^|\/)\.cachette/.test(each));
    if (path === undefined) return;
    const kind = hands.tree().get(path)?.kind;
    if (how === 'remove') {
      if (kind !== undefined) this.person.remove(path);
    } else if (how === 'move') {
      if (kind !== undefined) this.person.move(path, `${path} moved meanwhile`);
    } else if (kind === undefined || kind === 'file') {
      if (how === 'write') this.person.write(path, 'written meanwhile');
      else this.person.save(path, 'saved meanwhile');
    }
  }

  snapshot(): unknown {
    const { user } = this.sim;
    return [...user.tree()].map(([path, seen]) => {
      const inode = user.find(path);
      return [path, seen.kind === 'folder' ? '' : seen, String(inode?.number), seen.kind === 'folder' ? '' : String(inode?.ctimeNs)];
    });
  }

  /** As `cachette resolve` does, between two syncs. */
  async #settleConflicts(chosen: ReturnType<typeof openConflicts>, keep: 'local' | 'remote' | 'both'): Promise<void> {
    await this.sim.act(async ({ index, journal }) => {
      const groups = chosen.map((conflict) => settleGroup(index, conflict, keep));
      const decision = beginDecision(
        index,
        chosen.flatMap(({ copy, of }) => [copy, of]),
      );
      await journal.commit({ groups, packs: [] }, new AbortController().signal);
      endDecision(index, decision);
    });
  }

  async #syncOnce(disturb: Disturb): Promise<Ending | 'killed'> {
    try {
      const end = await this.sim.sync({ disturb });
      if (end === 'restless') throw new Error(`${this.name} does not come to rest`);
      return end === 'killed' ? end : this.#ending();
    } catch (error) {
      if (error instanceof Failure) return { code: error.exitCode, failure: error.code };
      throw error;
    }
  }

  /** As the command line concludes. */
  #ending(): Ending {
    const { index } = this.sim;
    const refused = index.problems.list(listedMax).find(({ code }) => failureMeanings[code].exitCode === 5);
    if (refused !== undefined) return { code: 5, failure: refused.code };
    if (index.massChange.countHeld() > 0) return { code: 7, failure: 'E_BULK_CHANGE' };
    return { code: index.problems.count() > 0 || index.dirty.count() > 0 ? 3 : 0, failure: '' };
  }

  /** A person decides against what stands there. */
  #endContent(path: string): void {
    const text = this.person.read(path);
    if (text !== undefined) this.#world.ledger.ended(text);
  }

  #pathOf(id: NodeId): string {
    const { remote, base } = this.sim.index;
    const names: string[] = [];
    for (let at = remote.find(id) ?? base.find(id); at !== undefined; at = remote.find(at.state.parent) ?? base.find(at.state.parent))
      names.unshift(at.state.name);
    return withoutDate(names.join('/'));
  }
}
