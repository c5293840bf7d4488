import { Failure } from '../../base/failure.ts';
import { openPreviousEpoch, openShare, requireEpochSecret, type EpochSecret } from './epoch-secret.ts';
import { holderText, sameHolder, type KeyHolder } from './key-holder.ts';
import type { KeyTools } from './key-tools.ts';
import type { VerifiedKeyList } from './verify-step.ts';

/** A holder with its X25519 secret. */
export interface EpochReader {
  readonly holder: KeyHolder;
  readonly agreementSecret: Uint8Array;
}

/**
 * The secrets of all epochs, the current one last: its own from the reader's share, each earlier one from its successor.
 * Throws E_TAMPER where a secret doesn't open or is not the one its lists commit to, E_EPOCH where there is no share.
 */
export function openEpochs(tools: KeyTools, chain: readonly VerifiedKeyList[], reader: EpochReader): EpochSecret[] {
  const tip = chain.at(-1)?.body;
  const share = tip?.shares.find(({ recipient }) => sameHolder(recipient, reader.holder));
  if (tip === undefined || share === undefined)
    throw new Failure('E_EPOCH', `${holderText(reader.holder)} has no share in the current epoch`);
  const { vaultId } = tip;
  let secret = openShare(tools, vaultId, { ...share, epoch: tip.epoch }, reader.agreementSecret);
  const secrets = [secret];
  for (const { body } of chain.toReversed()) {
    if (body.epoch === secret.epoch) requireEpochSecret(tools.primitives, secret, body.epochCommitment);
    // The last list of an epoch holds the secret before it as well as the first: both are the same, by verifyStep.
    if (body.epoch !== secret.epoch || body.previousEpoch === undefined) continue;
    secret = openPreviousEpoch(tools, vaultId, secret, body.previousEpoch);
    secrets.unshift(secret);
  }
  return secrets;
}
