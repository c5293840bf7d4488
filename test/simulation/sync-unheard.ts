import type { SimDevice } from './sim-device.ts';
import type { SimVault } from './sim-vault.ts';

/** Has the device sync where nobody hears it. What it wrote comes to the others, late, when the result is called. */
export async function syncUnheard(vault: SimVault, device: SimDevice): Promise<() => void> {
  const common = vault.medium;
  const apart = common.fork();
  vault.medium = apart;
  await device.sync();
  vault.medium = common;
  return () => {
    for (const name of apart.names()) if (common.read(name) === undefined) common.write(name, apart.read(name));
  };
}
