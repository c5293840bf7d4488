/** Runs a history step by step, brings it to rest, and checks what must hold. */
import { setImmediate } from 'node:timers/promises';
import { selectFolders } from '../../src/agent/folder/selection.ts';
import { Failure, unreachable } from '../../src/base/failure.ts';
import { surfaceVoids } from '../../src/engine/publish/surface-voids.ts';
import { FakeDisk } from '../world/fake-disk/fake-disk.ts';
import type { Inode } from '../world/fake-disk/inode.ts';
import { SeededChoice } from '../world/seeded-choice.ts';
import { SeededRandom, seedFor } from '../world/seeded-random.ts';
import { noFaults } from '../world/store-faults.ts';
import { checkEnd, checkRefused, checkSelection, isAtRest, knowsEntries, knowsMore, textsOf, Violation } from './check-end.ts';
import { ConflictWatch } from './conflict-watch.ts';
import type { Coverage } from './coverage.ts';
import { decideConflict } from './decide-conflict.ts';
import { toPersonality } from './disk-plan.ts';
import type { History, Meanwhile, Step, SyncPlan } from './history.ts';
import { isWithin } from './is-within.ts';
import { Ledger } from './ledger.ts';
import { SimDevice, type ProfileImage, type SyncEnd } from './sim-device.ts';
import type { Disturb, PortCall } from './sim-process.ts';
import { SimVault } from './sim-vault.ts';
import { smallPortions } from './small-portions.ts';
import { NoTurns, SeededTurns, type Turns } from './turns.ts';
import { describeAct, doAct, namesGivenBy, type Actor, type UserAct } from './user-act.ts';
import { isInHistory, isInTree, textsByContent } from './vault-history.ts';

/** Codes that a poor store may rightly cause while it is poor. */
const poorStoreCodes = new Set([
  'E_STORE_UNREACHABLE',
  'E_MISSING',
  'E_TAMPER',
  'E_FORMAT',
  'E_STORE_FULL',
  'E_STORE_DENIED',
  'E_STORE_BEHAVIOUR',
  'E_LIMIT',
  // An entry of a new epoch may be listed before the list that begins it.
  'E_STORE_LATE',
]);
const diskCodes = new Set(['E_DISK', 'E_FOLDER_MISSING']);
/** What an older store is refused with. */
const oldStoreCodes = new Set(['E_ROLLBACK', 'E_MISSING', 'E_STORE_EMPTY', 'E_FORK']);
/** Rounds of everybody's sync until nothing must be left to do. */
const roundsMax = 3;
const hourMs = 3_600_000;

/** A machine, and what was put aside of it. */
interface Machine {
  readonly device: SimDevice;
  profile: ProfileImage | undefined;
  away: { bringBack: () => void } | undefined;
  /** What its folder showed when its engine last ended. */
  shown: Readonly<Record<string, string>>;
  /** What its engine may know there. */
  known: FilesByPath;
  /** What it may know since its last run began. */
  met: FilesByPath;
  /** Contents that runs brought which were killed, or whose disk failed, by what their files hold now: whether it was the runs is not recorded. */
  readonly unrecorded: Map<string, string>;
  /** Files that a run has left under two names, as it was killed or its disk failed: it had yet to take the old one away. */
  readonly halfMoved: Set<Inode>;
  /** Contents of files that lost one of two names by an act in the run that is under way. */
  readonly parted: Set<string>;
  /** Whether a folder was ever left out on it. */
  selects: boolean;
  /** How often it was told that it is removed. */
  timesTold: number;
  /** Whether a whole run ended well since it joined a vault that holds anything, or was put back to an earlier state. */
  hasSynced: boolean;
}

/** By path, the files that stood there, with what they held. */
type FilesByPath = Map<string, Map<Inode, string>>;

/** What is known of the folder while a run is under way. */
interface DuringRun {
  /** By path, what was written there meanwhile. */
  readonly written: Map<string, string>;
  readonly happening: Happening;
}

/** How often something happened in a run so far. */
interface Happening {
  acts: number;
  errnos: number;
  powerCuts: number;
  /** Contents that the folder showed when the run began. */
  readonly before: ReadonlySet<string>;
  /** By path, what it showed then. */
  readonly shown: Readonly<Record<string, string>>;
  /** Where folders stood then. */
  readonly folders: ReadonlyMap<Inode, string>;
  /** Contents that a person removed meanwhile where they had not stood when the run began: the run had moved them there, or he had. */
  readonly endedElsewhere: Set<string>;
}

/** What happens at each call of a run: by plan, or by chance. */
export interface Director {
  /** Called once for each run, before it begins. */
  begin(run: SyncPlan, device: SimDevice): (call: PortCall) => Meanwhile | undefined;
}

/** What was planned happens. */
const planned: Director = {
  begin: ({ meanwhile }) => {
    const byCall = Map.groupBy(meanwhile, ({ at }) => at);
    return ({ index }) => byCall.get(index)?.shift();
  },
};

