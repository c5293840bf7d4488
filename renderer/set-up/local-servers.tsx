/** Store servers that say themselves that they are on this network: asked for when a person wants it, and only proposed. */
import { useState, type ReactNode } from 'react';
import type { Answered } from '../../src/control/acts/window-acts.ts';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { Choice } from '../parts/choice.tsx';
import { SecretEntry } from '../parts/entry.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';
import type { StoreFields } from './store-place.ts';

interface LocalServersProps {
  readonly fields: StoreFields;
  readonly onChange: (changes: Partial<StoreFields>) => void;
  readonly onSubmit: () => void;
}

export function LocalServers({ fields, onChange, onSubmit }: LocalServersProps): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy, failure } = useDoing();
  const [told, setTold] = useState<Answered<'find-servers'>>();
  const found = told?.rows.map(({ host, port }) => `${host}:${port}`) ?? [];
  // Chosen before, and not there now: it may be away only for a moment.
  const shown = fields.serverFound === '' || found.includes(fields.serverFound) ? found : [fields.serverFound, ...found];
  return (
    <>
      <div className="row">
        <Action icon="network" isBusy={isBusy} onPress={() => run(() => ask('find-servers', {}), setTold)}>
          {t('set-up.find-servers')}
        </Action>
        <span role="status" className="soft shrinks">
          {isBusy ? t('set-up.finding-servers') : told?.rows.length === 0 ? t('set-up.no-servers') : ''}
        </span>
      </div>
      {shown.length === 0 ? null : (
        <Choice
          look="cards"
          label={t('set-up.found-servers')}
          value={fields.serverFound}
          onChange={(serverFound) => onChange({ serverFound, serverUrl: '' })}
          options={shown.map((address) => ({ value: address, label: address, icon: 'network' as const }))}
        />
      )}
      {fields.serverFound === '' ? null : (
        <>
          <SecretEntry
            label={t('set-up.server-token')}
            help={t('set-up.server-token-help')}
            value={fields.serverToken}
            onChange={(serverToken) => onChange({ serverToken })}
            onSubmit={onSubmit}
          />
          <p className="fine-print">{t('set-up.found-plain')}</p>
        </>
      )}
      <FailureNotice failure={failure} />
    </>
  );
}
