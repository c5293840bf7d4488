import { describe, expect, test, vi } from 'vitest';
import { describeTree, differences } from '../demo/describe-tree.ts';
import { checkAgreement } from './check-refusal.ts';
import type { Mischief } from './evil-proxy.ts';
import { folderState } from './folder-state.ts';
import { openServedVault } from './served-vault.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const { fixture, proxy } = await openServedVault();

/** A name of each kind that the desk has to read next. */
function wanted(kind: string): string {
  const names = [...fixture.store.below('keys/'), 'genesis', 'hint', ...(fixture.grown[2] ?? [])];
  return names.find((name) => name.startsWith(kind)) ?? '';
}

describe('A26: a server that does not give one object', () => {
  const kinds = ['genesis', 'keys', 'journal', 'packs'] as const;
  const ways = ['refuse', 'hang up'] as const;
  const cases = kinds.flatMap((kind) => ways.map((way) => ({ kind, way })));

  test.each(cases)('$kind: $way', async ({ kind, way }) => {
    await fixture.restoreObserved();
    const name = wanted(kind);
    const mischief: Mischief = ({ method, path: asked }) => (method === 'GET' && asked.includes(name) ? way : undefined);
    proxy.mischief = mischief;
    const before = folderState(fixture.folder('desk'));
    const run = await fixture.cli('desk', 'sync');
    expect(run).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(/^cachette: E_STORE_UNREACHABLE: [^\n]+\n$/) as string });
    expect(folderState(fixture.folder('desk'))).toEqual(before);
    expect(fixture.store.below('journal/')).toEqual(fixture.savedStore('ahead').below('journal/'));
    expect(JSON.parse(await fixture.must('desk', 'status', '--json'))).toMatchObject({ state: 'offline' });
    proxy.mischief = () => undefined;
    await checkAgreement(fixture, 'desk');
  });

  test('the hint: nobody minds', async () => {
    await fixture.restoreObserved();
    proxy.mischief = ({ path: asked }) => (asked.includes('hint') ? 'refuse' : undefined);
    await checkAgreement(fixture, 'desk');
    proxy.mischief = () => undefined;
  });

  test('nothing at all', async () => {
    await fixture.restoreObserved();
    proxy.mischief = () => 'hang up';
    const before = describeTree(fixture.folder('desk'));
    expect((await fixture.cli('desk', 'sync')).exitCode).toBe(4);
    expect((await fixture.join()).exitCode).toBe(4);
    expect(differences(before, describeTree(fixture.folder('desk')))).toEqual([]);
    proxy.mischief = () => undefined;
    await checkAgreement(fixture, 'desk');
  });
});
