import type { Clock } from '../../../src/base/clock.ts';
import type { Random } from '../../../src/base/random.ts';
import { markFolder } from '../../../src/disk/link-folder.ts';
import { type OpenDisk, openDisk } from '../../../src/disk/open-disk.ts';
import { type Call, FakeCalls, type Room } from './fake-calls.ts';
import { FakeKernel } from './fake-kernel.ts';
import { linuxPersonality, type Personality } from './personality.ts';
import { UserHands } from './user-hands.ts';

export interface FakeDiskSettings {
  readonly clock: Clock;
  /** For the names of temporary files. */
  readonly random: Random;
  readonly personality?: Personality;
}

const mark = 'the mark of this fake folder';

/**
 * A synced folder in memory with two faces: `open` gives the engine's (the real algorithms over a fake kernel), `user`
 * the one of people and other programs. It outlives the processes that open it.
 */
export class FakeDisk {
  readonly user: UserHands;
  readonly kernel: FakeKernel;
  readonly room: Room = { freeBytes: Number.MAX_SAFE_INTEGER, totalBytes: 2_000_000 };
  /** Calls so far, of all processes. */
  callCount = 0;
  /** Before each call of the engine; may act as the user, `kill` (or throw: the process ends), or name a code for the call to fail with. */
  onCall: (call: Call) => string | undefined = () => undefined;
  /** Before each call that takes time. */
  pause: (call: Call) => Promise<void> = () => Promise.resolve();
  readonly #settings: FakeDiskSettings;
  #process: FakeCalls | undefined;

  constructor(settings: FakeDiskSettings) {
    this.#settings = settings;
    this.kernel = new FakeKernel(settings.clock, settings.personality ?? linuxPersonality);
    this.user = new UserHands(this.kernel);
  }

  /** A process opens the folder (the one before it is dead then); links it first where it is not. */
  async open(): Promise<OpenDisk> {
    this.kill();
    const linking = this.#attach();
    await markFolder(linking, mark);
    linking.kill();
    return this.reopen();
  }

  /** The same without linking: whatever stands there by now is not taken for ours. */
  reopen(): OpenDisk {
    this.kill();
    this.#process = this.#attach();
    return openDisk(this.#process, { ...this.#settings, mark });
  }

  /** kill -9: what it wrote is there, what it had open is closed, every further call throws. */
  kill(): void {
    this.#process?.kill();
    this.#process = undefined;
  }

  /** Power is lost: what was not made durable comes back as far as chance has it. */
  losePower(random: Random): void {
    this.kill();
    this.kernel.losePower(random);
  }

  /** What the engine has open. */
  get openCount(): number {
    return this.#process?.openCount ?? 0;
  }

  #attach(): FakeCalls {
    const nextIndex = (): number => {
      this.callCount += 1;
      return this.callCount;
    };
    const hooks = { nextIndex, onCall: (call: Call) => this.onCall(call), pause: (call: Call) => this.pause(call) };
    return new FakeCalls(this.kernel, hooks, this.room);
  }
}
