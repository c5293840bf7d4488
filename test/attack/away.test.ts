import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startServer, type RunningServer } from '../../src/server/start-server.ts';
import { describeTree, differences } from '../demo/describe-tree.ts';
import { checkAgreement } from './check-refusal.ts';
import { EvilProxy, type Mischief } from './evil-proxy.ts';
import { folderState } from './folder-state.ts';
import { VaultFixture } from './vault-fixture.ts';

vi.mock('../../src/agent/threaded-workshop.ts', () => import('./inline-workshop.ts'));

let place: string;
let server: RunningServer;
let proxy: EvilProxy;
let fixture: VaultFixture;

beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-attack-'));
  server = await startServer({ rootDir: path.join(place, 'root'), host: '127.0.0.1', port: 0 });
  proxy = await EvilProxy.start(server.url);
  const url = proxy.through(server.firstStoreUrl ?? '');
  fixture = await VaultFixture.make({ served: { url, dir: path.join(place, 'root/stores/vault') } });
});

afterAll(async () => {
  fixture.remove();
  await proxy.close();
  await server.close();
  fs.rmSync(place, { recursive: true, force: true });
});

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
