import { describe, expect, test } from 'vitest';
import type { JournalBook } from '../../../src/model/journal-book.ts';
import { Crash, edit, JournalWorld, makeFile, shown, signal, type JournalDevice } from './journal-world.ts';

/** Steps of a device that a crash can come before or after: requests to the store, transactions of the book. */
class Steps {
  count = 0;
  /** The step that does not happen, or that happens and is the last thing. */
  crashAt = Infinity;
  moment: 'before' | 'after' = 'before';

  before(): void {
    this.count += 1;
    if (this.count === this.crashAt && this.moment === 'before') throw new Crash();
  }

  after(): void {
    if (this.count === this.crashAt && this.moment === 'after') throw new Crash();
  }
}

/** The same book, whose outermost transactions count as steps. */
function stepping(book: JournalBook, steps: Steps): JournalBook {
  let depth = 0;
  const transaction = <Result>(run: () => Result): Result => {
    if (depth > 0) return book.transaction(run);
    steps.before();
    depth += 1;
    try {
      return book.transaction(run);
    } finally {
      depth -= 1;
      steps.after();
    }
  };
  return new Proxy(book, {
    get: (target, key) => {
      if (key === 'transaction') return transaction;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Runs it with a crash at that step; whether it crashed. */
async function crashing(device: JournalDevice, steps: Steps, run: () => Promise<unknown>): Promise<boolean> {
  const book = device.book;
  device.restart(stepping(book, steps));
  device.store.hooks.before = () => {
    steps.before();
  };
  device.store.hooks.after = () => {
    steps.after();
  };
  try {
    await run();
    return false;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    return true;
  } finally {
    device.store.hooks.before = undefined;
    device.store.hooks.after = undefined;
    device.restart(book);
  }
}

describe.each(['memory', 'index'] as const)('with a book in the %s', (kind) => {
  test.each(['before', 'after'] as const)('a crash %s any step of writing leaves the entry once, or not at all', async (moment) => {
    let crashed = 0;
    for (let crashAt = 1; ; crashAt += 1) {
      const world = new JournalWorld(kind, crashAt);
      const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
      await laptop.write([makeFile('a', 'one')]);
      const steps = new Steps();
      Object.assign(steps, { crashAt, moment });
      const change = edit(laptop.at('a'), 'two');
      laptop.ears.base.set(laptop.at('a').id, laptop.at('a').version);
      const isCrashed = await crashing(laptop, steps, () => laptop.write([change], [makeFile('b', 'new')]));
      if (!isCrashed) {
        expect(steps.count).toBeLessThan(crashAt);
        break;
      }
      crashed += 1;
      await laptop.journal.resumePending(signal);
      await laptop.catchUp();
      // As the engine does: what is not there yet is planned anew.
      if (laptop.tree()['b'] === undefined) await laptop.write([edit(laptop.at('a'), 'two')], [makeFile('b', 'new')]);
      await desk.catchUp();
      expect(desk.tree()).toEqual({ a: shown('two'), b: shown('new') });
      expect(laptop.tree()).toEqual(desk.tree());
      expect(laptop.root).toBe(desk.root);
      expect(world.medium.names('journal/')).toHaveLength(2);
      expect(laptop.ears.base.get(laptop.at('a').id)).toBe(laptop.at('a').version);
      expect(laptop.journal.vector()).toEqual(laptop.pin);
    }
    expect(crashed).toBeGreaterThan(5);
  });

  test.each(['before', 'after'] as const)('a crash %s any step of reading loses nothing', async (moment) => {
    for (let crashAt = 1; ; crashAt += 1) {
      const world = new JournalWorld(kind, crashAt);
      const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
      await laptop.write([makeFile('a', 'one')]);
      await desk.write([makeFile('b', 'two')]);
      await laptop.write([edit(laptop.at('a'), 'three')]);
      const steps = new Steps();
      Object.assign(steps, { crashAt, moment });
      const isCrashed = await crashing(desk, steps, () => desk.catchUp());
      await desk.catchUp();
      expect(desk.tree()).toEqual({ a: shown('three'), b: shown('two') });
      expect(desk.root).toBe(laptop.root);
      expect(desk.journal.vector()).toEqual(desk.pin);
      if (!isCrashed) break;
    }
  });

  test('a crash with an entry begun, while others go on, ends it under its name', async () => {
    for (const moment of ['before', 'after'] as const) {
      const world = new JournalWorld(kind);
      const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
      await laptop.write([makeFile('a', 'one')]);
      await desk.catchUp();
      const crash = (): void => {
        throw new Crash();
      };
      const hook = ({ verb }: { readonly verb: string }): void => {
        if (verb === 'putNew') crash();
      };
      laptop.store.hooks[moment] = hook;
      await expect(laptop.write([edit(laptop.at('a'), 'begun')])).rejects.toBeInstanceOf(Crash);
      laptop.store.hooks[moment] = undefined;
      laptop.restart();
      expect(laptop.journal.hasPending).toBe(true);
      await desk.write([makeFile('b', 'by desk')]);
      await desk.write([makeFile('c', 'by desk')]);
      await laptop.catchUp();
      await laptop.journal.resumePending(signal);
      await desk.catchUp();
      expect(desk.tree()).toEqual({ a: shown('begun'), b: shown('by desk'), c: shown('by desk') });
      expect(laptop.tree()).toEqual(desk.tree());
      expect(laptop.root).toBe(desk.root);
      expect(world.medium.names('journal/')).toHaveLength(4);
    }
  });
});
