/** The main end of the bridge: takes what a window asks, if it is one of ours, and if it is what may be asked. */
import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import { Failure } from '../../base/failure.ts';
import { shellActs, type ShellAct } from '../../control/acts/shell-acts.ts';
import { windowActs, type WindowAct } from '../../control/acts/window-acts.ts';
import type { Outcome } from '../../control/acts/window-bridge.ts';
import { isOurPage } from './app-files.ts';

/** Who does what is asked. What they throw becomes the outcome. */
export interface BridgeEnds {
  readonly askAgent: (act: WindowAct, asked: unknown, event: IpcMainInvokeEvent) => Promise<unknown>;
  readonly askShell: (act: ShellAct, asked: unknown, event: IpcMainInvokeEvent) => Promise<unknown>;
}

export function hostBridge({ askAgent, askShell }: BridgeEnds): void {
  ipcMain.handle('ask', (event, act: unknown, asked: unknown) =>
    outcomeOf(event, () => {
      if (!isKey(windowActs, act)) throw unknownAct();
      return askAgent(
        act,
        read(() => windowActs[act].ask.parse(asked)),
        event,
      );
    }),
  );
  ipcMain.handle('ask-shell', (event, act: unknown, asked: unknown) =>
    outcomeOf(event, () => {
      if (!isKey(shellActs, act)) throw unknownAct();
      return askShell(
        act,
        read(() => shellActs[act].ask.parse(asked)),
        event,
      );
    }),
  );
}

async function outcomeOf(event: IpcMainInvokeEvent, act: () => Promise<unknown>): Promise<Outcome<unknown>> {
  try {
    if (event.senderFrame?.parent !== null || !isOurPage(event.senderFrame.url)) throw unknownAct();
    return { ok: true, answer: await act() };
  } catch (error) {
    const failure = error instanceof Failure ? error : new Failure('E_FAILED', 'Cachette could not do this', { cause: error });
    return { ok: false, failure: { code: failure.code, message: failure.message, action: failure.action } };
  }
}

function read<Asked>(parse: () => Asked): Asked {
  try {
    return parse();
  } catch (cause) {
    throw new Failure('E_USAGE', 'a window asked for something in a way that makes no sense', { cause });
  }
}

/** Own names only: what objects inherit is no act. */
function isKey<Table extends object>(table: Table, name: unknown): name is keyof Table {
  return typeof name === 'string' && Object.hasOwn(table, name);
}

function unknownAct(): Failure {
  return new Failure('E_USAGE', 'this is nothing that a window may ask for');
}
