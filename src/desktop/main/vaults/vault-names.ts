/** What vaults are called: a person knows them by their folders. */

/** What is named. */
export interface NamedVault {
  readonly number: number;
  /** undefined: not known. */
  readonly folder: string | undefined;
}

/** By number: the folder's last name, with as many before it as tell it from the others. `unknown` names one without a folder. */
export function vaultNames(vaults: readonly NamedVault[], unknown: (number: number) => string): ReadonlyMap<number, string> {
  return new Map(vaults.map((vault) => [vault.number, nameOf(vault, vaults) ?? unknown(vault.number)]));
}

function nameOf({ number, folder }: NamedVault, vaults: readonly NamedVault[]): string | undefined {
  if (folder === undefined) return undefined;
  const parts = partsOf(folder);
  const others = vaults.filter((other) => other.number !== number).map((other) => partsOf(other.folder ?? ''));
  for (let count = 1; count < parts.length; count += 1) {
    const end = parts.slice(-count).join('/');
    if (others.every((other) => other.slice(-count).join('/') !== end)) return end;
  }
  return parts.length === 0 ? folder : parts.join('/');
}

function partsOf(folder: string): string[] {
  return folder.split(/[/\\]/).filter((part) => part !== '');
}
