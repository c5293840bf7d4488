import { surfaceVoids } from '../../engine/publish/surface-voids.ts';
import type { Session } from '../open-session.ts';

/** Looking goes through the journal since its last checkpoint. */
const everyMs = 60 * 60 * 1000;
const settingKey = 'void.looked';

/** Has lost content of devices that never came back put beside its file, once an hour at most. Whether there was any. */
export async function surfaceLost({ index, keyring, parts }: Session, signal: AbortSignal): Promise<boolean> {
  const nowMs = parts.clock.nowMs();
  const lookedMs = index.settings.findInteger(settingKey);
  if (lookedMs !== undefined && Math.abs(nowMs - lookedMs) < everyMs) return false;
  const nameOf = (device: string): string => keyring.devices.find(({ id }) => id === device)?.name ?? 'device';
  const count = await surfaceVoids(parts, nameOf, signal);
  index.settings.writeInteger(settingKey, nowMs);
  return count > 0;
}
