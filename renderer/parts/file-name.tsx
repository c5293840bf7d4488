/** The name of a file, folder or device, which may be anything: shown as text alone, whole for who asks, cut in the middle where room ends. */
import { Fragment, type ReactNode } from 'react';
import { folderOf, lastName, showHidden, splitForRoom } from './shown-text.ts';

export function FileName({ name }: { readonly name: string }): ReactNode {
  const { head, tail } = splitForRoom(name);
  return (
    <bdi className="file-name" dir="auto" title={showHidden(name)}>
      <span className="file-name-head">{head}</span>
      {tail === '' ? null : <span className="file-name-tail">{tail}</span>}
    </bdi>
  );
}

/** A path or an address in full: over several lines where it has to be, which break between its parts. */
export function WholePath({ path }: { readonly path: string }): ReactNode {
  const parts = showHidden(path).split(/(?<=[/\\])/);
  return (
    <bdi className="whole-path" dir="auto">
      {parts.map((part, at) => (
        <Fragment key={at}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </bdi>
  );
}

/** The name, and under it the folder that it is in. */
export function FilePath({ path, top }: { readonly path: string; readonly top: string }): ReactNode {
  const folder = folderOf(path);
  return (
    <span className="file-path">
      <FileName name={lastName(path)} />
      <span className="file-folder">{folder === '' ? top : <FileName name={folder} />}</span>
    </span>
  );
}
