/** A picture of the vault, drawn from its own bytes: nothing is loaded from anywhere. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { lastName } from '../parts/shown-text.ts';
import { useSurroundings } from '../parts/surroundings.tsx';
import { FactsLine } from './facts-line.tsx';
import type { ShownContent } from './shown-content.ts';

export function PictureView({
  content,
  path,
}: {
  readonly content: Extract<ShownContent, { readonly is: 'picture' }>;
  readonly path: string;
}): ReactNode {
  const { t, formats } = useSurroundings();
  const { bytes, picture } = content;
  const drawn = useRef<HTMLImageElement>(null);
  const [broken, setBroken] = useState<Uint8Array>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: picture.type }));
    if (drawn.current !== null) drawn.current.src = made;
    return () => URL.revokeObjectURL(made);
  }, [bytes, picture.type]);
  if (broken === bytes) return <FactsLine of="broken" path={path} />;
  const size = t('preview.pixels', { width: formats.count(picture.width), height: formats.count(picture.height) });
  return (
    <figure className="preview-picture">
      <img
        ref={drawn}
        alt={t('preview.picture-of', { name: lastName(path) })}
        width={picture.width}
        height={picture.height}
        onError={() => setBroken(bytes)}
      />
      <figcaption className="fine-print">{size}</figcaption>
    </figure>
  );
}
