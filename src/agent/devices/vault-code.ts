/** What this device has seen of its vault, as a code that is compared by eye with another device's. */
import { z } from 'zod';
import { headCode } from '../../vault/head-code.ts';
import { keyListName } from '../../vault/keyring/key-list.ts';
import { vaultHeadText } from '../../vault/vault-head.ts';
import type { AgentHost } from '../agent-host.ts';
import { atOwner } from '../at-owner.ts';
import type { Session } from '../open-session.ts';

/** The shape is that of `vault code --json`. */
export interface VaultCode {
  /** Equal on two devices exactly where they have seen the same. */
  readonly code: string;
  readonly vaultId: string;
  /** Entries of the journal that this device has seen. */
  readonly seq: number;
  /** The newest of them, by its author's clock. */
  readonly newest: { readonly device: string; readonly at: string } | null;
  /** What `join --head` takes: a store that shows less is refused. */
  readonly head: string;
  /** Where the vault is, without credentials. */
  readonly store: string;
}

const schema: z.ZodType<VaultCode> = z.object({
  code: z.string(),
  vaultId: z.string(),
  seq: z.int(),
  newest: z.object({ device: z.string(), at: z.string() }).nullable(),
  head: z.string(),
  store: z.string(),
});

/** Throws as `atOwner`. */
export function askVaultCode(host: AgentHost): Promise<VaultCode> {
  return atOwner(host, { question: { do: 'vault-code' }, answer: schema, act: (session) => Promise.resolve(readVaultCode(session)) });
}

export function readVaultCode({ keyring, keyStore, journal, store }: Session): VaultCode {
  const { vaultId } = keyring;
  const { current, list } = keyring.state();
  const code = headCode(keyStore.primitives, current, { vaultId, keyList: keyring.current().hash, vector: journal.vector() });
  const news = journal.devices();
  const last = news.toSorted((a, b) => timeOf(b) - timeOf(a))[0];
  const device = keyring.devices.find(({ id }) => id === last?.device)?.name ?? last?.device.slice(0, 8) ?? '';
  const newest = last === undefined ? null : { device, at: new Date(timeOf(last)).toISOString() };
  const head = vaultHeadText({ keyList: keyListName(list.body.generation, list.hash), entry: journal.newest() });
  return { code, vaultId, seq: news.reduce((sum, { counter }) => sum + counter, 0), newest, head, store: store.label };
}

function timeOf({ timeMs, arrivedMs }: { readonly timeMs: number | undefined; readonly arrivedMs: number }): number {
  return timeMs ?? arrivedMs;
}