export class HistoryRun {
  readonly log: string[] = [];
  readonly ledger = new Ledger();
  readonly vault: SimVault;
  readonly coverage: Coverage | undefined;
  readonly #history: Omit<History, 'steps'>;
  readonly #machines: Map<string, Machine>;
  readonly #director: Director;
  /** The store as it is, while an older one is shown. */
  #trueStore: SimVault['medium'] | undefined;
  #savedStore: SimVault['medium'] | undefined;
  /** Numbers of the runs that no history plans. */
  #lastRun = 1_000_000;
  /** From then on nothing goes wrong any more. */
  #isHealed = false;
  /** Names under which people put something themselves. */
  readonly #givenNames = new Set<string>();
  readonly #conflicts = new ConflictWatch();
  /** The same acts on a folder that nobody syncs. */
  readonly #shadow: Actor;

  constructor(
    history: Omit<History, 'steps'>,
    { director = planned, coverage }: { readonly director?: Director; readonly coverage?: Coverage } = {},
  ) {
    this.#history = history;
    this.#director = director;
    this.coverage = coverage;
    this.vault = new SimVault(history.seed);
    this.#shadow = { name: 'shadow', disk: new FakeDisk({ clock: this.vault.clock, random: new SeededRandom(history.seed) }) };
    if (history.checkpointEntries !== undefined) this.vault.checkpointWorth = { entries: history.checkpointEntries, bodyBytes: Infinity };
    if (history.portion !== undefined) this.vault.portions = smallPortions(history.portion);
    this.#machines = new Map(
      history.devices.map(({ name, disk }) => {
        const device = new SimDevice(this.vault, name, toPersonality(disk));
        coverage?.attach(device);
        return [
          name,
          {
            device,
            profile: undefined,
            away: undefined,
            shown: {},
            known: new Map(),
            met: new Map(),
            unrecorded: new Map(),
            halfMoved: new Set(),
            parted: new Set(),
            selects: false,
            timesTold: 0,
            hasSynced: false,
          },
        ];
      }),
    );
  }

  get devices(): SimDevice[] {
    return [...this.#machines.values()].map(({ device }) => device);
  }

  /** Those that the vault has not removed. */
  get #staying(): SimDevice[] {
    return this.devices.filter(({ isRemoved }) => !isRemoved);
  }

  /** Before the first step. */
  async begin(): Promise<void> {
    for (const { device } of this.#machines.values()) await device.link();
  }

  /** Whether the device's folder is not there. */
  isAway(name: string): boolean {
    return this.#machine(name).away !== undefined;
  }

  async step(step: Step): Promise<void> {
    switch (step.do) {
      case 'act':
        this.#act(step.device, step.act, '');
        return;
      case 'sync':
        return this.#sync(step);
      case 'wait':
        this.vault.clock.advance(step.ms);
        return;
      case 'save-store':
      case 'show-old-store':
      case 'show-true-store':
        this.#tamperWithStore(step.do);
        return;
      case 'set-clock':
      case 'take-away':
      case 'show-mount-point':
      case 'bring-back':
      case 'lose-index':
      case 'save-profile':
      case 'restore-index':
      case 'restore-profile':
        this.#tamper(step, this.#machine(step.device));
        return;
      case 'select':
        this.#select(step);
        return;
      case 'remove':
        return this.#remove(step);
      case 'resolve':
        return this.#resolve(step);
      default:
        unreachable(step);
    }
  }

  /** All trouble is over: everybody syncs until there is nothing to do; then everything is checked. */
  async finish(): Promise<void> {
    this.#heal();
    let isIdle = await this.#comeToRest();
    if (await this.#surfaceLost()) isIdle = await this.#comeToRest();
    for (const device of this.#staying) checkSelection(device);
    if (this.#includeAll()) isIdle = await this.#comeToRest();
    const { outcome } = this.#history;
    const expected = outcome === 'any' ? undefined : this.#shadow.disk.user.tree();
    await checkEnd({ devices: this.#staying, ledger: this.ledger, givenNames: this.#givenNames, outcome, expected, isIdle });
    this.#checkTold();
  }

  /** As every device does once an hour: what a removed device published and nobody's tree has comes back as a conflict copy. */
  async #surfaceLost(): Promise<boolean> {
    const [first] = this.#staying;
    if (first === undefined || this.#staying.length === this.devices.length) return false;
    const { signal } = new AbortController();
    const count = await first.act((parts) => surfaceVoids(parts, () => 'removed', signal));
    this.log.push(`${first.name} brings back ${count}`);
    return count !== 0;
  }

  #checkTold(): void {
    const fault = this.#conflicts.findFault({ devices: this.#staying, ledger: this.ledger, textOf: this.#textByContent() });
    if (fault !== undefined) throw new Violation(`a conflict is ${fault}`);
  }

  /** What the engine says of itself, for the log of a history that failed. */
  describeDevices(): string[] {
    return this.devices.map(({ name, index }) => {
      const problems = index.problems.list(5).map(({ path, code, message }) => `${path}: ${code} ${message}`);
      return `${name}: ${index.dirty.count()} at odds (${index.dirty.countHeld()} held)${problems.length > 0 ? `, problems: ${problems.join('; ')}` : ''}`;
    });
  }

  close(): void {
    for (const { device } of this.#machines.values()) device.retire();
  }

  #act(name: string, act: UserAct, when: '' | ' meanwhile'): boolean {
    const machine = this.#machine(name);
    const { device, away } = machine;
    // Nobody works in a folder that is not there.
    if (away !== undefined) return false;
    const names = namesGivenBy(act, device);
    const placed = filesWith(device, machine.unrecorded);
    const linked = filesOfManyNames(device);
    if (!doAct(device, act, this.ledger)) return false;
    // Nothing tells that he saw what he put another file in the place of: it may stand beside that. Nor what he removed: it may never
    // have been placed, and what is unknown is not deleted. Written into, it is known for as long as it is there.
    for (const { path, inode, brought } of placed) {
      const there = device.user.find(path);
      if (there !== inode && (there?.kind === 'file' || inode.linkCount === 0)) this.ledger.loosen([brought]);
      else machine.unrecorded.set(textOf(inode), brought);
    }
    this.#noteParted(machine, linked);
    for (const each of names) this.#givenNames.add(each);
    this.#joinByPlace(machine);
    if (device.isRemoved) this.#forgetRemoved(device);
    this.ledger.actors.add(name);
    if (this.#history.outcome !== 'any') doAct(this.#shadow, act, new Ledger());
    this.log.push(`${name}${when} ${describeAct(act)}`);
    this.vault.trace.add(`${name} ${describeAct(act)}`);
    // A person's own writes are not what a power cut is to try here; an engine's that is at work are.
    if (when === '') device.disk.kernel.writeBack();
    else for (const path of 'to' in act ? [act.path, act.to] : [act.path]) keepPath(device, path);
    return true;
  }

  /**
   * Who removes or replaces one of two names of a file has not touched the other, and a folder that shows both does not tell which is
   * the one that he meant: so what an engine was moving when it was killed, or its disk failed, may stay where it was going. One that
   * can go on takes the second name away again.
   */
  #noteParted({ device: { user }, halfMoved, parted }: Machine, linked: ReadonlyMap<Inode, readonly string[]>): void {
    for (const [inode, paths] of linked) {
      const left = paths.filter((path) => user.find(path) === inode).length;
      if (left === 0 || left === paths.length) continue;
      if (halfMoved.has(inode)) this.ledger.loosen([textOf(inode)]);
      else parted.add(textOf(inode));
    }
  }

  /** What a run has left half done, or not recorded: nobody can tell it from what a person does next. */
  #noteLeft({ device, shown, unrecorded, halfMoved, parted }: Machine, end: SyncEnd | 'failed', happening: Happening): void {
    const { before, errnos } = happening;
    if (end === 'done') {
      unrecorded.clear();
      halfMoved.clear();
    }
    // Where the disk failed, what it may not keep is not recorded either.
    if (end === 'killed' || (end !== 'done' && errnos > 0))
      for (const [path, text] of Object.entries(shown))
        if ((!before.has(text) || happening.shown[path] !== text) && !unrecorded.has(text)) unrecorded.set(text, text);
    if (end !== 'killed' && errnos === 0) return;
    // Nor that a folder stood where it had moved it, as somebody else had done: by its old place a removal knows nothing of that move.
    this.ledger.loosen(happening.endedElsewhere);
    for (const inode of filesOfManyNames(device).keys()) halfMoved.add(inode);
    this.ledger.loosen(parted);
  }

  /**
   * Before each act while a run is under way, and when that ends: by then its engine may know what stands there, as it has brought it, or
   * looked; or it has not looked since, and knows what stood there before. Only a whole look that came to its end has left that behind.
   */
  #noteMet({ device, known, met }: Machine): void {
    const shown = Object.entries(device.user.texts());
    for (const files of [known, met]) for (const [path, text] of shown) noteFile(files, device.user.find(path), { path, text });
  }

  /**
   * What stands at a file's place when it is looked at next, where the file itself is gone, is that file, edited: so do editors
   * save. And without birth times a file is known by its place alone, wherever it went. So who moves the file elsewhere
   * meanwhile moves that, and a move beats a deletion.
   */
  #joinByPlace({ device: { disk, user }, known }: Machine): void {
    const now = user.texts();
    for (const [path, files] of known)
      for (const [{ linkCount }, before] of files) {
        const { [path]: text } = now;
        const isThere = disk.kernel.personality.hasBirthTimes && linkCount > 0;
        if (!isThere && text !== undefined && text !== before) this.ledger.joined([before, text]);
      }
  }

  /**
   * Without birth times, what was moved and is told of by its new place alone is a copy to whoever looks: where it was before, nobody
   * has looked. From then on it is known as a file of its own; what is missed later at the old place was removed. And on any disk what is
   * told of by its old place alone was removed, where it stands in another folder now: one file is not worth a look at everything.
   */
  #noteHalfTold({ device: { disk, user }, known }: Machine, hints: readonly string[]): void {
    const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const isTold = (path: string): boolean => hints.some((hint) => isWithin(disk.kernel.keyOf(path), disk.kernel.keyOf(hint)));
    const now = Object.entries(user.texts());
    const told = new Set(now.filter(([path]) => isTold(path)).map(([, text]) => text));
    for (const [path, files] of known) {
      const isGone = isTold(path) && !now.some(([at]) => at === path);
      const isElsewhere = (text: string): boolean =>
        !told.has(text) && now.some(([at, there]) => there === text && folderOf(at) !== folderOf(path));
      if (isGone) for (const text of files.values()) if (isElsewhere(text)) this.ledger.toldAsCopied(text);
      if (disk.kernel.personality.hasBirthTimes) continue;
      const isUntold = !isTold(path) && !now.some(([at]) => at === path);
      if (isUntold) for (const text of files.values()) if (told.has(text)) this.ledger.toldAsCopied(text);
    }
  }

  async #sync({ runs, policy }: Extract<Step, { do: 'sync' }>): Promise<void> {
    const { clock } = this.vault;
    if (runs.length === 1) {
      for (const run of runs) await this.#runOne(run, new NoTurns(clock));
      return;
    }
    this.log.push(`together: ${runs.map(({ device }) => device).join(', ')}`);
    const turns = new SeededTurns(clock, new SeededChoice(seedFor(this.#history.seed, `turns ${runs[0]?.run ?? 0}`)), policy);
    const tasks = runs.map((run) => this.#runOne(run, turns));
    const ends = Promise.allSettled(tasks);
    await turns.run(tasks);
    for (const end of await ends) if (end.status === 'rejected') throw end.reason as Error;
  }

  async #runOne(run: SyncPlan, turns: Turns): Promise<SyncEnd | 'not run' | 'failed'> {
    const machine = this.#machine(run.device);
    const { device } = machine;
    const moment = this.#beginSync(machine);
    const isOld = this.#trueStore !== undefined;
    // Whoever knows no more than the old store shows would go on from there: a fork that nothing heals.
    if (isOld && !knowsMore(device, this.vault.medium)) return 'not run';
    const before = isOld ? textsOf(device) : undefined;
    const shown = machine.away === undefined ? device.user.texts() : {};
    const counts = { acts: 0, errnos: 0, powerCuts: 0 };
    const folders = machine.away === undefined ? foldersOf(device) : new Map<Inode, string>();
    const happening = { ...counts, before: new Set(Object.values(shown)), shown, folders, endedElsewhere: new Set<string>() };
    Object.assign(device.store.faults, noFaults, run.store);
    let end: SyncEnd | 'failed' = 'failed';
    // What an entry brought that came too late counts as new here; somebody may have overwritten it while it held.
    device.onVoid = () => this.ledger.loosen(Object.values(shown));
    try {
      end = await device.sync({ turns, run: run.run, hints: run.hints, disturb: this.#disturbance(run, device, happening) });
      this.log.push(
        `${run.device} ${run.hints === undefined ? 'syncs' : `looks at ${run.hints.join(', ')}`}: ${end} (${device.calls} calls)`,
      );
      machine.hasSynced ||= hasJoined(device, end);
      if (end === 'restless' && happening.acts === 0) throw new Error(`${run.device} does not come to rest`);
      if (happening.acts + happening.errnos === 0) this.#noteDone(run, device, { end, moment });
    } catch (error) {
      if (!(error instanceof Failure) || !this.#isRightful(error, { run, machine, happening })) throw error;
      this.log.push(`${run.device} syncs: ${error.code} ${error.message}`);
      if (before !== undefined) checkRefused(device, before);
    } finally {
      Object.assign(device.store.faults, noFaults);
      this.#conflicts.look(device);
    }
    if (machine.away !== undefined) return end;
    machine.shown = device.user.texts();
    this.#noteMet(machine);
    this.#noteHalfTold(machine, run.hints ?? []);
    if (end === 'done' && run.hints === undefined) machine.known = machine.met;
    this.#noteLeft(machine, end, happening);
    checkEnded(machine, shown);
    this.#noteAvoided(machine, shown);
    const gone = this.#goneFrom(machine, Object.values(shown));
    // A power cut may keep the new content's beginning and not the old one's end in the trash: two folders, of which the
    // disk made one durable. Then it is in the history all the same, which is all that is promised of content ("in the tree
    // or in the history"); nothing goes from the folder before it is there.
    if (happening.powerCuts > 0) checkKept(device, gone, (text) => isInHistory(device, this.vault, text));
    else checkKept(device, gone, () => false);
    return end;
  }

  /** Nobody did anything meanwhile. */
  #noteDone(
    run: SyncPlan,
    device: SimDevice,
    { end, moment }: { readonly end: SyncEnd; readonly moment: ReturnType<Ledger['beginSync']> },
  ): void {
    if (end !== 'done' || run.hints !== undefined || device.isRemoved || !isAtRest(device)) return;
    // What a person removed where nobody may look is unknown, and so not removed for anybody yet.
    if (device.index.problems.pathsWith('E_UNREADABLE').length > 0) return;
    // Who was shown an old listing may have missed what the others did.
    this.ledger.finishSync(run.device, { ...moment, others: (run.store.staleListMs ?? 0) > 0 ? new Map() : moment.others });
  }

  #beginSync(machine: Machine): ReturnType<Ledger['beginSync']> {
    const { device, selects, parted } = machine;
    const { name } = device;
    parted.clear();
    machine.met = new Map();
    // What a person deletes in a folder that is left out, and that has not gone yet, stays in the vault.
    if (selects) this.ledger.loosen(this.ledger.unpublishedEnds(name));
    return this.ledger.beginSync(name);
  }

  /** What an engine renames to avoid the name of a left-out folder has been moved: who deletes it by its old name did not know of that. */
  #noteAvoided({ device, shown }: Machine, before: Readonly<Record<string, string>>): void {
    const renamed = Object.entries(shown).filter(([path, text]) => path.includes(`(${device.name}`) && before[path] !== text);
    if (renamed.length > 0)
      this.ledger.moved(
        device.name,
        renamed.map(([, text]) => text),
      );
  }

  /** What a sync took out of the folder, and nobody there had overwritten or deleted. */
  #goneFrom({ device, selects, shown }: Machine, before: readonly string[]): string[] {
    // What is left out is not kept here.
    if (selects) return [];
    const live = new Set(Object.values(shown));
    return before.filter((text) => !live.has(text) && !this.ledger.isEndedBy(text, device.name));
  }

  #isRightful(failure: Failure, { run, machine, happening }: { run: SyncPlan; machine: Machine; happening: { errnos: number } }): boolean {
    if (failure.code === 'E_REVOKED') {
      machine.timesTold += 1;
      return machine.device.isRemoved;
    }
    if (failure.code === 'E_CLONED_DEVICE' && machine.profile !== undefined) return this.#joinAfresh(machine);
    if (happening.errnos > 0 && diskCodes.has(failure.code)) return true;
    if (machine.away !== undefined) return failure.code === 'E_FOLDER_MISSING';
    if (this.#trueStore !== undefined) return oldStoreCodes.has(failure.code);
    // The epoch of an object stands in its clear bytes: a store that damages these names keys that nobody has. And a device that joins takes
    // a list of devices that is only late for one that is hidden: it brings what can be verified.
    if (failure.code === 'E_EPOCH') return (run.store.corrupt ?? 0) > 0 || (!machine.hasSynced && (run.store.staleListMs ?? 0) > 0);
    return Object.keys(run.store).length > 0 && poorStoreCodes.has(failure.code);
  }

  /** The only way on for a profile that was put back from a backup after it had written. */
  #joinAfresh(machine: Machine): true {
    const { device } = machine;
    this.log.push(`${device.name} joins anew`);
    this.#forgets(device);
    machine.hasSynced = false;
    machine.profile = undefined;
    device.joinAfresh();
    return true;
  }

  #disturbance(run: SyncPlan, device: SimDevice, happening: Happening): Disturb {
    const next = (this.#isHealed ? planned : this.#director).begin(run, device);
    const written = new Map<string, string>();
    return (call) => {
      for (let event = next(call); event !== undefined; event = next(call)) {
        this.coverage?.event(device.name, event.what === 'act' ? event.act.act : event.what === 'errno' ? event.code : event.what);
        if (event.what === 'act') {
          if (!isInGap(device, call, event.act) && this.#actMeanwhile(device, event.act, { written, happening })) happening.acts += 1;
        } else if (event.what === 'errno') {
          happening.errnos += 1;
          this.log.push(`${run.device}: ${event.code} at ${call.verb} ${call.path}`);
          return { errno: event.code };
        } else {
          if (event.what === 'power') happening.powerCuts += 1;
          this.log.push(`${run.device}: ${event.what} at ${call.isDone ? 'the answer to ' : ''}${call.verb} ${call.path}`);
          return event.what;
        }
      }
      return undefined;
    };
  }

  /**
   * Where an engine has just put something over what a person wrote, and is about to take it back, the person may be there
   * once more: then his later act stands. What he wrote before is in the trash, and in no folder for certain.
   */
  #actMeanwhile(device: SimDevice, act: UserAct, { written, happening }: DuringRun): boolean {
    const paths = 'to' in act ? [act.path, act.to] : [act.path];
    const texts = paths.map((path) => written.get(path)).filter((text) => text !== undefined);
    const shown = device.user.texts();
    this.#noteMet(this.#machine(device.name));
    const aside = findAside(device, act, happening);
    if (!this.#act(device.name, act, ' meanwhile')) return false;
    // He has not seen where it goes: by where it stood, somebody else may have moved it, and wishes to keep it with all that is in it.
    if (aside !== undefined) this.ledger.endedFolder(device.name, aside.path, aside.contents);
    const isShown = new Set(Object.values(shown));
    for (const text of texts) if (!isShown.has(text)) this.ledger.release(text);
    // What came by this very run was seen by nobody: who writes over it may find it beside his own; and who moves it may have
    // moved what the engine was just about to take away again, as somebody had written there, so that he finds it in both places.
    const now = device.user.texts();
    this.ledger.loosen(Object.entries(shown).flatMap(([path, text]) => (happening.before.has(text) || now[path] === text ? [] : [text])));
    const isLeft = new Set(Object.values(now));
    for (const [path, text] of Object.entries(shown))
      if (happening.before.has(text) && happening.shown[path] !== text && !isLeft.has(text)) happening.endedElsewhere.add(text);
    for (const path of paths) if (device.user.find(path)?.kind === 'file') written.set(path, device.user.readText(path));
    return true;
  }

  /** By a store that is right for a moment, and with nobody in between. */
  async #remove({ device: name, by }: Extract<Step, { do: 'remove' }>): Promise<void> {
    const [removed, remover] = [this.#machine(name), this.#machine(by)];
    if (remover.away !== undefined || remover.device.isRemoved || removed.device.isRemoved || this.#trueStore !== undefined) return;
    await remover.device.remove(removed.device);
    this.log.push(`${by} removes ${name}`);
    this.#forgetRemoved(removed.device);
    // What it published turned void where somebody else's change of the same place came first; nobody makes it anew for a removed device.
    this.ledger.forgetEnds(name, (text) => isInTree(remover.device, this.vault, text));
    // What it did and nobody knew of is in its own folder, and nowhere else.
    const texts = removed.away === undefined ? Object.values(removed.device.user.texts()) : [...this.ledger.mustLive];
    for (const text of texts)
      if (!isInTree(remover.device, this.vault, text) && !this.#isShownElsewhere(text, removed)) this.ledger.release(text);
  }

  /** By a store that is right for a moment, and with nobody in between. */
  async #resolve({ device: name, keep, number, run }: Extract<Step, { do: 'resolve' }>): Promise<void> {
    const { away, device } = this.#machine(name);
    if (away !== undefined || device.isRemoved || this.#trueStore !== undefined) return;
    const decided = await decideConflict(device, { keep, number, run }, this.#textByContent());
    if (decided === undefined) return;
    decided.note(this.ledger);
    this.#conflicts.decide(decided.copy);
    this.log.push(`${name} keeps ${keep} of ${decided.copyPath} and ${decided.path}`);
  }

  #textByContent(): (content: string) => string | undefined {
    let texts: ReadonlyMap<string, string> | undefined;
    return (content) => (texts ??= textsByContent(this.vault, this.ledger.everWritten)).get(content);
  }

  #isShownElsewhere(text: string, but: Machine): boolean {
    const others = [...this.#machines.values()].filter((machine) => machine !== but && machine.away === undefined);
    return others.some(({ device }) => Object.values(device.user.texts()).includes(text));
  }

  /** What a removed device's person deletes stays with the others; what he writes counts for nobody who has seen the removal. */
  #forgetRemoved({ name, user, isRemoved }: SimDevice): void {
    this.ledger.actors.add(`${name}, who was removed`);
    this.ledger.loosen(this.ledger.unpublishedEnds(name));
    if (!isRemoved) return;
    const others = this.devices.filter((device) => device.name !== name && !this.isAway(device.name));
    const kept = new Set(others.flatMap((device) => Object.values(device.user.texts())));
    if (!this.isAway(name)) for (const text of Object.values(user.texts())) if (!kept.has(text)) this.#releaseUnknown(text);
  }

  #releaseUnknown(text: string): void {
    if (!this.#staying.some((device) => isInTree(device, this.vault, text))) this.ledger.release(text);
  }

  #select({ device: name, selection, path }: Extract<Step, { do: 'select' }>): void {
    const machine = this.#machine(name);
    const { index } = machine.device;
    try {
      selectFolders(index, selection, [path]);
    } catch (error) {
      // The folder is not there (any more).
      if (error instanceof Failure) return;
      throw error;
    }
    machine.selects = true;
    // What is to be here again may meet what took its name meanwhile.
    this.ledger.actors.add(`${name}, who chose`);
    this.log.push(`${name}: ${selection}s ${path}`);
    this.vault.trace.add(`${name} ${selection}s ${path}`);
  }

  /** In the end all devices show everything. Whether some did not. */
  #includeAll(): boolean {
    const selecting = [...this.#machines.values()].filter(({ device }) => device.index.leftOut.chosen().length > 0);
    for (const { device } of selecting) for (const folder of device.index.leftOut.chosen()) device.index.leftOut.choose(folder, 'included');
    if (selecting.length === 0) return false;
    this.log.push(`included again by ${selecting.map(({ device }) => device.name).join(', ')}`);
    return true;
  }

  #tamper(step: Exclude<Extract<Step, { device: string }>, { do: 'act' | 'select' | 'remove' | 'resolve' }>, machine: Machine): void {
    const { device } = machine;
    switch (step.do) {
      case 'set-clock':
        device.clock.offsetMs = step.offsetMs;
        break;
      case 'take-away':
        machine.away ??= device.user.takeAway();
        break;
      case 'show-mount-point':
        machine.away ??= device.user.showMountPoint();
        break;
      case 'bring-back':
        machine.away?.bringBack();
        machine.away = undefined;
        break;
      case 'lose-index':
        this.#forgets(device);
        machine.hasSynced = false;
        device.loseIndex();
        break;
      case 'save-profile':
        machine.profile = device.saveProfile();
        break;
      case 'restore-index':
        if (machine.profile === undefined) return;
        this.#forgets(device);
        machine.hasSynced = false;
        device.restoreIndex(machine.profile);
        break;
      case 'restore-profile':
        if (machine.profile === undefined) return;
        this.#forgets(device);
        machine.hasSynced = false;
        device.restoreProfile(machine.profile);
        break;
      default:
        unreachable(step);
    }
    this.log.push(`${device.name}: ${step.do}${'offsetMs' in step ? ` ${step.offsetMs}` : ''}`);
  }

  /** What it shows counts as new where it is not known any more; what it removed may come back. */
  #forgets({ name, user }: SimDevice): void {
    // What it changed upon something that it forgot is in conflict with that.
    this.ledger.actors.add(`${name}, who forgot`);
    this.ledger.loosen(this.ledger.unpublishedEnds(name));
    this.ledger.loosen(Object.values(user.texts()));
  }

  #tamperWithStore(what: 'save-store' | 'show-old-store' | 'show-true-store'): void {
    if (what === 'save-store') this.#savedStore = this.vault.medium.fork();
    else if (what === 'show-true-store') {
      if (this.#trueStore === undefined) return;
      this.vault.medium = this.#trueStore;
      this.#trueStore = undefined;
    } else {
      if (this.#savedStore === undefined || this.#trueStore !== undefined) return;
      this.#trueStore = this.vault.medium;
      this.vault.medium = this.#savedStore;
    }
    this.log.push(`the store: ${what}`);
  }

  #heal(): void {
    this.#tamperWithStore('show-true-store');
    for (const machine of this.#machines.values()) {
      machine.away?.bringBack();
      machine.away = undefined;
      giveBackRights(machine.device);
    }
    this.vault.clock.advance(hourMs);
    this.#isHealed = true;
    this.log.push('everything heals');
  }

  /** Everybody syncs until nobody writes anything any more, or must not. Whether that was seen: then the next round would be the same. */
  async #comeToRest(): Promise<boolean> {
    for (let round = 0; round < roundsMax; round += 1) {
      let isIdle = true;
      for (const { device } of this.#machines.values()) if (!(await this.#calmSync(device))) isIdle = false;
      if (isIdle) return true;
    }
    return false;
  }

  /** Whether it ended well and wrote nothing, neither to the store nor to the folder. */
  async #calmSync(device: SimDevice): Promise<boolean> {
    this.#lastRun += 1;
    const { onCall } = device;
    let writes = 0;
    device.onCall = (call) => {
      if (call.mutates) writes += 1;
      onCall(call);
    };
    const run = { device: device.name, run: this.#lastRun, store: {}, meanwhile: [] };
    const end = await this.#runOne(run, new NoTurns(this.vault.clock));
    device.onCall = onCall;
    return writes === 0 && (end === 'done' || device.isRemoved);
  }

  #machine(name: string): Machine {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw new Error(`no device ${name}`);
    return machine;
  }
}

