import { spawn } from 'node:child_process';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkAgreement, checkHeals, checkPackRefused, checkRefused, damageCodes } from './check-refusal.ts';
import { runInProcess, type CliOutcome } from './in-process-cli.ts';
import { VaultFixture } from './vault-fixture.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

/** The built program in a process of its own, with its threads and its real waiting. */
function runProgram(args: readonly string[]): Promise<CliOutcome> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({ exitCode: exitCode ?? -1, ...output });
    });
  });
}

let fixture: VaultFixture;

beforeAll(async () => {
  fixture = await VaultFixture.make();
});

afterAll(() => {
  fixture.remove();
});

/** Commands that wait for a damaged store are run as a program; those around them need not be. */
async function asProgram(act: () => Promise<unknown>): Promise<void> {
  fixture.useCli(runProgram);
  try {
    await act();
  } finally {
    fixture.useCli(runInProcess);
  }
}

function find(kind: string, sync = 3): string {
  return [...(fixture.grown[sync] ?? [])].find((name) => name.startsWith(kind)) ?? '';
}

describe('the built program, as a script sees it', () => {
  test.each(['genesis', 'keys/', 'journal/'])('one object below %s is other bytes', async (kind) => {
    fixture.restore('ahead');
    const name = kind === 'journal/' ? find(kind) : find(kind, 0);
    fixture.store.write(name, randomBytes(fixture.store.read(name).length));
    await asProgram(() => checkRefused(fixture, 'desk', damageCodes));
    await checkHeals(fixture, 'desk');
  });

  test('a pack is other bytes', async () => {
    await fixture.restoreObserved();
    const name = find('packs/');
    fixture.store.write(name, randomBytes(fixture.store.read(name).length));
    await asProgram(() => checkPackRefused(fixture, 'desk', ['E_TAMPER']));
    await checkHeals(fixture, 'desk');
  });

  test('a pack is gone, an older state is shown, the store is empty, the store is away, the hint is other bytes', async () => {
    await fixture.restoreObserved();
    fixture.store.remove(find('packs/'));
    await asProgram(() => checkPackRefused(fixture, 'desk', ['E_MISSING']));
    fixture.restore('ahead');
    fixture.store.empty();
    await asProgram(() => checkRefused(fixture, 'laptop', ['E_STORE_EMPTY']));
    fixture.savedStore('agreed').copyTo(fixture.store);
    await asProgram(() => checkRefused(fixture, 'laptop', ['E_ROLLBACK']));
    fixture.store.takeAway();
    await asProgram(async () => {
      expect((await fixture.cli('desk', 'sync')).exitCode).toBe(4);
    });
    fixture.store.bringBack();
    fixture.healStore();
    fixture.store.write('hint', randomBytes(64));
    await asProgram(() => checkAgreement(fixture, 'desk'));
  });
});
