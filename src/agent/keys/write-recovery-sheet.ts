import fs from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../base/failure.ts';
import { parseRecoveryKey, recoveryKeyText, type RecoverySecret } from '../../crypto/recovery-key.ts';
import type { AgentHost } from '../agent-host.ts';
import { changeRecoveryKey } from './ask-for-keys.ts';
import { openKeyTools } from './key-tools.ts';
import { lookInto } from '../folder/look-into.ts';
import { opensVault } from '../begin/opens-vault.ts';
import { asFailure } from '../profile/private-file.ts';
import { sheetAsHtml, sheetAsText, type RecoverySheet } from './recovery-sheet.ts';
import { askVaultCode } from '../devices/vault-code.ts';

/**
 * Writes a sheet with the vault's recovery key, as HTML where the file's name says so. Nothing is ever overwritten. Throws
 * E_IN_THE_WAY, E_USAGE (in the synced folder), E_LOCKED (not the vault's key), E_DISK, and as `askVaultCode`.
 */
export async function writeRecoverySheet(host: AgentHost, file: string, typed: string): Promise<void> {
  const key = await knownKey(host, typed);
  await withNewFile(host, file, () => sheet(host, file, key));
}

/** A page of HTML for a key that somebody has. Throws E_LOCKED (not the vault's key), and as `askVaultCode`. */
export async function recoverySheetPage(host: AgentHost, typed: string): Promise<string> {
  const key = await knownKey(host, typed);
  return sheetAsHtml(await contentsOf(host, key));
}

/** Makes another recovery key, and a page of HTML with it. Throws as `changeRecoveryKey`. */
export async function makeRecoveryKeyAndPage(host: AgentHost): Promise<{ readonly recoveryKey: string; readonly sheet: string }> {
  const key = await changeRecoveryKey(host);
  const contents = await contentsOf(host, key);
  return { recoveryKey: contents.recoveryKey, sheet: sheetAsHtml(contents) };
}

async function knownKey(host: AgentHost, typed: string): Promise<RecoverySecret> {
  const { primitives } = openKeyTools(host.env);
  const key = parseRecoveryKey(primitives, typed);
  if (await opensVault(host, { kind: 'recovery', key })) return key;
  const action = 'type the newest one; `cachette vault recovery-key --sheet FILE` makes another one';
  throw new Failure('E_LOCKED', "this is not the vault's recovery key, as of the last sync", { action });
}

/**
 * Makes another recovery key, and its sheet where a file is named: sheets of the old one are worthless then. `tell` gets the
 * key as soon as it counts, whatever becomes of the file. Throws as `changeRecoveryKey`, and as above about the file.
 */
export async function makeRecoveryKeyAndSheet(host: AgentHost, file: string | undefined, tell: (key: string) => void): Promise<void> {
  const { primitives } = openKeyTools(host.env);
  const change = async (): Promise<RecoverySecret> => {
    const key = await changeRecoveryKey(host);
    tell(recoveryKeyText(primitives, key));
    return key;
  };
  if (file === undefined) await change();
  else await withNewFile(host, file, async () => sheet(host, file, await change()));
}

async function sheet(host: AgentHost, file: string, key: RecoverySecret): Promise<string> {
  const contents = await contentsOf(host, key);
  return /\.html?$/i.test(file) ? sheetAsHtml(contents) : sheetAsText(contents);
}

async function contentsOf(host: AgentHost, key: RecoverySecret): Promise<RecoverySheet> {
  const { vaultId, store, head, code } = await askVaultCode(host);
  const recoveryKey = recoveryKeyText(openKeyTools(host.env).primitives, key);
  return { vaultId, store, head, code, recoveryKey, printedMs: host.clock.nowMs() };
}

/** The file is made first, so that no key is made that could not be written down; it goes again where that fails. */
async function withNewFile(host: AgentHost, file: string, text: () => Promise<string>): Promise<void> {
  const { folder } = await lookInto(host.profileDir, ({ settings }) => settings);
  try {
    const within = path.relative(folder, path.join(await fs.realpath(path.dirname(file)), path.basename(file)));
    if (within.split(path.sep)[0] !== '..' && !path.isAbsolute(within)) {
      throw new Failure('E_USAGE', `${file} is in the synced folder`, {
        subject: file,
        action: 'keep it elsewhere: whoever has it has everything',
      });
    }
    await using handle = await fs.open(file, 'wx', 0o600);
    try {
      await handle.writeFile(await text());
      await handle.sync();
    } catch (error) {
      await fs.rm(file, { force: true });
      throw error;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new Failure('E_IN_THE_WAY', `${file} is there already`, {
        subject: file,
        action: 'nothing was overwritten; name another file',
      });
    throw asFailure(error, 'write', file);
  }
}
