/** How much there is, in the vault and of it here. */
import type { ReactNode } from 'react';
import { HowFar } from '../parts/how-far.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import type { Linked } from './linked.ts';

export function Storage({ overview }: { readonly overview: Linked }): ReactNode {
  const { t, formats } = useSurroundings();
  const { files, bytes, local } = overview;
  const isAllHere = local.files >= files;
  return (
    <section className="storage" aria-label={t('status.storage')}>
      <p className="spread numbers">
        <span>{t('status.in-vault', { bytes: formats.bytes(bytes), files })}</span>
        {files === 0 ? null : (
          <span className="soft">{isAllHere ? t('status.all-here') : t('status.here', { bytes: formats.bytes(local.bytes) })}</span>
        )}
      </p>
      {isAllHere ? null : <HowFar label={t('status.share-here')} fraction={bytes === 0 ? 0 : local.bytes / bytes} />}
    </section>
  );
}
