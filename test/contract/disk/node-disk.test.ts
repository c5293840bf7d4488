import fs from 'node:fs';
import { describeDisk } from './disk-contract.ts';
import { realSubject, withoutHardLinks } from './disk-subject.ts';

describeDisk(realSubject('this machine'));
describeDisk(realSubject('without native code', { calls: { isNative: false } }));
describeDisk(realSubject('paths only, as on other systems', { calls: { anchored: false } }));
describeDisk(realSubject('no hard links', { limit: withoutHardLinks, traits: { hasHardLinks: false } }));
if (fs.existsSync('/dev/shm')) describeDisk(realSubject('tmpfs', { parent: '/dev/shm' }));