function hasJoined(device: SimDevice, end: SyncEnd): boolean {
  return end === 'done' && knowsEntries(device);
}

/** Files that hold what an unfinished run brought, or what was made of it since. */
function filesWith(
  { user }: SimDevice,
  unrecorded: ReadonlyMap<string, string>,
): { readonly path: string; readonly inode: Inode; readonly brought: string }[] {
  if (unrecorded.size === 0) return [];
  return Object.entries(user.texts()).flatMap(([path, text]) => {
    const [inode, brought] = [user.find(path), unrecorded.get(text)];
    return inode === undefined || brought === undefined ? [] : [{ path, inode, brought }];
  });
}

function foldersOf({ user }: SimDevice): Map<Inode, string> {
  const found = new Map<Inode, string>();
  for (const [path, { kind }] of user.tree()) {
    const inode = kind === 'folder' ? user.find(path) : undefined;
    if (inode !== undefined) found.set(inode, path);
  }
  return found;
}

/**
 * A folder that the act takes away, which the run had only taken aside: where it stood when the run began, and what is in it. One that had
 * come to where it goes was seen there: whoever removes it then knew of the move.
 */
function findAside(
  { user }: SimDevice,
  act: UserAct,
  { folders }: Happening,
): { readonly path: string; readonly contents: Readonly<Record<string, string>> } | undefined {
  const gone = act.act === 'remove' ? act.path : act.act === 'move' ? act.to : undefined;
  const inode = gone?.includes(' (conflict moving ') === true ? user.find(gone) : undefined;
  const path = inode === undefined ? undefined : folders.get(inode);
  if (gone === undefined || path === undefined || path === gone) return undefined;
  const contents = Object.entries(user.texts(gone)).map(([at, text]) => [path + at.slice(gone.length), text]);
  return { path, contents: Object.fromEntries(contents) as Record<string, string> };
}

