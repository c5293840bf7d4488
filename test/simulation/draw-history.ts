/** Random histories: drawn while they run, since what a person does depends on what he sees, and written down on the way. */
import { Failure } from '../../src/base/failure.ts';
import { openConflicts } from '../../src/engine/open-conflicts.ts';
import { findVaultPath } from '../../src/agent/show/vault-paths.ts';
import type { StoreFaults } from '../world/store-faults.ts';
import { SeededChoice } from '../world/seeded-choice.ts';
import { seedFor } from '../world/seeded-random.ts';
import type { Coverage } from './coverage.ts';
import { drawOtherDisk, drawPoorDisk } from './disk-plan.ts';
import { drawAct } from './draw-act.ts';
import type { DevicePlan, History, Meanwhile, Outcome, Step, SyncPlan } from './history.ts';
import { conclude, HistoryRun, type Director, type HistoryResult } from './run-history.ts';
import type { SimDevice } from './sim-device.ts';
import { isPointedLook, type PortCall } from './sim-process.ts';
import type { Trouble } from './trouble.ts';
import type { UserAct } from './user-act.ts';

const deviceNames = ['ann', 'bob', 'eve', 'joe', 'kim'];
const errnos = ['EIO', 'EACCES', 'ENOSPC', 'EBUSY', 'EMFILE', 'EPERM'];
/** Acts of people during one sync; for ever would mean that it never comes to rest. */
const racesMax = 8;
const errnosMax = 3;
/** One in so many calls that change the folder itself has somebody act just before it. */
const lastMomentRate = 4;
/** And one in so many that read a file. */
const readingRate = 12;
/** And one in so many that list a folder: between two of them the look has been at one place and has yet to come to another. */
const listingRate = 5;
const lastMomentVerbs = new Set(['exchange', 'rename', 'renameNew', 'link', 'unlink', 'removeFolder', 'makeFolder']);
const yearMs = 365 * 24 * 3_600_000;

/** What drawing and running a history came to. */
export interface DrawnHistory extends HistoryResult {
  /** The whole of it, for running it again. */
  readonly history: History;
}

export async function drawHistory(seed: number, trouble: Trouble, coverage?: Coverage): Promise<DrawnHistory> {
  const author = new Author(seed, trouble);
  const run = new HistoryRun(author.frame, { director: author, ...(coverage === undefined ? {} : { coverage }) });
  const result = await conclude(run, () => author.write(run));
  return { ...result, history: { ...author.frame, steps: author.steps } };
}

class Author implements Director {
  readonly frame: Omit<History, 'steps'>;
  readonly steps: Step[] = [];
  readonly #trouble: Trouble;
  readonly #acts: SeededChoice;
  readonly #faults: SeededChoice;
  readonly #races: SeededChoice;
  readonly #latecomer: string | undefined;
  readonly #touched = new Map<string, string[]>();
  #hot: string[] = [];
  readonly #savedProfiles = new Set<string>();
  #isStoreSaved = false;
  #isSettling = false;
  #lastRun = 0;
  #lastMoments = 0;
  /** Whose turn it is to work, where only one does at a time. */
  #actor: string | undefined;

