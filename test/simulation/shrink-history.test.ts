import { expect, test } from 'vitest';
import type { History, Step, SyncPlan } from './history.ts';
import { shrinkHistory } from './shrink-history.ts';

let runs = 0;

function run(device: string, more: Partial<SyncPlan> = {}): SyncPlan {
  runs += 1;
  return { device, run: runs, store: {}, meanwhile: [], ...more };
}

function writes(device: string, path: string): Step {
  return { do: 'act', device, act: { act: 'write', path, text: `by ${device}`, saved: true } };
}

const history: History = {
  seed: 1,
  devices: ['ann', 'bob', 'eve'].map((name) => ({ name, disk: { hasExchange: false } })),
  checkpointEntries: 3,
  outcome: 'any',
  steps: [
    writes('eve', 'a'),
    writes('ann', 'é.txt'),
    { do: 'wait', ms: 5 },
    { do: 'sync', policy: 'ranks', runs: [run('eve'), run('bob', { meanwhile: [{ at: 7, what: 'errno', code: 'EIO' }] })] },
    writes('bob', 'b'),
    {
      do: 'sync',
      policy: 'any',
      runs: [
        run('ann', { hints: ['a'] }),
        run('bob', {
          store: { corrupt: 0.5 },
          meanwhile: [
            { at: 1, what: 'act', act: { act: 'remove', path: 'b' } },
            { at: 9, what: 'kill' },
          ],
        }),
      ],
    },
    { do: 'lose-index', device: 'eve' },
    { do: 'sync', policy: 'any', runs: [run('ann')] },
  ],
};

/** As if a promise broke whenever bob is killed after ann has written something. */
function breaks({ steps }: History): boolean {
  const isKilled = (step: Step): boolean =>
    step.do === 'sync' && step.runs.some(({ device, meanwhile }) => device === 'bob' && meanwhile.some(({ what }) => what === 'kill'));
  const isWritten = (step: Step): boolean => step.do === 'act' && step.device === 'ann' && step.act.act === 'write';
  return steps.slice(0, Math.max(0, steps.findIndex(isKilled))).some(isWritten);
}

test('of a history that fails only what makes it fail is left', async () => {
  const smallest = await shrinkHistory(history, (candidate) => Promise.resolve(breaks(candidate)));
  expect(smallest).toEqual({
    ...history,
    checkpointEntries: undefined,
    devices: [
      { name: 'ann', disk: {} },
      { name: 'bob', disk: {} },
    ],
    steps: [
      { do: 'act', device: 'ann', act: { act: 'write', path: 'e', text: 'by ann', saved: false } },
      { do: 'sync', policy: 'any', runs: [{ device: 'bob', run: 4, store: {}, meanwhile: [{ at: 9, what: 'kill' }] }] },
    ],
  });
});

test('it stops when it has tried often enough', async () => {
  let tries = 0;
  const smallest = await shrinkHistory(
    history,
    (candidate) => {
      tries += 1;
      return Promise.resolve(breaks(candidate));
    },
    { runsMax: 5 },
  );
  expect(tries).toBe(5);
  expect(breaks(smallest)).toBe(true);
});

test('it stops when it is to go on no longer, with what it has by then', async () => {
  let tries = 0;
  const smallest = await shrinkHistory(
    history,
    (candidate) => {
      tries += 1;
      return Promise.resolve(breaks(candidate));
    },
    { goesOn: () => tries < 7 },
  );
  expect(tries).toBe(7);
  expect(breaks(smallest)).toBe(true);
  expect(smallest.steps.length).toBeLessThanOrEqual(history.steps.length);
  expect(smallest).not.toEqual(history);
});
