/** What the metadata of a feed says, as far as it is believed. */
import { parseUpdateInfo } from 'electron-updater/out/providers/Provider.js';
import { z } from 'zod';

/** Larger than any package of ours; in bytes. */
const fileMaxBytes = 2 * 1024 * 1024 * 1024;
/** Of metadata, in bytes. */
export const metadataMaxBytes = 64 * 1024;

const releaseFileShape = z.object({
  /** A plain name: it lies beside the metadata, nowhere else. */
  url: z.string().regex(/^[A-Za-z0-9][\w.-]{0,199}$/),
  sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
  size: z.int().min(1).max(fileMaxBytes),
});
const releaseShape = z.object({
  version: z.string().regex(/^(?:0|[1-9]\d{0,5})(?:\.(?:0|[1-9]\d{0,5})){2}$/),
  files: z.array(releaseFileShape).min(1).max(16),
});

/** A package of a release: its name in the feed, its hash in base64, its size in bytes. */
export type ReleaseFile = z.output<typeof releaseFileShape>;
export type Release = z.output<typeof releaseShape>;

/** undefined for anything that is no release of ours; only to be called for what was signed. */
export function parseRelease(metadata: Uint8Array): Release | undefined {
  if (metadata.byteLength > metadataMaxBytes) return undefined;
  try {
    return releaseShape.parse(parseUpdateInfo(Buffer.from(metadata).toString('utf8'), 'metadata', new URL('feed://metadata')));
  } catch {
    return undefined;
  }
}

/** The package for this computer among those of a release. */
export function fileFor({ files }: Release, ending: string, arch: string): ReleaseFile | undefined {
  const fitting = files.filter(({ url }) => url.endsWith(`.${ending}`));
  // Packages for x64 are not always marked as such; those for arm64 are.
  const isForArm = ({ url }: ReleaseFile): boolean => url.includes('arm64');
  return fitting.find((file) => isForArm(file) === (arch === 'arm64'));
}

/** Whether a version is later than another; both three numbers. */
export function isNewer(version: string, than: string): boolean {
  const [[major = 0, minor = 0, patch = 0], [otherMajor = 0, otherMinor = 0, otherPatch = 0]] = [numbersOf(version), numbersOf(than)];
  return (major - otherMajor || minor - otherMinor || patch - otherPatch) > 0;
}

function numbersOf(version: string): number[] {
  return version.split('.', 3).map((part) => Number.parseInt(part, 10));
}
