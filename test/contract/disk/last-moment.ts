import { describe, expect, test } from 'vitest';
import type { ActOutcome } from '../../../src/disk/disk.ts';
import type { FileCalls } from '../../../src/disk/calls/file-calls.ts';
import { type Act, acts, newMeta, newText, oldText } from './disk-acts.ts';
import { at, lookAt, stageText, trashTexts } from './disk-contract.ts';
import type { Hands, SeenCall, Subject, SubjectKind } from './disk-subject.ts';

/** As long as the old text: only times and inodes tell them apart. */
const userText = 'usr';

const deeds: Readonly<Record<string, (hands: Hands) => void>> = {
  'writes into the file': (hands) => hands.writeFile('folder/item', userText),
  'saves the file anew': (hands) => hands.saveFile('folder/item', userText),
  'makes the new file himself': (hands) => hands.saveFile('folder/fresh', userText),
  'writes into the new file': (hands) => hands.writeFile('folder/fresh', userText),
  'removes the file': (hands) => hands.remove('folder/item'),
  'renames the file': (hands) => hands.rename('folder/item', 'folder/elsewhere'),
  'renames the folder': (hands) => hands.rename('folder', 'other'),
};

/** Calls between which a user can do something that matters. */
const passive: readonly (keyof FileCalls)[] = [
  'closeFile',
  'closeFolder',
  'openTop',
  'openToSync',
  'statFolder',
  'syncFile',
  'syncFolder',
  'space',
];

/** What is known to slip through where there is no swap of two names: replace-item.ts says why. */
function isKnownGap(subject: Subject, act: Act, deed: string, { verb, names }: SeenCall): boolean {
  if (subject.traits.hasExchange || verb !== 'rename' || names[1] !== 'item') return false;
  return act.title.startsWith('replace') && deed === 'saves the file anew';
}

interface Trial {
  readonly outcome: ActOutcome | 'gone' | 'not-empty';
  /** Before which call the user acted; undefined: the act has fewer calls. */
  readonly hit: SeenCall | undefined;
  readonly acted: boolean;
}

async function attempt(subject: Subject, act: Act, deed: string, index: number): Promise<Trial> {
  const { disk, hands } = subject;
  hands.makeFolder('folder');
  hands.writeFile('folder/item', oldText);
  hands.setTime('folder/item', newMeta.mtimeUs - 1_000_000);
  const run = await act.prepare(disk);
  let count = 0;
  let hit: SeenCall | undefined;
  let acted = false;
  subject.listen((call) => {
    if (passive.includes(call.verb)) return;
    count += 1;
    if (count !== index) return;
    hit = call;
    try {
      deeds[deed]?.(hands);
      acted = true;
    } catch {
      // He can't: what he wants to act on is not there at that moment.
    }
  });
  const outcome = await run();
  subject.listen(() => undefined);
  return { outcome, hit, acted };
}

async function checkTrial(subject: Subject, act: Act, deed: string, { outcome, acted }: Trial): Promise<void> {
  const { disk, hands } = subject;
  const live = hands.texts();
  const texts = Object.values(live);
  // His word stands, in the folder itself.
  if (acted && /writes|saves|makes/.test(deed)) expect(texts).toContain(userText);
  // The old content is there, or in the trash, unless he himself replaced or removed it.
  const keeps = [...texts, ...trashTexts(subject)];
  const isFreed = act.frees === true && outcome === 'gone';
  if (!isFreed && (!acted || deed.startsWith('renames'))) expect(keeps).toContain(oldText);
  if (outcome === 'changed') {
    expect(acted).toBe(true);
    expect(texts).not.toContain(newText);
  } else if (typeof outcome === 'object') {
    // What the engine takes for the state after the act must not hide what he did.
    const shown = await disk.look(at(act.to));
    if (shown?.fingerprint === outcome.now.fingerprint) expect(live[act.to]).toBe(act.becomes);
  }
  // Nothing of ours is left over.
  expect(Object.keys(hands.texts('.cachette/staged'))).toEqual([]);
}

/** What the file holds by then; undefined where no file stands there. */
function tryAppend(hands: Hands, path: string): string | undefined {
  const { [path]: before } = hands.texts();
  if (before === undefined) return undefined;
  hands.append(path, userText);
  return before + userText;
}

