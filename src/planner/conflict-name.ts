import { limits } from '../model/limits.ts';
import { nameToBytes, type NodeName } from '../model/name.ts';

/** Characters that some platform can't hold in a name; a device may be called anything. */
const awkward = /[\u0000-\u001f\u007f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]/g;

/**
 * `name (conflict DEVICE YYYY-MM-DD).ext`, with a number behind the date where that is taken. The extension is kept
 * (the last one, two for `.tar.gz` and the like); the stem is cut where the whole would be longer than 255 bytes. A name
 * that already is a conflict name gets its mark replaced, not a second one, so that names don't grow.
 */
export function conflictName(
  name: NodeName,
  mark: { readonly device: string; readonly date: string },
  isTaken: (name: NodeName) => boolean,
): NodeName {
  const { stem, extension } = splitExtension(name);
  const plain = stem.replace(/ \(conflict .{1,64} \d{4}-\d{2}-\d{2}(?: \d+)?\)$/u, '');
  const device = mark.device.replace(awkward, '').trim().slice(0, 40) || 'device';
  for (let number = 1; ; number += 1) {
    const suffix = ` (conflict ${device} ${mark.date}${number === 1 ? '' : ` ${number}`})`;
    const candidate = fit(plain, suffix + extension);
    if (!isTaken(candidate)) return candidate;
  }
}

function splitExtension(name: string): { stem: string; extension: string } {
  const match = /^(.+?)((?:\.tar)?\.[^. /]{1,16})$/s.exec(name);
  return match?.[1] === undefined || match[2] === undefined ? { stem: name, extension: '' } : { stem: match[1], extension: match[2] };
}

function fit(stem: string, tail: string): NodeName {
  const symbols = [...stem];
  while (symbols.length > 0 && nameToBytes(symbols.join('') + tail).length > limits.nameMaxBytes) symbols.pop();
  return (symbols.join('') + tail) as NodeName;
}
