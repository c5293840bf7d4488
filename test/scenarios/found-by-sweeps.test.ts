/** What sweeps have found, each with its smallest history: a scenario, the call at which something goes wrong, and what. */
import { expect, test } from 'vitest';
import { allScenarios } from './all-scenarios.ts';
import type { Run } from './scenario.ts';
import { playSimulated, type Trouble } from './sim-world.ts';

function runOf(topic: string, title: string): Run {
  const run = allScenarios[topic]?.find((scenario) => scenario.title === title)?.runs[0];
  if (run === undefined) throw new Error(`no scenario '${title}'`);
  return run;
}

/** Plays the run with the trouble at the first such call; whether there was one. */
async function playWith(run: Run, isThis: { readonly verb: string; readonly path: string }, trouble: Trouble): Promise<boolean> {
  const at = (await playSimulated(run)).calls.findIndex(({ verb, path }) => verb === isThis.verb && path === isThis.path);
  if (at >= 0) await playSimulated(run, { at, trouble });
  return at >= 0;
}

test('a folder whose removal arrives while a person removes a file in it: nothing of it is waited for ever', async () => {
  const run = runOf('deletes', 'a folder deleted there is deleted here, with all that is in it');
  expect(await playWith(run, { verb: 'rename', path: 'docs/a.txt' }, { do: 'race', how: 'remove' })).toBe(true);
  expect(await playWith(run, { verb: 'rename', path: 'docs/a.txt' }, { do: 'race', how: 'move' })).toBe(true);
});

test('killed while it read a file that can not be read: what it had read beside it is published all the same', async () => {
  const run = runOf('what goes wrong', 'an unreadable file is a problem of its own; it is not deleted, and all else goes on');
  const { calls } = await playSimulated(run);
  const readings = [...calls.keys()].filter((at) => calls[at]?.verb === 'openFile' && calls[at]?.path === 'a.txt');
  expect(readings.length).toBeGreaterThan(0);
  for (const at of readings) await playSimulated(run, { at, trouble: { do: 'kill' } });
});

test('killed between giving a second version its conflict name and recording that: the conflict is open on all devices', async () => {
  const run = runOf('the same name made on both, and kinds that change', 'files of other content: the second becomes a copy');
  const { calls, open } = await playSimulated(run);
  const namings = [...calls.keys()].filter((at) => calls[at]?.toPath?.includes('(conflict ') === true);
  expect(open).toHaveLength(1);
  expect(namings).not.toEqual([]);
  for (const at of namings.flatMap((each) => [each, each + 1, each + 2])) {
    expect({ at, open: (await playSimulated(run, { at, trouble: { do: 'kill' } })).open }).toEqual({ at, open });
  }
});

test('a folder that can not be read for a moment, and into which something was moved meanwhile: that is no removal', async () => {
  const run = runOf('moves and renames against what others do', 'moved here, saved by renaming there: moved, with the edit');
  const { calls } = await playSimulated(run);
  const listings = [...calls.keys()].filter((at) => calls[at]?.verb === 'readNames' && calls[at]?.path === 'd');
  expect(listings).not.toEqual([]);
  for (const at of listings) await playSimulated(run, { at, trouble: { do: 'fail', errno: 'EIO' } });
});

test('killed while it looked at what was made anew under a known name: that is its new version all the same', async () => {
  const run = runOf('times, bits, links and empty things', 'a link pointed elsewhere on both');
  const { calls, open } = await playSimulated(run);
  const looks = [...calls.keys()].filter((at) => calls[at]?.verb === 'readLink' && calls[at]?.path === 'l');
  expect(looks).not.toEqual([]);
  for (const at of looks.flatMap((look) => [look + 2, look + 4])) {
    expect({ at, open: (await playSimulated(run, { at, trouble: { do: 'kill' } })).open }).toEqual({ at, open });
  }
});

test('ended once one of two equal files had gone for the other: it goes everywhere, and does not come back under its old name', async () => {
  const run = runOf('moves and renames against what others do', 'two files of equal content to one name are one file');
  const { calls } = await playSimulated(run);
  const at = calls.findIndex(({ verb, path, toPath }) => verb === 'rename' && path === 'z' && toPath?.startsWith('.cachette/') === true);
  const last = calls.findIndex(({ verb, path, toPath }) => verb === 'renameNew' && path === 'y' && toPath === 'z');
  expect(at).toBeGreaterThanOrEqual(0);
  expect(last).toBeGreaterThan(at);
  for (const call of [at + 1, at + 2, last, last + 1]) await playSimulated(run, { at: call, trouble: { do: 'kill' } });
  const made = calls.findIndex(({ verb }, index) => index > last && verb === 'syncFolder');
  for (const trouble of [{ do: 'kill' }, { do: 'fail', errno: 'EIO' }] as const) await playSimulated(run, { at: made, trouble });
});

test('power lost before a new time was durable: it is set again, and not the old one everywhere', async () => {
  const run = runOf('times, bits, links and empty things', 'a time before 1980 and one far in the future');
  const { calls } = await playSimulated(run, undefined, 'many at once');
  const settings = [...calls.keys()].filter((at) => calls[at]?.verb === 'setFileTime' && calls[at]?.path === 'b');
  expect(settings).not.toEqual([]);
  for (const at of settings.flatMap((set) => [set, set + 1, set + 2, set + 3])) {
    await playSimulated(run, { at, trouble: { do: 'power' } }, 'many at once');
  }
});