  constructor(seed: number, trouble: Trouble) {
    this.#trouble = trouble;
    this.#acts = new SeededChoice(seedFor(seed, 'acts'));
    this.#faults = new SeededChoice(seedFor(seed, 'faults'));
    this.#races = new SeededChoice(seedFor(seed, 'races'));
    const shape = new SeededChoice(seedFor(seed, 'shape'));
    const count = 2 + (shape.below(3) === 0 ? 0 : shape.below(shape.below(8) === 0 ? 4 : 2));
    const devices = deviceNames
      .slice(0, count)
      .map((name): DevicePlan => ({ name, disk: { ...this.#drawDisk(shape), ...drawBatches(seed, name) } }));
    this.#latecomer = shape.below(4) === 0 ? devices.at(-1)?.name : undefined;
    this.frame = {
      seed,
      devices,
      checkpointEntries: trouble.checkpoints ? 2 + shape.below(11) : undefined,
      portion: drawPortion(seed),
      outcome: this.#drawOutcome(shape),
    };
  }

  async write(run: HistoryRun): Promise<void> {
    if (this.frame.outcome === 'any' && this.#acts.below(3) > 0) await this.#writeBeginning(run);
    const phases = 2 + this.#acts.below(4);
    for (let phase = 0; phase < phases; phase += 1) {
      if (this.frame.outcome === 'turns') await this.#writeTurn(run);
      else await this.#writePhase(run, phase, phases);
    }
  }

  /** Something that all of them have: only what is shared can be changed by two. */
  async #writeBeginning(run: HistoryRun): Promise<void> {
    const device = run.devices[0]?.name ?? '';
    const acts = [
      { act: 'mkdir', path: 'a' } as const,
      ...['a/b', 'b', 'd.txt'].map((path) => ({ act: 'write', path, text: `${device} at first: ${path}`, saved: false }) as const),
    ];
    for (const act of acts) await this.#step(run, { do: 'act', device, act });
    for (const { name } of run.devices.filter((each) => each.name !== this.#latecomer)) await this.#syncCalmly(run, name);
    this.#hot = ['b', 'a/b'];
  }

  /** What happens in a sync: drawn as it goes along, and noted in the plan that the history keeps. */
  begin(plan: SyncPlan, device: SimDevice): (call: PortCall) => Meanwhile | undefined {
    if (this.#isSettling) return () => undefined;
    const noted = plan.meanwhile as Meanwhile[];
    const rates = this.#drawRates();
    let races = 0;
    let errors = 0;
    let before: PortCall | undefined;
    return (call) => {
      let event: Meanwhile | undefined;
      const isLook = isPointedLook(call, before);
      before = call;
      if (call.index === rates.crashAt) event = { at: call.index, what: rates.isPowerCut ? 'power' : 'kill' };
      else if (
        call.port === 'disk' &&
        rates.errors > 0 &&
        errors < errnosMax &&
        call.verb !== 'writePin' &&
        this.#faults.below(rates.errors) === 0
      ) {
        errors += 1;
        event = { at: call.index, what: 'errno', code: this.#faults.of(errnos) ?? 'EIO' };
      } else if (rates.races > 0 && races < racesMax && this.#isRaced(call, isLook, rates.races)) {
        const act = this.#drawRace(device, call, isLook);
        if (act !== undefined) event = { at: call.index, what: 'act', act };
        races += 1;
        // The call itself is asked about again: the next answer must not be another act.
      }
      if (event !== undefined && noted.some(({ at }) => at === event?.at)) return undefined;
      if (event !== undefined) noted.push(event);
      return event;
    };
  }

  /** Whether somebody acts at this call: more often where it matters. */
  #isRaced(call: PortCall, isLook: boolean, usualRate: number): boolean {
    if (isLook || isLastMoment(call)) return this.#races.below(lastMomentRate) === 0;
    if (isReading(call)) return this.#races.below(readingRate) === 0;
    if (isListing(call)) return this.#races.below(listingRate) === 0;
    return (call.mutates || call.port === 'store') && this.#races.below(usualRate) === 0;
  }

  /** What a watcher tells of the acts since the device's last run: most of it, in any order, by old names or new ones. */
  #drawHints(device: string): readonly string[] | undefined {
    const touched = this.#touched.get(device) ?? [];
    this.#touched.set(device, []);
    if (!this.#trouble.hints || this.#faults.below(2) === 0) return undefined;
    return touched.filter(() => this.#faults.below(6) > 0).toSorted(() => this.#faults.below(3) - 1);
  }

  async #writePhase(run: HistoryRun, phase: number, phases: number): Promise<void> {
    const late = phase * 2 < phases ? this.#latecomer : undefined;
    const devices = run.devices.filter(({ name }) => name !== late);
    await this.#tamper(run, devices);
    for (const device of run.devices.filter(({ name }) => !run.isAway(name)))
      for (let count = this.#acts.below(5); count > 0; count -= 1) await this.#act(run, device);
    const syncing = devices.filter(() => this.#acts.below(4) > 0);
    if (this.#trouble.together && syncing.length > 1 && this.#faults.below(3) > 0) {
      await this.#step(run, {
        do: 'sync',
        policy: this.#faults.of(['any', 'bursts', 'ranks'] as const) ?? 'any',
        runs: syncing.map(({ name }) => this.#plan(name)),
      });
    } else {
      for (const { name } of syncing) await this.#step(run, { do: 'sync', policy: 'any', runs: [this.#plan(name)] });
    }
    if (this.#faults.below(3) === 0) this.#hot = [];
    if (this.#faults.below(3) === 0) await this.#step(run, { do: 'wait', ms: this.#faults.below(100_000) });
  }

  /** One person works; then everybody gets it, whatever goes wrong on the way. */
  async #writeTurn(run: HistoryRun): Promise<void> {
    const actor = this.#acts.of(run.devices);
    if (actor === undefined) return;
    this.#actor = actor.name;
    for (let count = 1 + this.#acts.below(6); count > 0; count -= 1) await this.#act(run, actor);
    const others = run.devices.filter((device) => device !== actor);
    for (const { name } of [actor, ...others]) {
      await this.#step(run, { do: 'sync', policy: 'any', runs: [this.#plan(name)] });
      await this.#settle(run, name);
    }
    this.#isSettling = false;
  }

  async #settle(run: HistoryRun, name: string): Promise<void> {
    await this.#step(run, { do: 'wait', ms: 3_600_000 });
    await this.#syncCalmly(run, name);
  }

  async #syncCalmly(run: HistoryRun, name: string): Promise<void> {
    this.#isSettling = true;
    await this.#step(run, { do: 'sync', policy: 'any', runs: [{ device: name, run: this.#nextRun(), store: {}, meanwhile: [] }] });
    this.#isSettling = false;
  }

  async #act(run: HistoryRun, device: SimDevice): Promise<void> {
    const act = this.#drawAct(device);
    if (act === undefined) return;
    await this.#step(run, { do: 'act', device: device.name, act });
    // What two people do is rarely done in one moment: else no time could tell the later one.
    if (this.#acts.below(2) === 0) await this.#step(run, { do: 'wait', ms: 1 + this.#acts.below(3000) });
  }

  #drawAct(device: SimDevice): UserAct | undefined {
    const within = this.frame.outcome === 'apart' ? device.name : '';
    if (within !== '' && !device.user.exists(within)) return { act: 'mkdir', path: within };
    const act = drawAct({
      device,
      choice: this.#acts,
      hot: this.#hot,
      within,
      hasOddItems: this.#trouble.oddItems && this.frame.outcome === 'any',
      hasAwkwardNames: this.#trouble.otherDisks,
    });
    if (act === undefined) return undefined;
    const paths = [act.path, ...('to' in act ? [act.to] : [])];
    this.#hot = [...this.#hot, ...paths].slice(-6);
    this.#touched.set(device.name, [...(this.#touched.get(device.name) ?? []), ...paths]);
    return act;
  }

  /** Half of what people do meanwhile is done to what the engine is just about to touch. */
  #drawRace(device: SimDevice, call: PortCall, isLook: boolean): UserAct | undefined {
    if (this.#actor !== undefined && this.#actor !== device.name) return undefined;
    const paths = [call.path, call.toPath ?? ''].filter((path) => call.port === 'disk' && path !== '' && !path.startsWith('.cachette'));
    const [path] = paths;
    if (
      path !== undefined &&
      (isLook || isLastMoment(call) || isReading(call)) &&
      this.frame.outcome !== 'apart' &&
      this.#races.below(2) === 0
    )
      return this.#drawLastMoment(device.name, path);
    if (isListing(call) && this.#races.below(2) === 0) return this.#drawNextSave(device);
    if (paths.length > 0 && this.#races.below(2) === 0) this.#hot = [...this.#hot, ...paths].slice(-6);
    return this.#drawAct(device);
  }

  /** Somebody is faster by one call, at the very item. */
  #drawLastMoment(device: string, path: string): UserAct {
    this.#lastMoments += 1;
    const text = `${device} in the last moment ${this.#lastMoments}`;
    const acts: readonly UserAct[] = [
      { act: 'write', path, text, saved: false },
      { act: 'write', path, text, saved: true },
      { act: 'append', path, text },
      { act: 'remove', path },
      { act: 'move', path, to: `${path} moved` },
      { act: 'mkdir', path },
    ];
    this.#touched.set(device, [...(this.#touched.get(device) ?? []), path]);
    return this.#races.of(acts) ?? { act: 'remove', path };
  }

  /** Some programs save all the time: the file that was saved last, once more. */
  #drawNextSave({ name, user }: SimDevice): UserAct | undefined {
    const within = this.frame.outcome === 'apart' ? `${name}/` : '';
    const touched = this.#touched.get(name) ?? [];
    const path = touched.findLast((each) => each.startsWith(within) && user.find(each)?.kind === 'file');
    if (path === undefined) return undefined;
    this.#lastMoments += 1;
    return { act: 'write', path, text: `${name} saves once more ${this.#lastMoments}`, saved: true };
  }

  async #step(run: HistoryRun, step: Step): Promise<void> {
    this.steps.push(step);
    await run.step(step);
  }

  #plan(device: string): SyncPlan {
    const store = this.#trouble.poorStore ? this.#drawStoreFaults() : {};
    return { device, run: this.#nextRun(), hints: this.#drawHints(device), store, meanwhile: [] };
  }

  #nextRun(): number {
    this.#lastRun += 1;
    return this.#lastRun;
  }

  #drawRates(): { crashAt: number; isPowerCut: boolean; races: number; errors: number } {
    const { kills, powerCuts, races, diskErrors } = this.#trouble;
    return {
      crashAt: kills && this.#faults.below(3) === 0 ? this.#faults.below(this.#faults.below(2) === 0 ? 150 : 600) : -1,
      isPowerCut: powerCuts && this.#faults.below(2) === 0,
      races: races && this.#faults.below(2) === 0 ? 5 + this.#faults.below(20) : 0,
      errors: diskErrors && this.#faults.below(2) === 0 ? 30 + this.#faults.below(200) : 0,
    };
  }

  #drawStoreFaults(): Partial<StoreFaults> {
    const chance = this.#faults;
    if (chance.below(3) === 0) return {};
    const faults: Partial<StoreFaults> = {
      onExisting: chance.of(['refuse', 'keep', 'overwrite'] as const) ?? 'refuse',
      listPageMax: chance.below(2) === 0 ? 2 : 1000,
      ...(chance.below(3) === 0 ? { loseRequest: 0.05 } : {}),
      ...(chance.below(3) === 0 ? { loseResponse: 0.05 } : {}),
      ...(chance.below(4) === 0 ? { lateDelivery: 0.05 } : {}),
      ...(chance.below(4) === 0 ? { duplicate: 0.05 } : {}),
      ...(chance.below(4) === 0 ? { staleListMs: 30_000 } : {}),
      ...(chance.below(5) === 0 ? { halfVisible: 0.1 } : {}),
      ...(chance.below(8) === 0 ? { corrupt: 0.03 } : {}),
      ...(chance.below(8) === 0 ? { swap: 0.03 } : {}),
      ...(chance.below(12) === 0 ? { away: true } : {}),
    };
    return faults;
  }

  #drawDisk(shape: SeededChoice): DevicePlan['disk'] {
    if (this.#trouble.otherDisks) return drawOtherDisk(shape);
    return this.#trouble.poorDisks ? drawPoorDisk(shape) : {};
  }

  #drawOutcome(shape: SeededChoice): Outcome {
    const { oddItems, lostIndex, oldIndex, awayFolder, selective, otherDisks, removal, decisions } = this.#trouble;
    if (decisions || removal || lostIndex || oldIndex || oddItems || awayFolder || selective || otherDisks) return 'any';
    const draw = shape.below(10);
    return draw < 2 ? 'apart' : draw < 4 ? 'turns' : 'any';
  }

  /** What befalls machines and the store between the syncs. */
  async #tamper(run: HistoryRun, devices: readonly SimDevice[]): Promise<void> {
    const device = this.#faults.of(devices);
    if (device === undefined) return;
    for (const step of this.#drawTampering(device.name)) await this.#step(run, step);
    if (this.#trouble.removal) await this.#remove(run, device, devices);
    if (this.#trouble.decisions) for (const step of this.#drawDecisions(devices)) await this.#step(run, step);
    if (this.#trouble.selective) for (const step of this.#drawSelection(device)) await this.#step(run, step);
  }

  /** At most one, and not before something was shared. */
  async #remove(run: HistoryRun, device: SimDevice, devices: readonly SimDevice[]): Promise<void> {
    const by = this.#faults.of(devices.filter((each) => each !== device));
    if (by === undefined || this.#lastRun === 0 || this.#faults.below(2) === 0 || devices.some(({ isRemoved }) => isRemoved)) return;
    await this.#step(run, { do: 'remove', device: device.name, by: by.name });
  }

  #drawTampering(device: string): Step[] {
    const { lostIndex, oldIndex, oldStore, wrongClocks, awayFolder } = this.#trouble;
    const chance = this.#faults;
    const steps: Step[] = [];
    if (wrongClocks && chance.below(3) === 0) steps.push({ do: 'set-clock', device, offsetMs: (chance.below(21) - 10) * yearMs });
    if (awayFolder && chance.below(3) === 0)
      steps.push({ do: chance.of(['take-away', 'show-mount-point', 'bring-back', 'bring-back'] as const) ?? 'bring-back', device });
    if (lostIndex && chance.below(6) === 0) steps.push({ do: 'lose-index', device });
    if (oldIndex && chance.below(3) === 0) steps.push(...this.#drawBackup(device));
    if (oldStore && chance.below(3) === 0) {
      steps.push({
        do: this.#isStoreSaved ? (chance.of(['show-old-store', 'show-true-store'] as const) ?? 'show-true-store') : 'save-store',
      });
      this.#isStoreSaved = true;
    }
    return steps;
  }

  #drawSelection({ name, index }: SimDevice): Step[] {
    const folders = index.remote
      .nodesAfter(undefined, 1e6)
      .filter(({ state }) => state.kind === 'folder')
      .map(({ id }) => findVaultPath(index, id) ?? '');
    const path = this.#faults.of(folders);
    if (path === undefined || this.#faults.below(4) === 0) return [];
    return [{ do: 'select', device: name, selection: this.#faults.of(['exclude', 'exclude', 'include'] as const) ?? 'exclude', path }];
  }

  #drawDecisions(devices: readonly SimDevice[]): Step[] {
    const deciding = devices.filter(({ index }) => openConflicts(index).length > 0 && this.#faults.below(2) === 0);
    return deciding.map(({ name: device }) => {
      const keep = this.#faults.of(['local', 'remote', 'both'] as const) ?? 'both';
      return { do: 'resolve', device, keep, number: this.#faults.below(4), run: this.#nextRun() };
    });
  }

  #drawBackup(device: string): Step[] {
    if (!this.#savedProfiles.has(device)) {
      this.#savedProfiles.add(device);
      return [{ do: 'save-profile', device }];
    }
    this.#savedProfiles.delete(device);
    return [{ do: this.#faults.below(2) === 0 ? 'restore-index' : 'restore-profile', device }];
  }
}

/** Every other device makes, finishes, reads and lists many items with one call. */
function drawBatches(seed: number, device: string): Pick<DevicePlan['disk'], 'hasBatches'> {
  return new SeededChoice(seedFor(seed, `batches of ${device}`)).below(2) === 0 ? { hasBatches: true } : {};
}

/** Every other history is run in small portions: of one now and then, as then the borders are everywhere. */
function drawPortion(seed: number): number | undefined {
  const choice = new SeededChoice(seedFor(seed, 'portion'));
  return choice.below(2) === 0 ? undefined : 1 + choice.below(choice.below(2) === 0 ? 2 : 6);
}

/** Whether the engine is about to act on an item of the folder itself: what happens now comes after its last look. */
function isLastMoment({ verb, path, toPath }: PortCall): boolean {
  return lastMomentVerbs.has(verb) && [path, toPath ?? '.cachette'].some((each) => !each.startsWith('.cachette'));
}

/** Whether the engine is reading a file of the folder, or looks whether it has changed meanwhile. */
function isReading({ verb, path }: PortCall): boolean {
  return (verb === 'readFile' || verb === 'statFile') && !path.startsWith('.cachette');
}

/** Whether the engine lists a folder of people's own. */
function isListing({ verb, path }: PortCall): boolean {
  return verb === 'readNames' && !path.startsWith('.cachette');
}

/** A failed history in full: why, what happened, and the seed. */
export function describeFailure({ failure, log, history: { seed } }: DrawnHistory): string {
  const reason =
    failure instanceof Failure ? `${failure.code} ${failure.stack ?? failure.message}` : (failure?.stack ?? failure?.message ?? 'nothing');
  return `seed ${seed}: ${reason}\n  ${log.join('\n  ')}`;
}
