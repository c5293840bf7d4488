import type { AgentHost } from '../agent-host.ts';
import { announceSelection } from '../ask-agent.ts';
import { changeIndex } from '../profile/change-index.ts';
import { lookInto } from './look-into.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';
import { applyChoice, listSelection, type Choice, type SelectedFolder } from './selection.ts';
import { writeSelection } from './selection-file.ts';

/** What of the vault's folders is on this device. */
export function listFolders(profileDir: string, which: 'all' | 'telling'): Promise<SelectedFolder[]> {
  return lookInto(profileDir, ({ index }) => listSelection(index, which));
}

/** What choosing came to. */
export interface Choosing {
  /** Where things stand afterwards. */
  readonly folders: SelectedFolder[];
  /** Whether an agent is running that brings it about now; else the next sync does. */
  readonly isRunning: boolean;
}

/** Includes and leaves out these folders on this device, and says so to a running agent. Throws as `changeSelection`. */
export async function chooseFolders(host: AgentHost, choice: Choice): Promise<Choosing> {
  await changeSelection(host, choice);
  return { folders: await listFolders(host.profileDir, 'telling'), isRunning: await announceSelection(host) };
}

/** The choice alone: whoever syncs next brings it about. Throws E_NOT_FOUND, E_USAGE; then nothing is changed. */
export async function changeSelection(host: AgentHost, choice: Choice): Promise<void> {
  const chosen = await changeIndex(host, (index) => {
    applyChoice(index, choice);
    return index.leftOut.chosen();
  });
  await writeSelection(new ProfileFolder(host.profileDir).file('selection'), chosen);
}
