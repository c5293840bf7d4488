import { describe, expect, test } from 'vitest';

import { defaultPatience } from '../../src/store/http/http-connection.ts';
import { SharedLine, TransferWatch } from '../../src/store/http/transfer-watch.ts';
import { EventClock } from '../outage/event-clock.ts';

const { speed } = defaultPatience;
/** The largest that is ever fetched or put in one piece. */
const packBytes = 17 * 1024 * 1024;
const hours = 60 * 60;

interface Sending {
  readonly bytes: number;
  readonly bytesPerSecond: number;
  /** Others that are on their way at the same time, for as long as this one is. */
  readonly others?: number;
}

/** The seconds after which a body was there, or was given up. */
async function send({
  bytes,
  bytesPerSecond,
  others = 0,
}: Sending): Promise<{ readonly end: 'whole' | 'given up'; readonly seconds: number }> {
  const clock = new EventClock();
  const line = new SharedLine();
  for (let other = 0; other < others; other += 1) line.enter();
  let isGivenUp = false;
  const watch = new TransferWatch(clock, speed, () => (isGivenUp = true), line);
  watch.start();
  let sent = 0;
  for (let seconds = 1; ; seconds += 1) {
    const piece = Math.min(bytesPerSecond, bytes - sent);
    sent += piece;
    watch.moved(piece);
    if (sent === bytes) {
      watch.stop();
      return { end: 'whole', seconds };
    }
    await clock.run(1000);
    if (isGivenUp) return { end: 'given up', seconds };
  }
}

describe('a body on a slow line', () => {
  test.for([
    { what: 'a listing of 200 KB at 2 KB/s', bytes: 200_000, bytesPerSecond: 2000 },
    { what: 'a small object at 2 KB/s that eight requests share', bytes: 15_000, bytesPerSecond: 250, others: 7 },
    { what: 'a megabyte at 2 KB/s that eight requests share', bytes: 1_000_000, bytesPerSecond: 250, others: 7 },
    { what: 'the largest pack at 2 KB/s', bytes: packBytes, bytesPerSecond: 2000 },
    { what: 'an object of 400 KB at 600 B/s', bytes: 400_000, bytesPerSecond: 600 },
  ])('$what arrives', async (sending) => {
    expect(await send(sending)).toMatchObject({ end: 'whole' });
  });
});

describe('a body that a store drips', () => {
  test.for([
    { what: 'at 512 B/s', bytes: packBytes, bytesPerSecond: 512, withinSeconds: 16 * 60 },
    { what: 'at 1 KiB/s', bytes: packBytes, bytesPerSecond: 1024, withinSeconds: 31 * 60 },
    { what: 'just fast enough', bytes: packBytes, bytesPerSecond: 1535, withinSeconds: 3.5 * hours },
    { what: 'without an end', bytes: Infinity, bytesPerSecond: 512, withinSeconds: 16 * 60 },
    { what: 'a byte a second', bytes: 1000, bytesPerSecond: 1, withinSeconds: 31 },
  ])('$what holds nobody for long', async ({ withinSeconds, ...sending }) => {
    expect((await send(sending)).seconds).toBeLessThan(withinSeconds);
  });

  test('together with seven others holds nobody longer than one after the other', async () => {
    const { end, seconds } = await send({ bytes: packBytes, bytesPerSecond: 64, others: 7 });
    expect(end).toBe('given up');
    expect(seconds).toBeLessThan(8 * 16 * 60);
  });
});

describe('our own waits', () => {
  test('are not held against the other side, however long they are', async () => {
    const clock = new EventClock();
    let isGivenUp = false;
    const watch = new TransferWatch(clock, speed, () => (isGivenUp = true));
    watch.start();
    for (let piece = 0; piece < 20; piece += 1) {
      const wait = clock.sleep(100_000);
      const paused = watch.pause(wait);
      await clock.run(100_000);
      await paused;
      watch.moved(16_384);
    }
    expect(isGivenUp).toBe(false);
    watch.stop();
  });

  test('that take no time hide nobody who drips', async () => {
    const clock = new EventClock();
    let isGivenUp = false;
    const watch = new TransferWatch(clock, speed, () => (isGivenUp = true));
    watch.start();
    for (let second = 0; second < 60; second += 1) {
      await watch.pause(Promise.resolve());
      watch.moved(1);
      await clock.run(1000);
    }
    expect(isGivenUp).toBe(true);
  });
});

test('a line that nobody uses any more is whole again', () => {
  const line = new SharedLine();
  const watch = new TransferWatch(new EventClock(), speed, () => undefined, line);
  watch.stop();
  watch.start();
  watch.start();
  expect(line.bodies).toBe(1);
  watch.stop();
  watch.stop();
  expect(line.bodies).toBe(0);
});
