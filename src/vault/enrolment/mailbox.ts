/** The messages of one enrolment, as objects in a store that is trusted with nothing and may be slow to show them. */
import { Failure } from '../../base/failure.ts';
import { utf8 } from '../../base/bytes.ts';
import type { SecretKeys } from '../../crypto/seal-keys.ts';
import { padClass } from '../../crypto/padding.ts';
import type { Purpose } from '../../crypto/seal.ts';
import type { VaultId } from '../../model/ids.ts';
import type { KeyStore } from '../keyring/key-tools.ts';
import { publishObject } from '../keyring/publish-object.ts';
import { messageMaxBytes } from './enrolment-messages.ts';
import { messageName, stopName, type EnrolmentSession } from './enrolment-names.ts';

/** Pauses between two looks: short while the other side is at work, longer while a person is. */
const firstPauseMs = 100;
const longestPauseMs = 2_000;
/** What is only half there yet is read again for so long. */
const halfMs = 5_000;
/** Silence of a device that has begun, in the middle of an enrolment. */
const silenceMs = 60_000;
/** More than one enrolment ever has. */
const messagesMax = 100;

/** Keys for what one side alone may read. */
export interface SealedMail {
  readonly keys: SecretKeys;
  readonly vaultId: VaultId;
}

export interface TakeOptions {
  /** For how long, in milliseconds; a minute where left out. */
  readonly patienceMs?: number;
  readonly maxBytes?: number;
}

export class Mailbox {
  readonly session: EnrolmentSession;
  readonly #deps: KeyStore;
  readonly #role: 'new' | 'approver';
  #isStoppedByOther = false;

  constructor(deps: KeyStore, session: EnrolmentSession, role: 'new' | 'approver') {
    this.session = session;
    this.#deps = deps;
    this.#role = role;
  }

  /** Throws E_TAMPER where somebody else has written this message. */
  async post(step: number, bytes: Uint8Array): Promise<void> {
    const name = messageName(this.session, step);
    if ((await publishObject(this.#deps, name, bytes)) === 'stored') return;
    throw new Failure('E_TAMPER', 'somebody else has written this message already', {
      subject: name,
      action: 'run `cachette join --code` again on the new device',
    });
  }

  async postSealed(step: number, plain: Uint8Array, mail: SealedMail): Promise<void> {
    const { seals } = this.#deps;
    await this.post(step, seals.seal(mail.keys, this.#purpose(step, mail), plain, { paddedBytes: padClass(plain.length) }));
  }

  /**
   * The other side's message, once it is there and `read` takes it. Throws E_NOT_APPROVED where it does not come or the other
   * side gave up; what `read` throws, where that stays so.
   */
  async take<Message>(step: number, read: (bytes: Uint8Array) => Message, options: TakeOptions = {}): Promise<Message> {
    const { clock, signal } = this.#deps;
    const { patienceMs = silenceMs, maxBytes = messageMaxBytes } = options;
    const startMs = clock.monotonicMs();
    let pauseMs = firstPauseMs;
    let badSinceMs: number | undefined;
    for (let looks = 1; ; looks += 1) {
      try {
        const bytes = await this.#deps.store.get(messageName(this.session, step), { maxBytes, signal });
        if (bytes !== undefined) return read(bytes);
      } catch (error) {
        if (!(error instanceof Failure) || !mayBeHalf.has(error.code)) throw error;
        badSinceMs ??= clock.monotonicMs();
        if (clock.monotonicMs() - badSinceMs >= halfMs) throw error;
      }
      if (looks % 4 === 0) await this.requireGoingOn();
      if (clock.monotonicMs() - startMs >= patienceMs) throw this.#silent();
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
    }
  }

  takeSealed<Message>(step: number, read: (plain: Uint8Array) => Message, mail: SealedMail, maxBytes = messageMaxBytes): Promise<Message> {
    const { seals } = this.#deps;
    const open = (bytes: Uint8Array): Message =>
      read(seals.open(mail.keys, this.#purpose(step, mail), bytes, messageName(this.session, step)));
    return this.take(step, open, { maxBytes });
  }

  /** Throws E_NOT_APPROVED where the other side gave up. */
  async requireGoingOn(): Promise<void> {
    const { store, signal } = this.#deps;
    const name = stopName(this.session, this.#role === 'new' ? 'approver' : 'new');
    if ((await store.get(name, { maxBytes: messageMaxBytes, signal }).catch(tooLarge)) === undefined) return;
    this.#isStoppedByOther = true;
    throw new Failure('E_NOT_APPROVED', 'the other device gave up');
  }

  /** Tells the other side that nothing will come any more; where it said so itself, clears up. Never fails. */
  async giveUp(): Promise<void> {
    if (this.#isStoppedByOther) await this.clear();
    else await this.#deps.store.putNew(stopName(this.session, this.#role), [Uint8Array.of(0)]).catch(() => undefined);
  }

  /** Removes all messages but the own word that this is over. Never fails: a device of the vault collects what stays. */
  async clear(): Promise<void> {
    const { store } = this.#deps;
    try {
      const { names } = await store.list(`${this.session}-`, { limit: messagesMax });
      const kept = stopName(this.session, this.#role);
      for (const name of names) if (name !== kept) await store.delete(name);
    } catch {
      // Whoever may not delete, or has no network, leaves that to others.
    }
  }

  #purpose(step: number, { vaultId }: SealedMail): Purpose {
    return { type: 'enrolment', vaultId, epoch: 0, context: utf8(messageName(this.session, step)) };
  }

  #silent(): Failure {
    return this.#role === 'new'
      ? new Failure('E_NOT_APPROVED', 'no device of the vault approved this one in time')
      : new Failure('E_NOT_APPROVED', 'the new device fell silent');
  }
}

const mayBeHalf: ReadonlySet<string> = new Set(['E_FORMAT', 'E_LIMIT', 'E_TAMPER', 'E_DOWNGRADE']);

/** An object of any size says it. */
function tooLarge(error: unknown): Uint8Array {
  if (error instanceof Failure && error.code === 'E_LIMIT') return new Uint8Array();
  throw error;
}
