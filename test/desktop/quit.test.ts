/** The end of the real app, where something in it goes wrong just then. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FaultFile, plainFault } from '../../src/desktop/main/fault-file.ts';
import { Computer } from './computer.ts';
import { findAgents } from './find-agents.ts';
import { withoutDesktop } from './without-desktop.ts';

test.skipIf(withoutDesktop())(
  'an app that fails while it quits shows no box that somebody has to close, and notes what it was, without names',
  async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-quit-'));
    onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }));
    const computer = await Computer.start({ home });
    await computer.expectToSay('Not set up yet');
    await computer.launched.app.evaluate(({ app }) => {
      const fail = (): never => {
        throw new RangeError('of letter.txt');
      };
      app.once('before-quit', () => setTimeout(fail, 1));
    });
    await computer.close();
    expect(findAgents(computer.launched.profile)).toEqual([]);
    const [noted = ''] = fs
      .readdirSync(path.join(home, 'config'), { recursive: true, encoding: 'utf8' })
      .filter((name) => path.basename(name) === 'faults.log')
      .map((name) => fs.readFileSync(path.join(home, 'config', name), 'utf8'));
    expect(noted).toMatch(/ RangeError \n {4}at /);
    expect(noted).not.toContain('letter.txt');
  },
);

describe('what is noted of a fault', () => {
  test('is its kind and where it was, not what it says', () => {
    const error = Object.assign(new TypeError('a.txt\n    is gone\nhere'), { code: 'ENOENT' });
    const { name, code, frames } = plainFault(error);
    expect([name, code]).toEqual(['TypeError', 'ENOENT']);
    expect(frames).toMatch(/^ {4}at /);
    expect(frames).not.toMatch(/a\.txt|is gone|here\n/);
  });

  test('is nothing of a message that looks like a stack, nor of where the program is', () => {
    const error = new Error('x\n    at letter.txt (/home/ana/letter.txt:1:2)\n    at Zoe');
    error.stack = `Error: ${error.message}\n    at read (file:///home/ana/opt/main.js:10:4)\n    at async Object.go [as x y] (/home/ana/z.js:1:1)`;
    expect(plainFault(error).frames).toBe('    at read(main.js:10:4)\n    at (z.js:1:1)');
    expect(plainFault(Object.assign(new Error('x'), { name: 'letter.txt', code: '/home/ana' }))).toMatchObject({ name: 'Error', code: '' });
  });

  test('is told of to others line by line, as far as the lines are ours', () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-faults-'));
    onTestFinished(() => fs.rmSync(dir, { recursive: true, force: true }));
    const faults = new FaultFile(path.join(dir, 'state'));
    expect(faults.told()).toEqual([]);
    faults.note(Object.assign(new TypeError('of letter.txt'), { code: 'ENOENT' }));
    fs.appendFileSync(path.join(dir, 'state', 'faults.log'), 'letter.txt\n    at letter.txt of ana\n');
    const told = faults.told();
    expect(told[0]).toMatch(/Z TypeError ENOENT$/);
    expect(told[1]).toMatch(/^ {4}at .*\(quit\.test\.ts:\d+:\d+\)$/);
    expect(told.join('\n')).not.toContain('letter.txt');
  });

  test('is its type where it is no error', () => {
    expect(plainFault('a.txt')).toEqual({ name: 'string', code: '', frames: '' });
  });
});
