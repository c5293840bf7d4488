import v8 from 'node:v8';

/** What young objects get, in bytes, both halves together: the larger it is, the fewer of them live when it is full. */
const youngBytes = 8 * 1024 * 1024;
/** Objects that have to live until the room grows; V8 was seen to grow it after fifty. */
const heldMax = 400;
const heldWords = 2_000;

/**
 * Gives this thread's young objects more room, where they do not have it: what they begin with would be looked through a thousand
 * times for 20,000 new files (three times the work), and what V8 lets it grow to by itself (32 MiB) is too much. There is no call for
 * it, but it grows by a factor that may be set, when much of what is new has lived. V8 takes it back where little is going on: to be
 * called again before there is much to do. Other threads keep what they begin with.
 */
export function giveYoungRoom(): void {
  if (youngSpaceBytes() >= youngBytes) return;
  v8.setFlagsFromString('--semi-space-growth-factor=4');
  const held: number[][] = [];
  while (youngSpaceBytes() < youngBytes && held.length < heldMax) held.push(Array.from({ length: heldWords }, () => held.length));
  v8.setFlagsFromString('--semi-space-growth-factor=1');
}

function youngSpaceBytes(): number {
  return v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? Infinity;
}
