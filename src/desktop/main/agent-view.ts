/** What the desktop knows of the agent: asked again whenever something is said to have changed, once at a time. */
import type { Activity, Overview } from '../../control/acts/overview-acts.ts';
import type { AgentNews, AgentNewsKind } from '../../control/acts/agent-news.ts';
import type { AgentProcess } from './agent-process.ts';

/** What tray, menu and notifications are made of. */
export interface Known {
  readonly overview: Overview | undefined;
  readonly activity: readonly Activity[];
  /** Names of the vault's other devices that are not removed. */
  readonly devices: readonly string[] | undefined;
}

const nothingKnown: Known = { overview: undefined, activity: [], devices: undefined };
const recentMax = 20;
/** What says that the list of devices is not what it was. */
const deviceNews: ReadonlySet<AgentNewsKind> = new Set(['devices', 'state']);

export class AgentView {
  readonly #agent: Pick<AgentProcess, 'ask'>;
  readonly #onChange: (before: Known, now: Known) => void;
  #known = nothingKnown;
  #isAsking = false;
  #isStale = false;
  #areDevicesStale = true;

  constructor(agent: Pick<AgentProcess, 'ask'>, onChange: (before: Known, now: Known) => void) {
    this.#agent = agent;
    this.#onChange = onChange;
  }

  get known(): Known {
    return this.#known;
  }

  hear({ event }: AgentNews): void {
    if (deviceNews.has(event)) this.#areDevicesStale = true;
    this.look();
  }

  /** Nobody answers now. */
  forget(): void {
    const before = this.#known;
    this.#known = nothingKnown;
    this.#areDevicesStale = true;
    this.#onChange(before, this.#known);
  }

  look(): void {
    this.#isStale = true;
    if (!this.#isAsking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    while (this.#isStale) {
      this.#isStale = false;
      // One that ended meanwhile is looked at again by whoever starts it; news that came while it failed are no less news.
      const now = await this.#read().catch(() => undefined);
      if (now === undefined) continue;
      const before = this.#known;
      this.#known = now;
      this.#onChange(before, now);
    }
    this.#isAsking = false;
  }

  async #read(): Promise<Known> {
    const overview = await this.#agent.ask('overview', {});
    if (overview.is !== 'linked') return { ...nothingKnown, overview };
    return { overview, activity: await this.#readActivity(), devices: await this.#readDevices() };
  }

  /** Less to show is no reason to show nothing: what can't be read is as it was. */
  async #readActivity(): Promise<Known['activity']> {
    try {
      return (await this.#agent.ask('activity', { limit: recentMax })).rows;
    } catch {
      return this.#known.activity;
    }
  }

  async #readDevices(): Promise<Known['devices']> {
    if (!this.#areDevicesStale) return this.#known.devices;
    try {
      const { rows } = await this.#agent.ask('list-devices', {});
      this.#areDevicesStale = false;
      return rows.filter((device) => !device.this && !device.revoked).map(({ name }) => name);
    } catch {
      return this.#known.devices;
    }
  }
}