function textOf({ content }: Inode): string {
  return Buffer.from(content).toString('utf8');
}

/** Files that stand there more than once, with the paths of each. */
function filesOfManyNames({ user }: SimDevice): Map<Inode, string[]> {
  const paths = new Map<Inode, string[]>();
  for (const [path, inode] of filesAt({ user }, Object.keys(user.texts())))
    if (inode.linkCount > 1) paths.set(inode, [...(paths.get(inode) ?? []), path]);
  for (const [inode, { length }] of paths) if (length === 1) paths.delete(inode);
  return paths;
}

function noteFile(files: FilesByPath, inode: Inode | undefined, { path, text }: { readonly path: string; readonly text: string }): void {
  if (inode === undefined) return;
  const there = files.get(path) ?? new Map<Inode, string>();
  files.set(path, there.set(inode, text));
}

function filesAt({ user }: Pick<SimDevice, 'user'>, paths: readonly string[]): Map<string, Inode> {
  const found = new Map<string, Inode>();
  for (const path of paths) {
    const inode = user.find(path);
    if (inode !== undefined) found.set(path, inode);
  }
  return found;
}

/** A device that was told of its removal changes nothing in its folder any more: it does not begin. */
function checkEnded({ device, timesTold }: Machine, before: Readonly<Record<string, string>>): void {
  if (timesTold > 1 && JSON.stringify(device.user.texts()) !== JSON.stringify(before))
    throw new Violation(`${device.name} was removed, and its folder is changed`);
}

