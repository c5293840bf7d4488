/** The decisions behind the agent's answers, as tables. */
import { describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../../src/agent/agent-event.ts';
import { stateAfterEnd, stateFor, whyNoSession } from '../../../src/agent/profile/profile-state.ts';
import { SpeedMeter } from '../../../src/agent/window/speed-meter.ts';
import { storeUrlOf } from '../../../src/agent/window/store-place.ts';
import { WindowNews } from '../../../src/agent/window-news.ts';
import { Failure, type FailureCode } from '../../../src/base/failure.ts';
import { parseStoreUrl } from '../../../src/store/parse-store-url.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';

describe('where an agent goes on', () => {
  test.each([
    [{ isLinked: false, isSealed: false, hasPassphrase: false }, { is: 'unlinked' }],
    [{ isLinked: false, isSealed: false, hasPassphrase: true }, { is: 'unlinked' }],
    [
      { isLinked: true, isSealed: false, hasPassphrase: false },
      { is: 'opening', isProven: true },
    ],
    [{ isLinked: true, isSealed: true, hasPassphrase: false }, { is: 'locked' }],
    [
      { isLinked: true, isSealed: true, hasPassphrase: true },
      { is: 'opening', isProven: false },
    ],
  ] as const)('from what the files say: %j', (facts, expected) => {
    expect(stateFor(facts)).toEqual(expected);
  });

  test.each([
    ['E_REVOKED', { is: 'stopped', retryMs: undefined }],
    ['E_INDEX_NEWER', { is: 'stopped', retryMs: undefined }],
    ['E_ROLLBACK', { is: 'stopped', retryMs: undefined }],
    ['E_KEYCHAIN_WEAK', { is: 'stopped', retryMs: undefined }],
    ['E_KEYCHAIN_LOCKED', { is: 'stopped', retryMs: undefined }],
    ['E_LOCKED', { is: 'stopped', retryMs: undefined }],
    ['E_DISK', { is: 'stopped', retryMs: 60_000 }],
    ['E_FAILED', { is: 'stopped', retryMs: 60_000 }],
  ] as const)('after a session ended with %s', (code: FailureCode, expected) => {
    const why = new Failure(code, 'why');
    expect(stateAfterEnd(why, { isLinked: true, isSealed: false })).toEqual({ ...expected, why });
    expect(stateAfterEnd(why, { isLinked: false, isSealed: false })).toEqual({ is: 'unlinked' });
  });

  test('after a wrong passphrase, and after a fault of ours', () => {
    expect(stateAfterEnd(new Failure('E_LOCKED', 'no'), { isLinked: true, isSealed: true })).toEqual({ is: 'locked' });
    const state = stateAfterEnd(new TypeError('of ours'), { isLinked: true, isSealed: true });
    expect(state).toMatchObject({ is: 'stopped', why: { code: 'E_FAILED', message: 'the agent failed' } });
    expect(whyNoSession(state)).toMatchObject({ code: 'E_FAILED' });
    expect(whyNoSession({ is: 'opening', isProven: false })).toBeUndefined();
  });
});

describe('a store with its credentials beside it', () => {
  test.each([
    [{ url: 'file:///a/b' }, 'file:///a/b'],
    [{ url: 'https://token@host/name' }, 'https://token@host/name'],
    [
      { url: 's3+https://host:9000/bucket/p', accessKey: 'AK', secretKey: 's/e:c@r#t%' },
      's3+https://AK:s%2Fe%3Ac%40r%23t%25@host:9000/bucket/p',
    ],
    [{ url: 's3+https://old:older@host/bucket', accessKey: 'AK', secretKey: 'new' }, 's3+https://AK:new@host/bucket'],
    [
      { url: 's3://bucket/p?region=eu-west-3', accessKey: 'AK', secretKey: 's' },
      's3+https://AK:s@s3.eu-west-3.amazonaws.com/bucket/p?region=eu-west-3',
    ],
    [{ url: 's3://bucket', accessKey: 'AK', secretKey: 's' }, 's3+https://AK:s@s3.us-east-1.amazonaws.com/bucket?region=us-east-1'],
    [
      { url: 's3://b?region=cn-north-1', accessKey: 'AK', secretKey: 's' },
      's3+https://AK:s@s3.cn-north-1.amazonaws.com.cn/b?region=cn-north-1',
    ],
    [{ url: 'webdav+https://host/dav', user: 'me@home', password: 'p w' }, 'webdav+https://me%40home:p%20w@host/dav'],
  ])('%j', (place, expected) => {
    expect(storeUrlOf(place)).toBe(expected);
    expect(() => parseStoreUrl(expected)).not.toThrow();
  });

  test.each([
    [{ url: 'webdav+https://host/dav', user: 'me' }],
    [{ url: 'webdav+https://host/dav', password: 'hunter2' }],
    [{ url: 'file:///a', user: 'me', password: 'hunter2' }],
    [{ url: 'nonsense', accessKey: 'me', secretKey: 'hunter2' }],
  ])('that make no sense are refused without being repeated: %j', (place) => {
    expect(() => storeUrlOf(place)).toThrow(
      expect.objectContaining({ code: 'E_USAGE', message: expect.not.stringContaining('hunter2') as string }),
    );
  });
});

describe('speed', () => {
  test('is that of the last seconds, and nobody can tell before there were some', () => {
    const clock = new VirtualClock();
    const meter = new SpeedMeter(clock);
    expect(meter.measure(0, 1000)).toEqual({ bytesDone: 0, bytesPerSecond: 0, secondsLeft: null });
    let measured = meter.measure(0, 1000);
    for (let second = 1; second <= 20; second += 1) {
      clock.advance(1000);
      measured = meter.measure(second * 100, 2000 - second * 100);
    }
    expect(measured).toEqual({ bytesDone: 2000, bytesPerSecond: 100, secondsLeft: 0 });
    for (let second = 1; second <= 10; second += 1) {
      clock.advance(1000);
      measured = meter.measure(2000 + second * 1000, 5000);
    }
    expect(measured).toEqual({ bytesDone: 12_000, bytesPerSecond: 1000, secondsLeft: 5 });
    // It came to rest, and began anew.
    expect(meter.measure(0, 5000)).toEqual({ bytesDone: 0, bytesPerSecond: 0, secondsLeft: null });
  });
});

describe('news for windows', () => {
  test('are gathered, told four times a second at most, and name kinds only', async () => {
    const clock = new VirtualClock();
    const told: string[] = [];
    const news = new WindowNews(
      clock,
      (event) => told.push(`${clock.monotonicMs()} ${JSON.stringify(event)}`),
      new AbortController().signal,
    );
    const events: AgentEvent[] = [
      { event: 'changed', what: 'added', path: 'secret plans.txt' },
      { event: 'conflict', path: 'secret plans.txt', copy: 'secret' },
      { event: 'state', state: 'syncing' },
    ];
    for (let at = 0; at < 100; at += 1) {
      for (const event of events) news.hear(event);
      clock.advance(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const batches = [...new Set(told.map((line) => Number(line.split(' ')[0])))];
    const gaps = batches.slice(1).map((ms, at) => ms - (batches[at] ?? 0));
    expect(batches.length).toBeGreaterThan(3);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    expect(told.join()).not.toContain('secret');
    expect(new Set(told.map((line) => line.slice(line.indexOf('{'))))).toEqual(
      new Set(['progress', 'activity', 'folders', 'state', 'conflicts'].map((event) => JSON.stringify({ event }))),
    );
  });
});
