// One run at a time does a job on this folder; the others wait for it. Plain JavaScript that any Node >= 20 runs.
import fs from 'node:fs';
import path from 'node:path';

const pollMs = 150;
/** A lock older than this is nobody's, whatever its process id says: ids are used again. */
const abandonedMs = 15 * 60_000;

/**
 * Does `work` while holding the lock file. The lock of a process that is gone is taken over; `work` may name the processes
 * that it starts, which hold the lock too: they may live on when this one is killed.
 * @template T
 * @param {string} file
 * @param {(alsoHeldBy: (pid: number) => void) => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let told = false; !tryLock(file);) {
    if (removeIfAbandoned(file)) continue;
    if (!told) console.error('waiting for another run in this folder');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  const unlock = () => fs.rmSync(file, { force: true });
  process.once('exit', unlock);
  try {
    return await work((pid) => fs.appendFileSync(file, ` ${pid}`));
  } finally {
    process.removeListener('exit', unlock);
    unlock();
  }
}

/** The file appears with its owner's id already in it (link of a finished file), so no one ever reads a half-made lock. */
function tryLock(file) {
  const own = `${file}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  try {
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

function removeIfAbandoned(file) {
  const owner = findOwner(file);
  if (owner === undefined) return true; // released meanwhile
  if (owner.pids.some(isAlive) && Date.now() - owner.sinceMs < abandonedMs) return false;
  // Two waiters may come here at once: moving it aside has one winner, and a live lock moved by mistake is put back.
  const aside = `${file}.${process.pid}.aside`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return true;
    throw error;
  }
  const moved = findOwner(aside);
  if (moved !== undefined && moved.pids[0] !== owner.pids[0]) {
    try {
      fs.linkSync(aside, file);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
  fs.rmSync(aside, { force: true });
  return true;
}

function findOwner(file) {
  try {
    return { pids: fs.readFileSync(file, 'utf8').split(' ').map(Number), sinceMs: fs.statSync(file).mtimeMs };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
