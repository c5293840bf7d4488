/** The name of a file, folder or device, which may be anything: shown as text alone, whole for who asks, cut in the middle where room ends. */
import type { ReactNode } from 'react';
import { showHidden, splitForRoom } from './shown-text.ts';

export function FileName({ name }: { readonly name: string }): ReactNode {
  const { head, tail } = splitForRoom(name);
  return (
    <bdi className="file-name" dir="auto" title={showHidden(name)}>
      <span className="file-name-head">{head}</span>
      {tail === '' ? null : <span className="file-name-tail">{tail}</span>}
    </bdi>
  );
}
