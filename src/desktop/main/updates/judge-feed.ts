/** Whether what a feed gave is to be believed, and what follows from it: a decision only. */
import { isSignedBy, parseFeedSignature, sha512Of } from './feed-signature.ts';
import { isNewer, parseRelease, type Release } from './release.ts';

/** Why a feed is refused: nobody of ours signed it; an older one than was seen; one whose time is over; none that makes sense. */
export type FeedFault = 'untrusted' | 'replayed' | 'expired' | 'senseless';

export type FeedWord =
  | { readonly is: 'newer'; readonly release: Release; readonly signedMs: number }
  | { readonly is: 'current'; readonly signedMs: number }
  | { readonly is: 'refused'; readonly why: FeedFault };

export interface FeedQuestion {
  /** Name of the metadata that was asked for. */
  readonly file: string;
  readonly metadata: Uint8Array;
  readonly signature: Uint8Array;
  /** The maintainers' public keys, 32 bytes each. */
  readonly keys: readonly Uint8Array[];
  /** The version that runs. */
  readonly version: string;
  /** When the latest feed that was ever believed here was signed. */
  readonly seenMs: number | undefined;
  readonly nowMs: number;
}

export function judgeFeed({ file, metadata, signature, keys, version, seenMs, nowMs }: FeedQuestion): FeedWord {
  const signed = parseFeedSignature(signature);
  // Nothing is read of the metadata before it is known whose it is.
  if (signed === undefined || !isSignedBy(signed, keys)) return { is: 'refused', why: 'untrusted' };
  if (signed.file !== file || signed.sha512 !== sha512Of(metadata)) return { is: 'refused', why: 'untrusted' };
  if (seenMs !== undefined && signed.signedMs < seenMs) return { is: 'refused', why: 'replayed' };
  if (nowMs >= signed.expiresMs) return { is: 'refused', why: 'expired' };
  const release = parseRelease(metadata);
  if (release === undefined) return { is: 'refused', why: 'senseless' };
  const { signedMs } = signed;
  return isNewer(release.version, version) ? { is: 'newer', release, signedMs } : { is: 'current', signedMs };
}
