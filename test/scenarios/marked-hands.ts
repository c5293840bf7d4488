import type { Hands, SeenItem } from './person.ts';

/** Hands in a folder of a folder, where every content bears a mark, so that contents of different scenarios are never the same. */
export function markedHands(hands: Hands, folder: string): Hands {
  const mark = ` #${folder}#`;
  const at = (path: string): string => `${folder}/${path}`;
  const marked = (text: string): string => (text === '' ? '' : text + mark);
  const unmarked = (seen: SeenItem): SeenItem => ({ ...seen, text: withoutMarks(seen.text) });
  return {
    writeFile: (path, text) => hands.writeFile(at(path), marked(text)),
    saveFile: (path, text) => hands.saveFile(at(path), marked(text)),
    append: (path, text) => hands.append(at(path), text),
    rename: (from, to) => hands.rename(at(from), at(to)),
    remove: (path) => hands.remove(at(path)),
    removeTree: (path) => hands.removeTree(at(path)),
    makeFolder: (path) => hands.makeFolder(at(path)),
    makeLink: (target, path) => hands.makeLink(target, at(path)),
    hardLink: (path, to) => hands.hardLink(at(path), at(to)),
    makePipe: (path) => hands.makePipe(at(path)),
    setTime: (path, mtimeUs) => hands.setTime(at(path), mtimeUs),
    setMode: (path, mode) => hands.setMode(at(path), mode),
    see: (path) => {
      const seen = hands.see(at(path));
      return seen === undefined ? undefined : unmarked(seen);
    },
    tree: (below = '') => {
      const whole = hands.tree(below === '' ? folder : at(below));
      return new Map([...whole].map(([path, seen]) => [path.slice(folder.length + 1), unmarked(seen)]));
    },
  };
}

/** A content as the scenario knows it. */
export function withoutMarks(text: string): string {
  return text.replaceAll(/ #\d+#/g, '');
}
