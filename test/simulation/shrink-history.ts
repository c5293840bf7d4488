/**
 * Makes a history that fails as small as it gets while it still fails: faults go first, then whole devices, then acts, then
 * what is left is made simpler. Each part of a history has chance of its own, so that what is taken away changes nothing else.
 */
import type { DevicePlan, History, Step, SyncPlan } from './history.ts';

type SyncStep = Extract<Step, { do: 'sync' }>;

/** Whether the history still fails, in the way it did. */
export type IsFailing = (history: History) => Promise<boolean>;

/** How long it is tried: at most so many runs, and none any more once `goesOn` says no. */
export interface ShrinkLimits {
  readonly runsMax?: number;
  readonly goesOn?: () => boolean;
}

/** The smallest that was found within these limits. */
export async function shrinkHistory(history: History, isFailing: IsFailing, limits: ShrinkLimits = {}): Promise<History> {
  const shrinking = new Shrinking(history, isFailing, limits);
  return shrinking.run();
}

class Shrinking {
  #best: History;
  #runsLeft: number;
  readonly #isFailing: IsFailing;
  readonly #goesOn: () => boolean;

  constructor(history: History, isFailing: IsFailing, { runsMax = 1500, goesOn = () => true }: ShrinkLimits) {
    this.#best = history;
    this.#isFailing = isFailing;
    this.#runsLeft = runsMax;
    this.#goesOn = goesOn;
  }

  async run(): Promise<History> {
    for (let before: History | undefined; before !== this.#best && this.#runsLeft > 0;) {
      before = this.#best;
      await this.#dropFaults();
      await this.#dropDevices();
      await this.#dropSteps();
      await this.#simplify();
    }
    return this.#best;
  }

  /** Whether it fails without that, too; then that is gone. */
  async #try(candidate: History): Promise<boolean> {
    if (this.#runsLeft > 0 && !this.#goesOn()) this.#runsLeft = 0;
    if (this.#runsLeft <= 0) return false;
    this.#runsLeft -= 1;
    if (!(await this.#isFailing(candidate))) return false;
    this.#best = candidate;
    return true;
  }

  #trySteps(steps: readonly Step[]): Promise<boolean> {
    return this.#try({ ...this.#best, steps });
  }

  async #dropFaults(): Promise<void> {
    await this.#trySteps(this.#best.steps.map((step) => mapRuns(step, withoutFaults)));
    await this.#eachRun(withoutFaults);
    await this.#eachRun(withoutHints);
    for (const at of this.#countdown()) await this.#dropEvents(at);
    await this.#try({ ...this.#best, checkpointEntries: undefined });
    await this.#try({ ...this.#best, portion: undefined });
    await this.#try({ ...this.#best, devices: this.#best.devices.map(({ name }): DevicePlan => ({ name, disk: {} })) });
  }

  /** Each run by itself. */
  async #eachRun(change: (run: SyncPlan) => SyncPlan): Promise<void> {
    for (const at of this.#countdown()) {
      const step = this.#best.steps[at];
      if (step?.do !== 'sync') continue;
      for (const { run } of step.runs) {
        const now = this.#best.steps[at];
        if (now === undefined) continue;
        const changed = mapRuns(now, (plan) => (plan.run === run ? change(plan) : plan));
        if (JSON.stringify(changed) !== JSON.stringify(now)) await this.#trySteps(this.#best.steps.with(at, changed));
      }
    }
  }

  /** One by one what happens meanwhile, and each of the store's faults. */
  async #dropEvents(at: number): Promise<void> {
    const step = this.#best.steps[at];
    if (step?.do !== 'sync') return;
    for (const { run, meanwhile, store } of step.runs) {
      for (const event of meanwhile) {
        await this.#changeRun(at, run, (plan) => ({ ...plan, meanwhile: plan.meanwhile.filter((other) => other !== event) }));
      }
      for (const fault of Object.keys(store)) {
        await this.#changeRun(at, run, (plan) => ({
          ...plan,
          store: Object.fromEntries(Object.entries(plan.store).filter(([name]) => name !== fault)),
        }));
      }
    }
  }

  async #changeRun(at: number, run: number, change: (plan: SyncPlan) => SyncPlan): Promise<boolean> {
    const step = this.#best.steps[at];
    return (
      step !== undefined &&
      this.#trySteps(
        this.#best.steps.with(
          at,
          mapRuns(step, (plan) => (plan.run === run ? change(plan) : plan)),
        ),
      )
    );
  }

  async #dropDevices(): Promise<void> {
    for (const { name } of this.#best.devices.toReversed()) {
      if (this.#best.devices.length === 1) return;
      await this.#try({
        ...this.#best,
        devices: this.#best.devices.filter((device) => device.name !== name),
        steps: this.#best.steps.flatMap((step) => withoutDevice(step, name)),
      });
    }
  }

  /** Halves, quarters, … single steps (ddmin), the last ones first: what comes late often matters least. */
  async #dropSteps(): Promise<void> {
    for (let size = Math.ceil(this.#best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let end = this.#best.steps.length; end > 0; end -= size) {
        const start = Math.max(0, end - size);
        const dropped = this.#best.steps.slice(start, end);
        const kept = dropped.filter((step) => !this.#mayGo(step));
        if (kept.length < dropped.length) await this.#trySteps(this.#best.steps.toSpliced(start, dropped.length, ...kept));
      }
    }
  }

  /** Where the outcome is known because everybody waits for the others, the syncs have to stay. */
  #mayGo(step: Step): boolean {
    return this.#best.outcome !== 'turns' || (step.do !== 'sync' && step.do !== 'wait');
  }

  async #simplify(): Promise<void> {
    for (const at of this.#countdown()) {
      const step = this.#best.steps[at];
      if (step?.do === 'sync' && step.runs.length > 1) {
        await this.#trySteps(this.#best.steps.toSpliced(at, 1, ...step.runs.map((run): SyncStep => ({ ...step, runs: [run] }))));
      } else if (step?.do === 'act' && step.act.act === 'write' && step.act.saved) {
        await this.#trySteps(this.#best.steps.with(at, { ...step, act: { ...step.act, saved: false } }));
      }
    }
    await this.#shortenPaths();
  }

  /** Everything one folder higher, and under shorter names. */
  async #shortenPaths(): Promise<void> {
    if (this.#best.outcome === 'apart') return;
    for (const [long, short] of [
      ['é.txt', 'e'],
      ['d.txt', 'd'],
      ['a (1)', 'f'],
    ] as const) {
      const text = JSON.stringify(this.#best.steps);
      if (text.includes(long)) await this.#trySteps(JSON.parse(text.replaceAll(long, short)) as Step[]);
    }
  }

  /** Places of the steps, from the last to the first: what is done there leaves the earlier places as they are. */
  #countdown(): number[] {
    return Array.from(this.#best.steps, (_, at) => at).toReversed();
  }
}

function mapRuns(step: Step, change: (run: SyncPlan) => SyncPlan): Step {
  return step.do === 'sync' ? { ...step, runs: step.runs.map(change) } : step;
}

function withoutFaults(run: SyncPlan): SyncPlan {
  return { ...run, store: {}, meanwhile: run.meanwhile.filter(({ what }) => what === 'act') };
}

function withoutHints({ hints: _, ...run }: SyncPlan): SyncPlan {
  return run;
}

function withoutDevice(step: Step, name: string): Step[] {
  if (step.do !== 'sync') return ('device' in step && step.device === name) || ('by' in step && step.by === name) ? [] : [step];
  const runs = step.runs.filter(({ device }) => device !== name);
  return runs.length === 0 ? [] : [{ ...step, runs }];
}
