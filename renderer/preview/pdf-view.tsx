/** What is said of a PDF where its pages can't be shown. */
import { useEffect, useState, type ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { readPdfFacts, type PdfFacts } from './pdf-facts.ts';

export function PdfView({ bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }): ReactNode {
  const { t } = useSurroundings();
  const [read, setRead] = useState<{ readonly of: Uint8Array; readonly facts: PdfFacts }>();
  useEffect(() => {
    let isOver = false;
    void (async () => {
      const facts = await readPdfFacts(bytes);
      if (!isOver) setRead({ of: bytes, facts });
    })();
    return () => {
      isOver = true;
    };
  }, [bytes]);
  const facts = read?.of === bytes ? read.facts : undefined;
  return (
    <p className="preview-facts">
      <Icon name="file" />
      <span>
        {t('preview.pdf', { pages: facts?.pages ?? 0 })} {facts?.isProtected === true ? t('preview.pdf-protected') : null}{' '}
        {t('preview.not-shown.other')}
      </span>
    </p>
  );
}
