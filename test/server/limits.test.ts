import { expect, test } from 'vitest';

import { RequestRate } from '../../src/server/request-rate.ts';
import { LeapingClock } from '../store/leaping-clock.ts';

test('a burst is let through, then as many requests as come free', () => {
  const clock = new LeapingClock();
  const rate = new RequestRate({ burst: 3, perSecond: 2 }, clock);
  const pass = (key: string): boolean => rate.mayPass(key);
  expect([pass('a'), pass('a'), pass('a'), pass('a')]).toEqual([true, true, true, false]);
  expect(pass('b')).toBe(true);
  clock.advance(499);
  expect(pass('a')).toBe(false);
  clock.advance(1);
  expect([pass('a'), pass('a')]).toEqual([true, false]);
  clock.advance(60_000);
  expect([pass('a'), pass('a'), pass('a'), pass('a')]).toEqual([true, true, true, false]);
});

test('however many senders there are, memory for them is bounded', () => {
  const clock = new LeapingClock();
  const rate = new RequestRate({ burst: 1, perSecond: 0.001 }, clock);
  expect(rate.mayPass('first')).toBe(true);
  expect(rate.mayPass('first')).toBe(false);
  for (let index = 0; index < 10_000; index += 1) rate.mayPass(`sender ${index}`);
  expect(rate.mayPass('first')).toBe(true);
  expect(rate.mayPass('sender 9999')).toBe(false);
});
