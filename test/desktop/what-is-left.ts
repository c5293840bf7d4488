/** The processes of an app that does not end, for whoever wonders what it hangs on. */
import fs from 'node:fs';

/** One line for each: what it is, what it waits in. Linux alone tells. */
export function whatIsLeft(program: number): string {
  const all = processes();
  const family = new Set([program]);
  // A child comes after its parent, mostly: as often as something is found.
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  const left = all.filter(({ pid }) => family.has(pid)).map(({ pid, state, words }) => `${pid} ${state} ${readOr(pid, 'wchan')} ${words}`);
  return left.length === 0 ? 'all of its processes are gone: only Playwright waits' : left.join('\n');
}

function processes(): readonly { readonly pid: number; readonly parent: number; readonly state: string; readonly words: string }[] {
  if (process.platform !== 'linux') return [];
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      const pid = Number(name);
      // The name in brackets may hold anything.
      const [state = '', parent = ''] = readOr(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
      return { pid, parent: Number(parent), state, words: readOr(pid, 'cmdline').replaceAll('\0', ' ').slice(0, 200) };
    });
}

function readOr(pid: number, name: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
