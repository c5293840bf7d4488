import type { DeviceName } from './device-names.ts';
import { keyListLimits } from './key-list-limits.ts';

/** The name, or the name with the first free number: a name that a person gives to a command must mean one device. */
export function freeName(wanted: string, names: readonly Pick<DeviceName, 'name'>[]): string {
  const taken = new Set(names.map(({ name }) => name));
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) {
    const suffix = ` (${number})`;
    const symbols = [...wanted];
    while (Buffer.byteLength(symbols.join('') + suffix, 'utf8') > keyListLimits.nameMaxBytes) symbols.pop();
    name = symbols.join('') + suffix;
  }
  return name;
}
