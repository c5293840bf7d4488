import type { PackId } from '../../model/ids.ts';

/** A pack's object: `packs/<first 2 hex>/<32 hex>`. The folder keeps directories of file stores short. */
export function packName(pack: PackId): string {
  return `packs/${pack.slice(0, 2)}/${pack}`;
}

/** The pack whose object this is; undefined where it is none (a foreign object in the store). */
export function findPackId(name: string): PackId | undefined {
  const match = /^packs\/([0-9a-f]{2})\/([0-9a-f]{32})$/.exec(name);
  return match?.[1] !== undefined && match[2]?.startsWith(match[1]) === true ? (match[2] as PackId) : undefined;
}
