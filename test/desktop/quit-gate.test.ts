import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { QuitGate } from '../../src/desktop/main/quit-gate.ts';

describe('quitting', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** An app, and what became of it; `end` is what it has to put away. */
  function appThat(end: () => Promise<void>): { readonly said: string[]; readonly gate: QuitGate } {
    const said: string[] = [];
    const gate = new QuitGate({
      end: () => {
        said.push('end');
        return end();
      },
      quit: () => said.push(gate.mayQuit() ? 'quit' : 'held back'),
      exit: () => said.push('exit'),
    });
    return { said, gate };
  }

  test('waits until everything is put away, once, however often it is asked for', async () => {
    const putAway = Promise.withResolvers<void>();
    const { said, gate } = appThat(() => putAway.promise);
    expect([gate.mayQuit(), gate.mayQuit()]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(said).toEqual(['end']);
    putAway.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(said).toEqual(['end', 'quit']);
    expect(gate.mayQuit()).toBe(true);
  });

  test('is not held up by what hangs, fails, or does not let go', async () => {
    const hung = appThat(() => new Promise(() => {}));
    hung.gate.mayQuit();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(hung.said).toEqual(['end', 'exit']);

    const failed = appThat(() => Promise.reject(new Error('no')));
    failed.gate.mayQuit();
    await vi.advanceTimersByTimeAsync(0);
    expect(failed.said).toEqual(['end', 'quit']);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(failed.said).toEqual(['end', 'quit', 'exit']);
  });
});
