import { expect, test } from 'vitest';

import { chooseProxy } from '../../src/store/http/choose-proxy.ts';

const store = 'https://store.example.org:8443';
const chosen = (origin: string, setting: string | undefined, env: NodeJS.ProcessEnv = {}): string | undefined =>
  chooseProxy(new URL(origin), setting, env)?.origin;

test('without a setting the variables of the system decide', () => {
  const env = { HTTPS_PROXY: 'http://one:1', HTTP_PROXY: 'http://two:2' };
  expect(chosen(store, undefined, {})).toBeUndefined();
  expect(chosen(store, undefined, env)).toBe('http://one:1');
  expect(chosen('http://store.example.org', undefined, env)).toBe('http://two:2');
  expect(chosen(store, undefined, { ...env, https_proxy: 'http://lower:3' })).toBe('http://lower:3');
  expect(chosen(store, undefined, { HTTPS_PROXY: ' ', ALL_PROXY: 'https://all:4' })).toBe('https://all:4');
  expect(chosen(store, undefined, { https_proxy: 'proxy:3128' })).toBe('http://proxy:3128');
});

test('a setting is heard before them, and can be none', () => {
  const env = { HTTPS_PROXY: 'http://one:1', NO_PROXY: '*' };
  expect(chosen(store, 'http://mine:5', env)).toBe('http://mine:5');
  expect(chosen(store, 'none', { ...env, NO_PROXY: '' })).toBeUndefined();
});

test.for([
  ['*', true],
  ['store.example.org', true],
  ['STORE.example.ORG', true],
  ['example.org', true],
  ['.example.org', true],
  ['*.example.org', true],
  ['other.org, store.example.org', true],
  ['other.org store.example.org', true],
  ['store.example.org:8443', true],
  ['store.example.org:443', false],
  ['ample.org', false],
  ['store.example.org.evil', false],
  ['', false],
  [',', false],
] as const)('NO_PROXY=%s: exempt %s', ([list, isExempt]) => {
  expect(chosen(store, undefined, { HTTPS_PROXY: 'http://one:1', NO_PROXY: list }) === undefined).toBe(isExempt);
});

test('NO_PROXY holds addresses and networks of both kinds', () => {
  const isExempt = (origin: string, list: string): boolean =>
    chosen(origin, undefined, { HTTPS_PROXY: 'http://one:1', no_proxy: list }) === undefined;
  expect(isExempt('https://10.1.2.3', '10.0.0.0/8')).toBe(true);
  expect(isExempt('https://11.1.2.3', '10.0.0.0/8')).toBe(false);
  expect(isExempt('https://10.1.2.3', '10.1.2.3')).toBe(true);
  expect(isExempt('https://10.1.2.3', '10.0.0.0/99')).toBe(false);
  expect(isExempt('https://[fd00::1]', 'fd00::/8')).toBe(true);
  expect(isExempt('https://[fd00::1]', 'fd00::1')).toBe(true);
  expect(isExempt('https://[fd00::1]:99', '[fd00::1]:99')).toBe(true);
  expect(isExempt('https://[fe00::1]', 'fd00::/8')).toBe(false);
});

test('what is meant for this machine never leaves it for a proxy elsewhere', () => {
  for (const origin of ['http://127.0.0.1:1', 'http://localhost', 'http://[::1]:2']) {
    expect(chosen(origin, undefined, { HTTP_PROXY: 'http://elsewhere:1', ALL_PROXY: 'http://elsewhere:1' })).toBeUndefined();
    expect(chosen(origin, 'http://elsewhere:1')).toBeUndefined();
    expect(chosen(origin, 'http://127.0.0.1:9')).toBe('http://127.0.0.1:9');
  }
});

test('what is no proxy is refused without repeating it', () => {
  for (const value of [
    'ftp://secret:secret@host',
    'http://',
    'http://secret:secret@host:1/path',
    'socks4://secret',
    '://secret',
    'http://host:1?secret',
  ]) {
    const refused = (setting: string | undefined, env: NodeJS.ProcessEnv, where: string): void => {
      expect(() => chosen(store, setting, env)).toThrow(
        expect.objectContaining({ code: 'E_USAGE', message: expect.stringContaining(where) as string }),
      );
      expect(() => chosen(store, setting, env)).not.toThrow('secret');
    };
    refused(value, {}, 'the setting proxy');
    refused(undefined, { HTTPS_PROXY: value }, 'the variable HTTPS_PROXY');
  }
});
