import fs from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { PassphraseSource } from '../../src/cli/passphrase-source.ts';
import { openTerminal, type Terminal } from '../../src/cli/terminal.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

/** A person who types these answers, one after the other, and what is shown to them. */
function typist(...answers: readonly string[]): Terminal & { readonly shown: string[] } {
  const shown: string[] = [];
  const waiting = [...answers];
  return {
    shown,
    canAsk: true,
    isWatched: true,
    part: (text: string) => shown.push(text),
    result: (line) => shown.push(line),
    message: (line) => shown.push(line),
    watchInput: () => ({ ended: new AbortController().signal, stop: () => {} }),
    askHidden: (question) => {
      shown.push(question);
      return Promise.resolve(waiting.shift() ?? '');
    },
  };
}

describe('a passphrase is asked for', () => {
  test('once, where it is known', async () => {
    const person = typist('  as typed, untrimmed ');
    const source = new PassphraseSource(person, {}, undefined);
    expect(source.isGiven).toBe(false);
    expect([await source.get('known'), await source.get('known')]).toEqual(['  as typed, untrimmed ', '  as typed, untrimmed ']);
    expect(person.shown).toEqual(['Passphrase: ']);
  });

  test('twice, where it is new, with a strong one on offer', async () => {
    const person = typist('of my own', 'of my own');
    expect(await new PassphraseSource(person, {}, undefined).get('new', () => Promise.resolve('six words by chance'))).toBe('of my own');
    expect(person.shown).toEqual([expect.stringContaining('six words by chance'), 'New passphrase: ', 'Once more: ']);
  });

  test('and two that differ are none', async () => {
    const source = new PassphraseSource(typist('one', 'another'), {}, undefined);
    await expect(source.get('new')).rejects.toMatchObject({ code: 'E_LOCKED' });
  });

  test('not at all, where the environment has it; nobody else sees it there', async () => {
    const env = { CACHETTE_PASSPHRASE: 'from the environment' };
    const person = typist();
    const source = new PassphraseSource(person, env, undefined);
    expect(source.isGiven).toBe(true);
    expect(await source.get('new')).toBe('from the environment');
    expect(person.shown).toEqual([]);
    expect(env).toEqual({});
  });
});

describe('a file that the command names', () => {
  const env = (): NodeJS.ProcessEnv => ({ CACHETTE_PASSPHRASE: 'from the environment' });

  test('stands before the environment, also where it is missing', async () => {
    const file = path.join(await temporaryFolder(), 'passphrase');
    await expect(new PassphraseSource(typist(), env(), file).get('known')).rejects.toMatchObject({ code: 'E_LOCKED' });
    fs.writeFileSync(file, 'from the file\n');
    expect(await new PassphraseSource(typist(), env(), file).get('known')).toBe('from the file');
  });

  test.runIf(process.platform === 'linux')('is not read on and on', async () => {
    await expect(new PassphraseSource(typist(), {}, '/dev/zero').get('known')).rejects.toMatchObject({ code: 'E_LOCKED' });
    await expect(new PassphraseSource(typist(), {}, '/dev/null').get('known')).rejects.toMatchObject({ code: 'E_LOCKED' });
  });
});

describe('typing at a terminal', () => {
  function openStreams(): { readonly terminal: Terminal; readonly keys: PassThrough; readonly screen: PassThrough } {
    const keys = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => keys });
    const screen = Object.assign(new PassThrough(), { isTTY: true });
    const terminal = openTerminal({ stdin: keys, stdout: screen, stderr: screen } as never);
    return { terminal, keys, screen };
  }

  test('shows nothing of what is typed', async () => {
    const { terminal, keys, screen } = openStreams();
    const answer = terminal.askHidden('Passphrase: ');
    keys.write('open sesame\r');
    expect(await answer).toBe('open sesame');
    screen.end();
    expect(await text(screen)).toBe('Passphrase: \n');
  });

  test('can be broken off', async () => {
    const { terminal, keys } = openStreams();
    const answer = terminal.askHidden('Passphrase: ');
    keys.write('open ses\u0003');
    await expect(answer).rejects.toMatchObject({ code: 'E_LOCKED' });
    expect(keys.destroyed).toBe(false);
  });

  test('a reader of the output that went away is no error; any other trouble with it is', () => {
    const { screen } = openStreams();
    screen.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }));
    expect(() => screen.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full');
  });
});
