/** A recovery key as people read it: groups of letters and digits. */

export function groupsOf(recoveryKey: string): readonly string[] {
  return recoveryKey.split(/[\s-]+/).filter((group) => group !== '');
}

/** Two different groups to be typed, in their order. `draw`: 0 to below 1. */
export function chooseGroups(count: number, draw: () => number): readonly [number, number] {
  const first = Math.floor(draw() * count);
  const second = (first + 1 + Math.floor(draw() * (count - 1))) % count;
  return [Math.min(first, second), Math.max(first, second)];
}

/** As Crockford's base 32 is read: in any case, O for 0, I and L for 1. */
export function isSameGroup(typed: string, group: string): boolean {
  return plain(typed) === plain(group) && group !== '';
}

function plain(text: string): string {
  return text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}
