/** An Electron to run the app with. */
export interface Electron {
  readonly dir: string;
  readonly program: string;
  readonly version: string;
  readonly isStandIn: boolean;
}
export function findElectron(): Promise<Electron>;
