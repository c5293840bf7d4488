import { expect, test } from 'vitest';
import type { CheckpointChange } from '../../../src/model/change.ts';
import { entryName, parseId, type DeviceId, type EntryName } from '../../../src/model/ids.ts';
import { Judgement, type EntryPlace, type Speaker } from '../../../src/vault/journal/fold/judgement.ts';

const [laptop, desk] = ['a', 'b'].map((digit) => parseId('DeviceId', digit.repeat(32))) as [DeviceId, DeviceId];

function place(device: DeviceId, counter: number, lamport: number): EntryPlace {
  const tag = device.slice(0, 16);
  const hash = parseId('EntryHash', `${device}${String(counter).padStart(32, '0')}`);
  return { name: entryName(lamport, tag), device, counter, lamport, hash };
}

function checkpoint(lamport: number, vector: readonly (readonly [DeviceId, number])[]): CheckpointChange {
  const root = parseId('StateRoot', '0'.repeat(64));
  const hash = parseId('EntryHash', '0'.repeat(64));
  return {
    do: 'checkpoint',
    lamport,
    vector: new Map(vector.map(([device, counter]) => [device, { counter, hash }])),
    root,
    snapshot: undefined,
  };
}

function speaker(
  at: EntryPlace,
  says: { readonly checkpoints?: readonly CheckpointChange[]; readonly skips?: readonly EntryName[] },
): Speaker {
  return { ...at, statements: { checkpoints: says.checkpoints ?? [], skips: says.skips ?? [] } };
}

test('a checkpoint voids what is older and not in it, and nothing else', () => {
  const judgement = new Judgement(
    [
      speaker(place(laptop, 5, 20), {
        checkpoints: [
          checkpoint(10, [
            [laptop, 3],
            [desk, 1],
          ]),
        ],
      }),
    ],
    0,
  );
  expect(judgement.verdict(place(desk, 1, 4))).toBeUndefined();
  expect(judgement.verdict(place(desk, 2, 10))).toBe('checkpoint');
  expect(judgement.verdict(place(desk, 2, 11))).toBeUndefined();
});

test('of two made at once the one that reaches further counts, for what the other left out as well', () => {
  const near = speaker(place(laptop, 5, 20), { checkpoints: [checkpoint(10, [[laptop, 3]])] });
  const far = speaker(place(desk, 5, 21), {
    checkpoints: [
      checkpoint(12, [
        [laptop, 3],
        [desk, 2],
      ]),
    ],
  });
  expect(new Judgement([near], 0).verdict(place(desk, 1, 4))).toBe('checkpoint');
  for (const set of [
    [near, far],
    [far, near],
  ]) {
    expect(new Judgement(set, 0).verdict(place(desk, 1, 4))).toBeUndefined();
    expect(new Judgement(set, 0).verdict(place(desk, 3, 12))).toBe('checkpoint');
  }
});

test('in the set of a checkpoint the one before it still counts', () => {
  const first = speaker(place(laptop, 2, 5), { checkpoints: [checkpoint(3, [[laptop, 1]])] });
  const second = speaker(place(laptop, 4, 30), {
    checkpoints: [
      checkpoint(20, [
        [laptop, 3],
        [desk, 2],
      ]),
    ],
  });
  const judgement = new Judgement([first, second], 0);
  expect(judgement.checkpoints).toHaveLength(2);
  expect(judgement.verdict(place(desk, 1, 2))).toBe('checkpoint');
  expect(judgement.verdict(place(desk, 2, 4))).toBeUndefined();
});

test('a device skips its own entries, before it skipped and not beyond a checkpoint', () => {
  const lost = place(laptop, 2, 7);
  const skip = speaker(place(laptop, 3, 9), { skips: [lost.name] });
  expect(new Judgement([skip], 0).verdict(lost)).toBe('skipped');
  expect(new Judgement([{ ...skip, device: desk }], 0).verdict(lost)).toBeUndefined();
  expect(new Judgement([speaker(place(laptop, 1, 6), { skips: [lost.name] })], 0).verdict(lost)).toBeUndefined();
  const between = speaker(place(desk, 4, 30), { checkpoints: [checkpoint(8, [[laptop, 2]])] });
  expect(new Judgement([skip, between], 0).verdict(lost)).toBeUndefined();
  const above = speaker(place(desk, 4, 30), { checkpoints: [checkpoint(9, [[laptop, 3]])] });
  expect(new Judgement([skip, above], 0).verdict(lost)).toBe('skipped');
});

test('what was given up says nothing: neither a skip nor a checkpoint', () => {
  const first = place(laptop, 1, 3);
  const second = speaker(place(laptop, 2, 4), { skips: [first.name], checkpoints: [checkpoint(2, [])] });
  const third = speaker(place(laptop, 3, 5), { skips: [second.name] });
  expect(new Judgement([second], 0).verdict(first)).toBe('skipped');
  const judgement = new Judgement([second, third], 0);
  expect(judgement.verdict(first)).toBeUndefined();
  expect(judgement.verdict(second)).toBe('skipped');
  expect(judgement.checkpoint).toBeUndefined();
});

test('a checkpoint that reaches no higher than the floor, or beyond itself, says nothing', () => {
  const low = speaker(place(laptop, 5, 20), { checkpoints: [checkpoint(10, [])] });
  expect(new Judgement([low], 10).checkpoint).toBeUndefined();
  const beyond = speaker(place(laptop, 5, 20), { checkpoints: [checkpoint(20, [])] });
  expect(new Judgement([beyond], 0).checkpoint).toBeUndefined();
});
