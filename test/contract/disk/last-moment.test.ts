import fs from 'node:fs';
import { linuxPersonality, plainPersonality } from '../../world/fake-disk/personality.ts';
import { fakeSubject, realSubject } from './disk-subject.ts';
import { describeLastMoment } from './last-moment.ts';

describeLastMoment(fakeSubject('Linux with native calls', linuxPersonality));
describeLastMoment(fakeSubject('Linux without', plainPersonality));
// Thousands of small folders: in memory where that is possible.
const parent = fs.existsSync('/dev/shm') ? { parent: '/dev/shm' } : {};
describeLastMoment(realSubject('this machine', parent));
describeLastMoment(realSubject('without native code', { ...parent, calls: { isNative: false } }));
