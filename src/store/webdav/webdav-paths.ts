/**
 * Where objects stand on a WebDAV server: each is a file at the path that its name says, but that names of a journal,
 * which begin with 12 digits, stand in a folder for each hundred of them (`journal/0000000012_/000000001234-…`). A folder can
 * only be listed whole, at 250 to 800 bytes for each name in it, and whoever looks for news looks at the end of the journal.
 * '_' stands in no object's name, and no name here begins with a dot: some servers hide those.
 */

/** Where objects are written before they get their names. */
export const stagingFolder = 'staging_';

const fannedName = /^(\d{10})\d\d-/;
const fanFolder = /^\d{10}_$/;

/** Path below the store's folder. */
export function objectPath(name: string): string {
  const cut = name.lastIndexOf('/') + 1;
  const fan = fannedName.exec(name.slice(cut))?.[1];
  return fan === undefined ? name : `${name.slice(0, cut)}${fan}_/${name.slice(cut)}`;
}

/** The folder a path stands in, without a slash at its end; empty: the store's own. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The digits that all names in a fan begin with; undefined: no fan. */
export function fanDigits(folderName: string): string | undefined {
  return fanFolder.test(folderName) ? folderName.slice(0, -1) : undefined;
}

/** Whether a file of this name is where `objectPath` has it. */
export function isInPlace(fileName: string, fan: string | undefined): boolean {
  return fannedName.exec(fileName)?.[1] === fan;
}
