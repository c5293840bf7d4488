import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseGivenConfig } from '../../src/agent/profile/parse-given-config.ts';
import { serve } from '../server/server-world.ts';
import { openHttpProxy } from '../store/proxies.ts';
import { DeviceRig } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));
vi.mock('../../src/agent/keys/key-tools.ts', () => import('./quick-key-tools.ts'));

const fixtures = path.join(import.meta.dirname, '../store/fixtures');
const authority = path.join(fixtures, 'untrusted-certificate.pem');

/** A store server behind TLS whose certificate nobody vouches for; its URL. */
async function serveWithOwnCertificate(rig: DeviceRig): Promise<string> {
  const server = await serve(rig.at('root'));
  const plain = new URL(server.url);
  const key = fs.readFileSync(path.join(fixtures, 'untrusted-key.pem'));
  const front = tls.createServer({ key, cert: fs.readFileSync(authority) }, (socket) => {
    const onward = net.connect(Number(plain.port), plain.hostname);
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward]) end.on('error', () => end.destroy());
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    front.close();
  });
  const url = new URL(server.firstStoreUrl ?? '');
  url.port = String((front.address() as AddressInfo).port);
  return url.href.replace('http:', 'https:');
}

test('init and join take an authority and a proxy with them, for the first request and all that follow', async () => {
  const rig = await DeviceRig.open();
  const store = await serveWithOwnCertificate(rig);
  const proxy = await openHttpProxy();
  const known = ['--config', `store.ca=${authority}`, '--config', `proxy=http://${proxy.host}`];
  const init = ['init', ...rig.link('alice', store), '--no-passphrase'];
  expect(await rig.on('alice', init)).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('--config store.ca=FILE') as string });
  const { recoveryKey } = await rig.json<{ recoveryKey: string }>('alice', [...init, ...known]);
  expect(proxy.asked.length).toBeGreaterThan(0);
  rig.write('alice', 'a.txt', 'through both');
  await rig.sync('alice');
  await rig.must('bob', ['join', ...rig.link('bob', store), '--recovery-key', recoveryKey, ...known]);
  await rig.sync('bob');
  expect(rig.files('bob')).toEqual(['a.txt']);
  expect(await rig.json('bob', ['config', 'get', 'store.ca'])).toEqual({ key: 'store.ca', value: authority });
  expect(await rig.json('bob', ['config', 'get', 'proxy'])).toEqual({ key: 'proxy', value: `http://${proxy.host}` });
});

test('what is no setting is refused before anything is made', async () => {
  expect(parseGivenConfig([])).toEqual({});
  expect(parseGivenConfig(['ignore=a=b', 'bandwidth.up=2M'])).toEqual({ ignore: 'a=b', 'bandwidth.up': 2_000_000 });
  const rig = await DeviceRig.open();
  for (const wrong of ['store.ca', '=x', 'colour=red', 'proxy=http://user:password@host:1', 'retention.days=60', 'store.ca=/nope']) {
    const run = await rig.on('alice', ['init', ...rig.link('alice'), '--no-passphrase', '--config', wrong]);
    expect(run, wrong).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^cachette: E_USAGE: [^\n]+\n$/) as string });
    expect(run.stderr).not.toContain('user:password');
  }
  expect(fs.existsSync(rig.profile('alice'))).toBe(false);
});

test('an authority that is not there is refused with a store that needs none, too: join', async () => {
  const rig = await DeviceRig.open();
  const { recoveryKey } = await rig.json<{ recoveryKey: string }>('alice', ['init', ...rig.link('alice'), '--no-passphrase']);
  const run = await rig.on('bob', ['join', ...rig.link('bob'), '--recovery-key', recoveryKey, '--config', `store.ca=${rig.at('nope')}`]);
  expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no certificates can be read from') as string });
  expect(fs.existsSync(rig.profile('bob'))).toBe(false);
});
