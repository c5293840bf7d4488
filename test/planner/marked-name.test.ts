import { describe, expect, test } from 'vitest';
import { nameToBytes, type NodeName } from '../../src/model/name.ts';
import { conflictName } from '../../src/planner/conflict-name.ts';
import { deviceMark, markedName } from '../../src/planner/marked-name.ts';

const free = (): boolean => false;
const date = '2026-01-02';

describe('a marked name', () => {
  test('keeps the extension, and gets a number where it is taken', () => {
    const taken = new Set(['a (mark).tar.gz', 'a (mark 2).tar.gz']);
    expect(markedName('a.tar.gz' as NodeName, 'mark', (name) => taken.has(name))).toBe('a (mark 3).tar.gz');
    expect(markedName('.profile' as NodeName, 'mark', free)).toBe('.profile (mark)');
  });

  test('has at most 255 bytes, whatever the name and the mark', () => {
    const long = `${'ö'.repeat(120)}.jpeg` as NodeName;
    const name = markedName(long, 'mark', free);
    expect(nameToBytes(name).length).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^ö+ \(mark\)\.jpeg$/);
  });

  test('with what a device is called has no half characters', () => {
    const device = `${'x'.repeat(39)}😀`;
    expect(deviceMark(device)).toBe(device);
    expect(deviceMark(`${device}😀`)).toBe(device);
    expect(deviceMark('x'.repeat(38) + ' /|:? y')).toBe('x'.repeat(38));
    expect(conflictName('a' as NodeName, { device: '😀'.repeat(60), date }, free).isWellFormed()).toBe(true);
  });

  test('of a conflict replaces the mark that is there', () => {
    const first = conflictName('a.txt' as NodeName, { device: 'one', date }, free);
    expect(conflictName(first, { device: 'two', date }, free)).toBe(`a (conflict two ${date}).txt`);
  });
});
