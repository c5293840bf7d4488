/** The only way out of a window: what the preload put there. */
import type { WindowBridge } from '../../src/control/acts/window-bridge.ts';

declare global {
  interface Window {
    readonly cachette: WindowBridge;
  }
}

export const ask: WindowBridge['ask'] = (act, asked) => window.cachette.ask(act, asked);
export const askShell: WindowBridge['askShell'] = (act, asked) => window.cachette.askShell(act, asked);
export const listen: WindowBridge['listen'] = (hear) => window.cachette.listen(hear);
