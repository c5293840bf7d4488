import {
  applePersonality,
  drawPersonality,
  linuxPersonality,
  nativePersonality,
  oldApplePersonality,
  plainPersonality,
  stickPersonality,
  windowsPersonality,
} from '../../world/fake-disk/personality.ts';
import { SeededRandom } from '../../world/seeded-random.ts';
import { describeDisk } from './disk-contract.ts';
import { fakeSubject } from './disk-subject.ts';

describeDisk(fakeSubject('Linux with native calls', linuxPersonality));
describeDisk(fakeSubject('Linux with native calls that take many items', nativePersonality));
describeDisk(fakeSubject('Linux without', plainPersonality));
describeDisk(fakeSubject('no hard links', { ...plainPersonality, hasHardLinks: false }));
describeDisk(fakeSubject('Apple', applePersonality));
describeDisk(fakeSubject('Apple of old, names come back decomposed', oldApplePersonality));
describeDisk(fakeSubject('Windows', windowsPersonality));
describeDisk(fakeSubject('a stick', stickPersonality));
for (let seed = 1; seed <= 6; seed += 1) describeDisk(fakeSubject(`drawn by chance ${seed}`, drawPersonality(new SeededRandom(seed))));