/** Calls after his write within which he takes the rights to the folder away. */
const lockWithin = 6;

/** He writes before one call, and takes the rights to the folder away before a later one. Whether there was the first. */
async function writeAndLock(subject: Subject, act: Act, moments: { readonly write: number; readonly lock: number }): Promise<boolean> {
  const { disk, hands } = subject;
  hands.makeFolder('folder');
  hands.writeFile('folder/item', oldText);
  hands.setTime('folder/item', newMeta.mtimeUs - 1_000_000);
  const run = await act.prepare(disk);
  let count = 0;
  let written: string | undefined;
  subject.listen(({ verb }) => {
    if (passive.includes(verb)) return;
    count += 1;
    if (count === moments.write) written = tryAppend(hands, 'folder/item');
    if (count === moments.lock) hands.setMode('folder', 0);
  });
  const outcome = await run().catch((error: unknown) => error);
  subject.listen(() => undefined);
  hands.setMode('folder', 0o755);
  if (written !== undefined)
    expect({ outcome, texts: Object.values(hands.texts()) }).toHaveProperty('texts', expect.arrayContaining([written]) as unknown);
  return count >= moments.write;
}

/** A user acts just before any of the calls that an act is made of. */
export function describeLastMoment(kind: SubjectKind): void {
  describe(`${kind.title}: a user acts at the last moment`, () => {
    for (const act of acts) {
      test.each(Object.keys(deeds))(`${act.title}, while he %s`, async (deed) => {
        let hits = 0;
        for (let index = 1; ; index += 1) {
          const subject = await kind.open();
          try {
            const trial = await attempt(subject, act, deed, index);
            await subject.disk.clearStaged();
            await subject.disk.settle();
            if (trial.hit === undefined) break;
            hits += 1;
            if (!isKnownGap(subject, act, deed, trial.hit)) await checkTrial(subject, act, deed, trial);
          } catch (error) {
            throw new Error(`before call ${index}`, { cause: error });
          } finally {
            subject.close();
          }
        }
        expect(hits).toBeGreaterThan(2);
      });
    }

    for (const act of acts) {
      test(`${act.title}, while he writes and then takes the rights to its folder away`, async () => {
        let tried = 0;
        for (let write = 1, isThere = true; isThere; write += 1) {
          for (let lock = write; isThere && lock <= write + lockWithin; lock += 1) {
            const subject = await kind.open();
            try {
              isThere = await writeAndLock(subject, act, { write, lock });
              await subject.disk.settle();
              tried += 1;
            } catch (error) {
              throw new Error(`written before call ${write}, locked before call ${lock}`, { cause: error });
            } finally {
              subject.close();
            }
          }
        }
        expect(tried).toBeGreaterThan(lockWithin);
      });
    }

    test('he writes again while what he wrote is put back', async () => {
      const subject = await kind.open();
      const { disk, hands } = subject;
      hands.writeFile('item', oldText);
      const expected = await lookAt(disk, 'item');
      const staged = await stageText(disk, newText);
      // Before ours takes the place, and before his is put back.
      const moments = subject.traits.hasExchange ? ['exchange', 'exchange'] : ['rename', 'lstat'];
      let count = 0;
      subject.listen(({ verb }) => {
        if (verb !== moments[count]) return;
        count += 1;
        hands.writeFile('item', `${userText} ${count}`);
      });
      expect(await disk.place(staged, at('item'), expected)).toBe('changed');
      expect(count).toBe(2);
      expect(hands.texts()).toEqual({ item: `${userText} 2` });
      expect(trashTexts(subject)).toEqual([`${userText} 1`]);
      await disk.settle();
      subject.close();
    });

    test('he moves away what has taken the place of what he wrote, before that is put back', async () => {
      const subject = await kind.open();
      const { disk, hands, traits } = subject;
      hands.writeFile('item', oldText);
      const expected = await lookAt(disk, 'item');
      const staged = await stageText(disk, newText);
      const moments = traits.hasExchange ? ['exchange', 'exchange'] : ['rename', 'lstat'];
      let count = 0;
      subject.listen(({ verb }) => {
        if (verb !== moments[count]) return;
        count += 1;
        if (count === 2) hands.rename('item', 'elsewhere');
        else if (traits.hasExchange) {
          hands.remove('item');
          hands.makeFolder('item');
          hands.writeFile('item/below', userText);
        } else hands.writeFile('item', userText);
      });
      const outcome = await disk.place(staged, at('item'), expected);
      expect(count).toBe(2);
      // Without hard links what is written between two calls is gone (replace-item.ts says so).
      if (traits.hasExchange || traits.hasHardLinks) {
        expect(outcome).toBe('changed');
        expect(hands.texts()).toEqual({ [traits.hasExchange ? 'item/below' : 'item']: userText, elsewhere: newText });
        expect(trashTexts(subject)).toEqual([]);
      }
      await disk.settle();
      subject.close();
    });

    test('he puts a folder in the place of what is taken away, and then a file in the place of that', async () => {
      const subject = await kind.open();
      const { disk, hands } = subject;
      hands.writeFile('item', oldText);
      const expected = await lookAt(disk, 'item');
      let taken = 0;
      subject.listen(({ verb, names }) => {
        if (passive.includes(verb)) return;
        if (verb === 'rename' && names[0] === 'item') {
          hands.remove('item');
          hands.makeFolder('item');
          hands.writeFile('item/below', 'below');
          taken = 1;
        } else if (taken === 1) {
          hands.writeFile('item', userText);
          taken = 2;
        }
      });
      expect(await disk.discard(at('item'), expected)).toBe('changed');
      expect(taken).toBe(2);
      expect(hands.texts()).toEqual({ item: userText, 'item (kept)/below': 'below' });
      expect(trashTexts(subject)).toEqual([]);
      await disk.settle();
      subject.close();
    });

    test('he saves it anew while it is moved, and writes into what stands at its new place for a moment', async () => {
      for (let save = 1, append = 1, isThere = true; isThere; append += 1) {
        const subject = await kind.open();
        const { disk, hands } = subject;
        hands.writeFile('item', oldText);
        const expected = await lookAt(disk, 'item');
        let count = 0;
        let written: string | undefined;
        subject.listen(({ verb }) => {
          if (passive.includes(verb)) return;
          count += 1;
          if (count === save) hands.saveFile('item', 'saved');
          if (count === append) written = tryAppend(hands, 'other');
        });
        await disk.move(at('item'), at('other'), expected);
        subject.listen(() => undefined);
        const isSaved = count >= save && written !== `saved${userText}`;
        const wanted = [...(isSaved ? ['saved'] : []), ...(written === undefined ? [] : [written])];
        expect({ save, append, texts: Object.values(hands.texts()) }).toHaveProperty('texts', expect.arrayContaining(wanted) as unknown);
        await disk.settle();
        subject.close();
        isThere = count >= save;
        if (append > count) [save, append] = [save + 1, save];
      }
    });

    test('what he saves under the old name of a move stays there', async () => {
      const subject = await kind.open();
      const { disk, hands } = subject;
      hands.writeFile('item', oldText);
      const expected = await lookAt(disk, 'item');
      let done = false;
      subject.listen(({ verb }) => {
        if (done || !['renameNew', 'link'].includes(verb)) return;
        done = true;
        hands.saveFile('item', userText);
      });
      expect(await disk.move(at('item'), at('other'), expected)).toBe('changed');
      expect(hands.texts()).toEqual({ item: userText });
      await disk.settle();
      subject.close();
    });

    test('a staged file that did not get its place can still be placed', async () => {
      const subject = await kind.open();
      const { disk, hands } = subject;
      hands.writeFile('item', oldText);
      const expected = await lookAt(disk, 'item');
      const staged = await stageText(disk, newText);
      let done = false;
      subject.listen(({ verb }) => {
        if (done || (verb !== 'exchange' && verb !== 'rename')) return;
        done = true;
        hands.writeFile('item', userText);
      });
      expect(await disk.place(staged, at('item'), expected)).toBe('changed');
      expect(hands.texts()).toEqual({ item: userText });
      expect(await disk.place(staged, at('item'), await lookAt(disk, 'item'))).toHaveProperty('now');
      expect(hands.texts()).toEqual({ item: newText });
      expect(trashTexts(subject)).toEqual([userText]);
      await disk.settle();
      subject.close();
    });
  });
}
