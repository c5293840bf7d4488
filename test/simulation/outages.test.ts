import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import { StoreBusy } from '../../src/store/store-busy.ts';
import type { MemoryStore } from '../world/memory-store.ts';
import { noFaults } from '../world/store-faults.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

const minuteMs = 60_000;
const hoursMs = 2 * 60 * minuteMs;
const stepMs = 10 * minuteMs;

interface Trouble {
  readonly name: string;
  /** Makes a device's view of the store a poor one, from now on. */
  readonly begin: (store: MemoryStore, nowMs: number) => void;
  /** How runs end meanwhile: all fail so, or some may. */
  readonly fails: 'always' | 'sometimes';
  readonly code: 'E_STORE_UNREACHABLE' | 'E_STORE_FULL';
}

const troubles: readonly Trouble[] = [
  {
    name: 'is down',
    begin: ({ faults }, nowMs) => (faults.outages = [{ fromMs: nowMs, toMs: nowMs + hoursMs }]),
    fails: 'always',
    code: 'E_STORE_UNREACHABLE',
  },
  {
    name: 'takes half a minute for every answer',
    begin: ({ faults }) => (faults.latencyMs = 30_000),
    fails: 'sometimes',
    code: 'E_STORE_UNREACHABLE',
  },
  {
    name: 'asks to come back later two times of three',
    begin: ({ hooks }) => {
      hooks.before = ({ ordinal }) => {
        if (ordinal % 3 !== 0) throw new StoreBusy('later', 120_000);
      };
    },
    fails: 'sometimes',
    code: 'E_STORE_UNREACHABLE',
  },
  { name: 'is full', begin: ({ faults }) => (faults.capacityBytes = 0), fails: 'always', code: 'E_STORE_FULL' },
  {
    name: 'loses every fourth request and every fourth answer',
    begin: ({ faults }) => Object.assign(faults, { loseRequest: 0.25, loseResponse: 0.25 }),
    fails: 'sometimes',
    code: 'E_STORE_UNREACHABLE',
  },
];

function end({ faults, hooks }: MemoryStore): void {
  Object.assign(faults, noFaults);
  delete hooks.before;
}

describe('a store that for two hours', () => {
  test.for(troubles)(
    '$name: what was done meanwhile gets to the other device, and nothing else happens',
    async ({ begin, fails, code }) => {
      const vault = new SimVault(7);
      const devices = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
      const [ann, bob] = devices as [SimDevice, SimDevice];
      ann.user.writeFile('plan.md', 'the plan');
      for (const device of [ann, bob]) await device.sync();
      for (const { store } of devices) begin(store, vault.clock.nowMs());
      const expected: Record<string, string> = { 'plan.md': 'the plan' };
      const ends: string[] = [];
      const untilMs = vault.clock.nowMs() + hoursMs;
      for (let step = 0; vault.clock.nowMs() < untilMs; step += 1) {
        for (const device of devices) {
          const file = `${device.name} ${step}.txt`;
          expected[file] = `by ${device.name} in step ${step}`;
          device.user.writeFile(file, expected[file]);
          ends.push(await endOf(device));
        }
        vault.clock.advance(stepMs);
      }
      expect(ends.length).toBeGreaterThanOrEqual(fails === 'always' ? 24 : 2);
      expect(ends.every((each) => each === code || (fails === 'sometimes' && each === 'done'))).toBe(true);

      for (const { store } of devices) end(store);
      for (const device of [ann, bob, ann, bob]) await device.sync();
      for (const device of devices) expect(device.user.texts()).toEqual(expected);
    },
  );
});

async function endOf(device: SimDevice): Promise<string> {
  try {
    return await device.sync();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}