/** What a sync takes out of the folder is in the folder's trash (or on its way there, where the engine was killed), or elsewhere where that will do. */
function checkKept({ name, user }: SimDevice, gone: readonly string[], isElsewhere: (text: string) => boolean): void {
  if (gone.length === 0) return;
  const trash = new Set(['trash', 'passage'].flatMap((folder) => Object.values(user.texts(`.cachette/${folder}`))));
  for (const text of gone) if (!trash.has(text) && !isElsewhere(text)) throw new Violation(`${name} removed, and keeps nowhere: ${text}`);
}

/** Everything can be read again, and nothing is there any more that can't be synced. */
function giveBackRights({ user }: SimDevice): void {
  for (const path of user.tree().keys()) {
    const { kind = 'other', mode = 0 } = user.find(path) ?? {};
    if (kind === 'folder' && (mode & 0o700) !== 0o700) user.setMode(path, 0o755);
    if (kind === 'file' && (mode & 0o600) !== 0o600) user.setMode(path, 0o644);
  }
  for (const [path, { kind }] of user.tree()) if (kind === 'other') user.remove(path);
}

/**
 * Whether the act hits what no file system without renameat2 can guard: what appears at a name between the last look and
 * the rename that follows at once is written over (replace-item.ts and place-new.ts say so).
 */
