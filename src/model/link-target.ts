import type { DiskTraits } from './disk-traits.ts';

/**
 * Whether a link might lead out of the synced folder: an absolute target, or one that goes further up than the link stands
 * deep (`folders` above it, within the synced folder). Going up again behind a name counts as leading out too: that name may be
 * a link itself, so that nobody can tell where "above" is. All other targets stay inside, through however many links they go.
 */
export function leadsOut(target: string, folders: number, { names }: Pick<DiskTraits, 'names'>): boolean {
  const isWindows = names === 'windows';
  if (isWindows && /^[a-z]:/i.test(target)) return true;
  const parts = target.split(isWindows ? /[/\\]/ : '/');
  if (parts[0] === '' && target !== '') return true;
  const steps = parts.filter((part) => part !== '' && part !== '.');
  const ups = steps.findIndex((step) => step !== '..');
  if (ups === -1) return steps.length > folders;
  return ups > folders || steps.includes('..', ups);
}
