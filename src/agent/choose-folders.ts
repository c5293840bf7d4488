import type { AgentHost } from './agent-host.ts';
import { announceSelection } from './ask-agent.ts';
import { changeIndex } from './change-index.ts';
import { lookInto } from './look-into.ts';
import { ProfileFolder } from './profile-folder.ts';
import { listSelection, selectFolders, type SelectedFolder, type Selection } from './selection.ts';
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

/** Includes or leaves out these folders on this device. Throws E_NOT_FOUND, E_USAGE; then nothing is changed. */
export async function chooseFolders(host: AgentHost, selection: Selection, paths: readonly string[]): Promise<Choosing> {
  const { chosen, folders } = await changeIndex(host.profileDir, (index) => {
    selectFolders(index, selection, paths);
    return { chosen: index.leftOut.chosen(), folders: listSelection(index) };
  });
  await writeSelection(new ProfileFolder(host.profileDir).file('selection'), chosen);
  return { folders, isRunning: await announceSelection(host) };
}
