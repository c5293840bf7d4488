/** Resting by itself, over the time that a person notices it. */
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Overview } from '../../src/control/acts/overview-acts.ts';
import type { Preferences } from '../../src/control/acts/shell-acts.ts';
import { QuietKeeper } from '../../src/desktop/main/quiet-keeper.ts';
import { somePreferences } from './some-preferences.ts';
import { syncedOverview } from './synced-overview.ts';

type State = Extract<Overview, { is: 'linked' }>['state'];

const preferences: Preferences = { ...somePreferences, pausesOnLowBattery: false };

/** A computer with an agent, in which only what matters here happens. */
class Desk {
  state: State = 'synced';
  isMetered = false;
  memory: { readonly hasPaused: boolean } | undefined;
  /** What is to happen while the system is asked. */
  meanwhile: () => void = () => {};
  keeper = this.start();

  start(): QuietKeeper {
    const keeper = new QuietKeeper({
      preferences: () => preferences,
      overview: () => ({ ...syncedOverview, state: this.state }),
      probe: async () => {
        await Promise.resolve();
        this.meanwhile();
        return { hour: 12, isMetered: this.isMetered, batteryPercent: undefined, isOnMains: undefined };
      },
      pause: async () => this.#become('paused'),
      resume: async () => this.#become('synced'),
      memory: {
        read: () => this.memory,
        write: (content) => {
          this.memory = content;
        },
      },
    });
    onTestFinished(() => keeper.close());
    return keeper;
  }

  /** As a person does, in a window or the tray. */
  says(word: 'pause' | 'resume'): void {
    this.keeper.heedPerson(word);
    this.state = word === 'pause' ? 'paused' : 'synced';
  }

  async #become(state: State): Promise<void> {
    this.state = state;
    await Promise.resolve();
  }
}

/** Long enough that it has looked. */
const passes = (): Promise<unknown> => vi.advanceTimersByTimeAsync(31_000);

describe('an agent on a network that costs', () => {
  let desk: Desk;

  beforeEach(async () => {
    vi.useFakeTimers();
    desk = new Desk();
    desk.isMetered = true;
    await passes();
    expect(desk.state).toBe('paused');
  });
  afterEach(() => void vi.useRealTimers());

  test('goes on when that is over, also where the app was started anew meanwhile', async () => {
    desk.keeper.close();
    desk.keeper = desk.start();
    // Its agent has not come to look at the pause yet.
    desk.state = 'offline';
    desk.isMetered = false;
    await passes();
    desk.state = 'paused';
    await passes();
    expect(desk.state).toBe('synced');
  });

  test.each(['of a person', 'of a command line'])('goes on at the word %s, until another reason comes', async (who) => {
    if (who === 'of a person') desk.says('resume');
    else desk.state = 'synced';
    await passes();
    expect(desk.state).toBe('synced');
    desk.isMetered = false;
    await passes();
    desk.isMetered = true;
    await passes();
    expect(desk.state).toBe('paused');
  });

  test('rests on where a person paused it, too', async () => {
    desk.says('pause');
    desk.isMetered = false;
    await passes();
    expect(desk.state).toBe('paused');
  });

  test('leaves a pause alone that a person begins while the system is asked', async () => {
    desk.isMetered = false;
    await passes();
    expect(desk.state).toBe('synced');
    desk.isMetered = true;
    // What is known of the agent comes after it.
    desk.meanwhile = () => desk.keeper.heedPerson('pause');
    await passes();
    expect(desk.memory).toEqual({ hasPaused: false });
  });
});
