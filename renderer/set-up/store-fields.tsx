/** What each kind of store needs to know. */
import type { ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { askShell } from '../parts/bridge.ts';
import { Entry, SecretEntry } from '../parts/entry.tsx';
import { FileName } from '../parts/file-name.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import type { TextKey } from '../parts/texts.ts';
import { useDoing } from '../parts/use-doing.ts';
import { LocalServers } from './local-servers.tsx';
import type { StoreFields, StoreKind } from './store-place.ts';

interface FormProps {
  readonly kind: StoreKind;
  readonly fields: StoreFields;
  readonly onChange: (changes: Partial<StoreFields>) => void;
  readonly onSubmit: () => void;
}

interface FieldSpec {
  readonly name: Exclude<keyof StoreFields, 'folder' | 'serverFound' | 'serverToken'>;
  readonly label: TextKey;
  readonly help?: TextKey;
  readonly placeholder?: string;
  readonly isSecret?: boolean;
}

/** Examples of addresses are the same in every language. */
const fieldsOf: Readonly<Record<Exclude<StoreKind, 'folder'>, readonly FieldSpec[]>> = {
  server: [{ name: 'serverUrl', label: 'set-up.server-url', help: 'set-up.server-url-help', placeholder: 'https://…@nas.home:8440/vault' }],
  s3: [
    { name: 'endpoint', label: 'set-up.endpoint', help: 'set-up.endpoint-help', placeholder: 's3.example.com' },
    { name: 'bucket', label: 'set-up.bucket' },
    { name: 'prefix', label: 'set-up.prefix', help: 'set-up.prefix-help' },
    { name: 'region', label: 'set-up.region', placeholder: 'us-east-1' },
    { name: 'accessKey', label: 'set-up.access-key' },
    { name: 'secretKey', label: 'set-up.secret-key', isSecret: true },
  ],
  webdav: [
    {
      name: 'davUrl',
      label: 'set-up.dav-url',
      help: 'set-up.dav-url-help',
      placeholder: 'https://cloud.example.com/remote.php/dav/files/ana/cachette',
    },
    { name: 'user', label: 'set-up.user' },
    { name: 'password', label: 'set-up.password', help: 'set-up.password-help', isSecret: true },
  ],
};

export function StoreFieldsForm({ kind, fields, onChange, onSubmit }: FormProps): ReactNode {
  const { t } = useSurroundings();
  if (kind === 'folder') return <FolderStore fields={fields} onChange={onChange} />;
  return (
    <div className={`store-fields store-fields-${kind}`}>
      {fieldsOf[kind].map(({ name, label, help, placeholder, isSecret = false }) => {
        const Field = isSecret ? SecretEntry : Entry;
        return (
          <Field
            key={name}
            label={t(label)}
            value={fields[name]}
            onChange={(value) => onChange(name === 'serverUrl' ? { serverUrl: value, serverFound: '' } : { [name]: value })}
            onSubmit={onSubmit}
            {...(help === undefined ? {} : { help: t(help) })}
            {...(placeholder === undefined ? {} : { placeholder })}
          />
        );
      })}
      {kind === 'server' ? <LocalServers fields={fields} onChange={onChange} onSubmit={onSubmit} /> : null}
    </div>
  );
}

function FolderStore({ fields, onChange }: Pick<FormProps, 'fields' | 'onChange'>): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy } = useDoing();
  const pick = (): void =>
    run(
      () => askShell('pick-folder', { for: 'store' }),
      ({ picked }) => {
        if (picked !== null) onChange({ folder: picked });
      },
    );
  return (
    <div className="stack">
      <p className="soft">{t('set-up.folder-store-help')}</p>
      <div className="picked">
        {fields.folder === undefined ? <span className="soft">{t('set-up.nothing-picked')}</span> : <FileName name={fields.folder.path} />}
        <Action icon="folder" onPress={pick} isBusy={isBusy}>
          {t('words.choose')}
        </Action>
      </div>
    </div>
  );
}
