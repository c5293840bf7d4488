import { limits } from '../model/limits.ts';
import { nameToBytes, type NodeName } from '../model/name.ts';

/** Characters that some platform can't hold in a name; a device may be called anything. */
const awkward = /[\u0000-\u001f\u007f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]/g;

/**
 * `name (MARK).ext`, with a number behind the mark where that is taken. The extension is kept (the last one, two for
 * `.tar.gz` and the like); the stem is cut where the whole would be longer than 255 bytes.
 */
export function markedName(name: NodeName, mark: string, isTaken: (name: NodeName) => boolean): NodeName {
  const { stem, extension } = splitExtension(name);
  for (let number = 1; ; number += 1) {
    const candidate = fit(stem, ` (${mark}${number === 1 ? '' : ` ${number}`})${extension}`);
    if (!isTaken(candidate)) return candidate;
  }
}

/** The device's name as it may stand in names: 1 to 40 characters, none of them halved. */
export function deviceMark(device: string): string {
  const symbols = [...device.replace(awkward, '').trim()];
  return symbols.slice(0, 40).join('').trimEnd() || 'device';
}

/** A name without its extension, and that. */
export function splitExtension(name: string): { stem: string; extension: string } {
  const match = /^(.+?)((?:\.tar)?\.[^. /]{1,16})$/s.exec(name);
  return match?.[1] === undefined || match[2] === undefined ? { stem: name, extension: '' } : { stem: match[1], extension: match[2] };
}

function fit(stem: string, tail: string): NodeName {
  const symbols = [...stem];
  while (symbols.length > 0 && nameToBytes(symbols.join('') + tail).length > limits.nameMaxBytes) symbols.pop();
  return (symbols.join('') + tail) as NodeName;
}
