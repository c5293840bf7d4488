/** Letting a new device in by its code, on a device of the vault. */
import { z } from 'zod';
import { Failure } from '../../base/failure.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { SeenVector } from '../../model/change.ts';
import { approveByCode, type ApprovedDevice } from '../../vault/enrolment/approve-by-code.ts';
import { collectEnrolments } from '../../vault/enrolment/collect-enrolments.ts';
import { parseEnrolmentCode } from '../../vault/enrolment/enrolment-code.ts';
import { pinFormat, type Pin } from '../../vault/pin/pin.ts';
import type { AgentHost } from '../agent-host.ts';
import { atOwner } from '../at-owner.ts';
import { announce } from '../keys/change-keys.ts';
import { openKeyTools } from '../keys/key-tools.ts';
import type { Session } from '../open-session.ts';

const settingKey = 'enrolment.failures';
const failuresMax = 3;
const hourMs = 60 * 60_000;

/** Throws E_CODE for what can be no code: nobody has to be looked for then. */
export function requireCode(env: NodeJS.ProcessEnv, code: string): void {
  parseEnrolmentCode(openKeyTools(env).primitives, code);
}

/** Throws as `approveDevice`, and as `atOwner`. */
export async function approve(host: AgentHost, code: string): Promise<string> {
  const approved = await atOwner(host, {
    question: { do: 'approve', code },
    answer: z.object({ name: z.string() }),
    act: (session) => approveDevice(session, code, host.signal),
  });
  return approved.name;
}

/**
 * Throws E_CODE (a typing error, or not the code of the device that waits), E_LOCKED after three codes that did not match
 * within an hour, and as `approveByCode`.
 */
export async function approveDevice(session: Session, text: string, signal: AbortSignal): Promise<ApprovedDevice> {
  const { keyring, own, index, journal, parts, log } = session;
  const keyStore = { ...session.keyStore, signal };
  const code = parseEnrolmentCode(keyStore.primitives, text);
  requireAttempt(index, parts.clock.nowMs());
  await collectEnrolments(keyStore);
  await journal.catchUp(signal);
  try {
    const approved = await approveByCode(keyStore, keyring, { own, code, pin: pinFor(session) });
    await announce(session, signal);
    return approved;
  } catch (error) {
    if (error instanceof Failure && error.code === 'E_CODE') {
      noteFailure(index, parts.clock.nowMs());
      log.failure('a code did not match', error);
    }
    throw error;
  }
}

/** What the new device has to be shown. Entries of removed devices count only where somebody vouches for them: left out. */
function pinFor({ keyring, journal }: Session): Pin {
  const active = new Set(keyring.current().activeDevices);
  const vector: SeenVector = new Map([...journal.vector()].filter(([device]) => active.has(device)));
  return { vaultId: keyring.vaultId, format: pinFormat, vector, ...keyring.pin, checkpoint: undefined };
}

/** Each attempt is one guess for whoever stands in between: there must not be many. */
function requireAttempt(index: SyncIndex, nowMs: number): void {
  const recent = readFailures(index, nowMs);
  const [first] = recent;
  if (first === undefined || recent.length < failuresMax) return;
  throw new Failure('E_LOCKED', `${failuresMax} codes did not match within an hour`, {
    action: `somebody may stand in between: check the address of the store; the next code is taken in ${Math.ceil((first + hourMs - nowMs) / 60_000)} minutes`,
  });
}

function noteFailure(index: SyncIndex, nowMs: number): void {
  index.settings.writeText(settingKey, JSON.stringify([...readFailures(index, nowMs), nowMs]));
}

/** Of the last hour; a clock that was put back makes none older. */
function readFailures(index: SyncIndex, nowMs: number): number[] {
  const noted = z.array(z.number()).parse(JSON.parse(index.settings.findText(settingKey) ?? '[]'));
  return noted.filter((atMs) => nowMs - atMs < hourMs).map((atMs) => Math.min(atMs, nowMs));
}
