import { Failure } from '../../base/failure.ts';
import type { KeyStore } from '../keyring/key-tools.ts';
import { enrolmentPrefix, findSession, messageName, type EnrolmentSession } from './enrolment-names.ts';
import { steps } from './enrolment-steps.ts';

/** Some stores list what is new only after a while. Milliseconds. */
const patienceMs = 20_000;
const pauseMs = 1_000;
const pageSize = 1_000;
/** More than this is not somebody waiting, but somebody filling the store. */
const pagesMax = 5;

/** The enrolment that waits at this place. Throws E_NOT_FOUND where there is none, or more than one. */
export async function findWaiting(deps: KeyStore, place: string): Promise<EnrolmentSession> {
  const { clock, signal } = deps;
  const startMs = clock.monotonicMs();
  for (;;) {
    const [session, another] = await listWaiting(deps, place);
    if (another !== undefined) throw notFound('more than one device waits under this code');
    if (session !== undefined) return session;
    if (clock.monotonicMs() - startMs >= patienceMs) throw notFound('no device waits under this code in the store of this vault');
    await clock.sleep(pauseMs, signal);
  }
}

async function listWaiting({ store, signal }: KeyStore, place: string): Promise<EnrolmentSession[]> {
  const found = new Set<EnrolmentSession>();
  let after: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const { names, more } = await store.list(enrolmentPrefix, { after, limit: pageSize, signal });
    for (const name of names) {
      const parts = findSession(name);
      if (parts?.place === place && name === messageName(parts.session, steps.hello)) found.add(parts.session);
    }
    after = names.at(-1);
    if (!more || after === undefined) break;
  }
  return [...found];
}

function notFound(message: string): Failure {
  return new Failure('E_NOT_FOUND', message, {
    action: 'check that `cachette join --code` is still waiting on the new device, with the same store; else run it again',
  });
}
