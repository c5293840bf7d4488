import { describe, expect, test, vi } from 'vitest';
import type { AgentHost } from '../../src/agent/agent-host.ts';
import { openSession, type Session } from '../../src/agent/open-session.ts';
import { syncOnce } from '../../src/agent/sync-once.ts';
import { Failure } from '../../src/base/failure.ts';
import { checkAgreement, damageCodes, type Refusal } from './check-refusal.ts';
import { folderState } from './folder-state.ts';
import { LeapingRealClock } from './in-process-cli.ts';
import { openTwoVaults } from './open-vault.ts';
import { edits, fewOf } from './store-edits.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const { fixture, other } = await openTwoVaults();

const { signal } = new AbortController();

function hostOf(profileDir: string): AgentHost {
  return {
    profileDir,
    env: {},
    platform: process.platform,
    clock: new LeapingRealClock(),
    signal,
    askPassphrase: () => Promise.reject(new Failure('E_LOCKED', 'nobody is asked here')),
    warn: () => {},
  };
}

/** The desk stays at work while the store changes under it: it is in agreement, then come news and the attack. */
async function whileRunning(attack: () => void, act: (session: Session) => Promise<void>): Promise<void> {
  fixture.restore('ahead');
  const session = await openSession(hostOf(fixture.profile('desk')), () => {});
  try {
    attack();
    await act(session);
  } finally {
    await session.close();
  }
}

async function expectRefusing(session: Session, codes: readonly Refusal[]): Promise<void> {
  const before = { folder: folderState(fixture.folder('desk')), store: fixture.store.names() };
  const error = await syncOnce(session, signal).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(Failure);
  expect(codes, String(error)).toContain((error as Failure).code);
  expect(folderState(fixture.folder('desk'))).toEqual(before.folder);
  expect(fixture.store.names().filter((name) => !name.startsWith('packs/'))).toEqual(
    before.store.filter((name) => !name.startsWith('packs/')),
  );
}

describe('a device that was at work before the attack began', () => {
  const entries = fewOf(edits, /half|gone|kind|another vault/);

  test.each(entries)('an entry $title', async (edit) => {
    const target = fixture.grown[2]?.find((name) => name.startsWith('journal/')) ?? '';
    const sameKind = fixture.grown[3]?.find((name) => name.startsWith('journal/')) ?? '';
    const attack = (): void => {
      edit.apply(fixture.store, target, {
        sameKind,
        otherKind: 'hint',
        otherVault: other.savedStore('ahead').read(other.grown[2]?.find((name) => name.startsWith('journal/')) ?? ''),
      });
    };
    await whileRunning(attack, async (session) => {
      await expectRefusing(session, damageCodes);
      await expectRefusing(session, damageCodes);
      fixture.healStore();
      expect(await syncOnce(session, signal)).toMatchObject({ problems: 0, left: 0 });
    });
    await checkAgreement(fixture, 'desk');
  });

  test('the store is emptied, replaced, brought back', async () => {
    await whileRunning(
      () => {
        fixture.store.empty();
      },
      async (session) => {
        await expectRefusing(session, ['E_STORE_EMPTY', 'E_ROLLBACK', 'E_MISSING']);
        other.savedStore('ahead').copyTo(fixture.store);
        await expectRefusing(session, ['E_REPLACED_VAULT', 'E_ROLLBACK', 'E_MISSING', 'E_TAMPER']);
        fixture.store.empty();
        fixture.healStore();
        expect(await syncOnce(session, signal)).toMatchObject({ problems: 0, left: 0 });
      },
    );
    await checkAgreement(fixture, 'desk');
  });

  test('the store is rolled back behind what it has seen in this very session', async () => {
    await whileRunning(
      () => {},
      async (session) => {
        expect(await syncOnce(session, signal)).toMatchObject({ problems: 0, left: 0 });
        const bringBack = fixture.rollBackStore();
        await expectRefusing(session, ['E_ROLLBACK']);
        bringBack();
        expect(await syncOnce(session, signal)).toMatchObject({ problems: 0, left: 0 });
      },
    );
    await checkAgreement(fixture, 'desk');
  });

  test('the store goes away and comes back', async () => {
    await whileRunning(
      () => {
        fixture.store.takeAway();
      },
      async (session) => {
        await expect(syncOnce(session, signal)).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
        fixture.store.bringBack();
        expect(await syncOnce(session, signal)).toMatchObject({ problems: 0, left: 0 });
      },
    );
    await checkAgreement(fixture, 'desk');
  });
});
