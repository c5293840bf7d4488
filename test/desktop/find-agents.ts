/** Agents among the processes of this machine. */
import fs from 'node:fs';

/** Processes that serve this profile. */
export function findAgents(profile: string): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const words = readOr('', () => fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
      return words.includes('agent') && words.includes(profile);
    })
    .map(Number);
}

export function isRunning(pid: number): boolean {
  return readOr(false, () => process.kill(pid, 0));
}

function readOr<Found>(fallback: Found, read: () => Found): Found {
  try {
    return read();
  } catch {
    return fallback;
  }
}
