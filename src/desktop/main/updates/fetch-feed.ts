/** Reading a feed: a little at a time, from where it is said to be and nowhere else. */
/** `fetch`, Electron's or Node's. */
export type Fetch = (address: string, init: { readonly redirect: 'error'; readonly signal: AbortSignal }) => Promise<Response>;

/** Without an answer, or without another piece of it. */
const patienceMs = 30_000;

/** All of a small file. Throws where it can't be had, is longer, lies elsewhere by now, or is not wanted any more. */
export async function fetchSmall(fetch: Fetch, address: string, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await fetchPieces(fetch, address, {
    maxBytes,
    signal,
    take: (piece) => {
      pieces.push(piece);
      return Promise.resolve();
    },
  });
  return Buffer.concat(pieces);
}

export interface Taking {
  /** More than that is not taken. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly take: (piece: Uint8Array) => Promise<void>;
}

/** Piece by piece. Throws as `fetchSmall`, and what `take` throws. */
export async function fetchPieces(fetch: Fetch, address: string, { maxBytes, signal, take }: Taking): Promise<void> {
  const patience = new AbortController();
  const runOut = (): void => patience.abort(new Error(`${address} does not answer`));
  let timer = setTimeout(runOut, patienceMs);
  let taken = 0;
  try {
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.any([patience.signal, signal]) });
    if (response.status !== 200 || response.body === null) throw new Error(`${address} answered ${response.status}`);
    for await (const piece of response.body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(runOut, patienceMs);
      taken += piece.byteLength;
      if (taken > maxBytes) throw new Error(`${address} is longer than it may be`);
      await take(piece);
    }
  } finally {
    clearTimeout(timer);
    // Ends what is not read to its end.
    patience.abort();
  }
}
