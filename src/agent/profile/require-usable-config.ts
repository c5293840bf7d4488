import { Failure } from '../../base/failure.ts';
import { configText, type ConfigValues } from './config-values.ts';
import { readAuthorities } from '../store/read-authorities.ts';

/**
 * What is right by itself may name something that is not there: better said where it is given than at a later sync, whatever
 * the store of today needs. Throws E_USAGE.
 */
export async function requireUsableConfig(config: ConfigValues): Promise<void> {
  const authorities = configText(config, 'store.ca');
  if (authorities === undefined) return;
  await readAuthorities(authorities).catch((cause: unknown) => {
    const why = cause instanceof Failure ? cause.message : 'it cannot be read';
    throw new Failure('E_USAGE', `store.ca takes the path of a PEM file, or 'default': ${why}`, { cause });
  });
}
