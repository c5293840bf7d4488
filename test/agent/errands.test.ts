import { expect, test } from 'vitest';
import { Errands } from '../../src/agent/errands.ts';
import { Failure } from '../../src/base/failure.ts';
import type { Moment } from '../../src/engine/meanwhile.ts';

/** Of a pass that goes on. */
const moment: Moment = { settle: () => Promise.resolve(), entirely: (act) => act() };
const { signal } = new AbortController();

test('what follows one that failed in the middle of a pass waits: the pass may have to end with it', async () => {
  const errands = new Errands();
  const done: string[] = [];
  const failing = errands.add(() => Promise.reject(new Failure('E_STORE_UNREACHABLE', 'away')), 'soon');
  const refused = failing.catch((error: unknown) => error);
  const next = errands.add(() => Promise.resolve(done.push('next')), 'soon');
  expect(await errands.run(signal, moment)).toEqual({ isAnyDone: true, isAnyFailed: true });
  expect(await refused).toMatchObject({ code: 'E_STORE_UNREACHABLE' });
  expect(done).toEqual([]);
  expect(await errands.run(signal)).toEqual({ isAnyDone: true, isAnyFailed: false });
  expect(await next).toBe(1);
});

test('what is not begun when a pass is stopped is done after it', async () => {
  const errands = new Errands();
  const stopping = new AbortController();
  const first = errands.add(() => Promise.resolve(stopping.abort(new Failure('E_BUSY', 'paused'))), 'soon');
  const next = errands.add((now) => Promise.resolve(now.aborted), 'soon');
  await expect(errands.run(stopping.signal, moment)).rejects.toMatchObject({ code: 'E_BUSY' });
  await first;
  await errands.run(signal);
  expect(await next).toBe(false);
});
