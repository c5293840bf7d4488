/** Owns the file named by its first argument until it is killed; says so on its standard output. */
import { acquireOwnerLock } from '../../src/index/file/owner-lock.ts';

acquireOwnerLock(process.argv[2] ?? '');
process.stdout.write('owned\n');
setInterval(() => undefined, 60_000);