function isInGap({ disk }: SimDevice, { verb, toPath = '' }: PortCall, act: UserAct): boolean {
  if (disk.kernel.personality.hasExchange || verb !== 'rename') return false;
  // Where cases are not told apart, `A` is hit by what goes to `a`.
  const known = (path: string): string => disk.kernel.keyOf(path);
  return ('to' in act ? [act.path, act.to] : [act.path]).some((path) => isWithin(known(path), known(toPath)));
}

/** As a careful program does: what was just done is durable, and what the engine did in the same folder before. */
function keepPath({ disk, user }: SimDevice, path: string): void {
  // With the folders above, which the engine may just have made: an fsync of a new file makes durable how it is reached.
  for (let at = path.lastIndexOf('/'); ; at = path.lastIndexOf('/', at - 1)) {
    const folder = user.find(at < 0 ? '' : path.slice(0, at));
    if (folder !== undefined) disk.kernel.keepFolder(folder);
    if (at < 0) break;
  }
  const inode = user.find(path);
  if (inode?.kind === 'file') inode.keep();
}

/** What a history came to. */
export interface HistoryResult {
  readonly failure: Error | undefined;
  readonly log: readonly string[];
  /** Rolling hash of all that happened. */
  readonly hash: string;
}

/** Runs a history as it is written. */
export async function runHistory(history: History, coverage?: Coverage): Promise<HistoryResult> {
  const run = new HistoryRun(history, coverage === undefined ? {} : { coverage });
  return conclude(run, async () => {
    for (const step of history.steps) await run.step(step);
  });
}

/** Runs the steps, then the end; whatever is thrown is the history's failure. */
export async function conclude(run: HistoryRun, steps: () => Promise<void>): Promise<HistoryResult> {
  let failure: Error | undefined;
  try {
    await run.begin();
    await steps();
    await run.finish();
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    run.log.push(...run.describeDevices());
  }
  run.close();
  // What was only weakly held lasts until the event loop turns, and a whole history may pass without that: then the next one would begin
  // with all that this one had in memory, and nobody would be heard who wants it all to stop.
  await setImmediate();
  return { failure, log: run.log, hash: run.vault.trace.hash };
}
