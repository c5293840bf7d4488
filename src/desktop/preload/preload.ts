/** What a window has of the outside: three functions. Everything that passes is checked on the other side. */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { Outcome, WindowBridge, WindowEvent } from '../../control/acts/window-bridge.ts';

const bridge: WindowBridge = {
  ask: async (act, asked) => (await ipcRenderer.invoke('ask', act, asked)) as Outcome<never>,
  askShell: async (act, asked) => (await ipcRenderer.invoke('ask-shell', act, asked)) as Outcome<never>,
  listen: (hear) => {
    // Never the event itself: it has a way back to the sender's channels.
    const onEvent = (_event: IpcRendererEvent, told: WindowEvent): void => hear(told);
    ipcRenderer.on('event', onEvent);
    return () => {
      ipcRenderer.off('event', onEvent);
    };
  },
};

contextBridge.exposeInMainWorld('cachette', bridge);
