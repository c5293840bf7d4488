import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../base/failure.ts';

/** Keys for an S3 store; secret but for the region. */
export interface AwsKeys {
  readonly keyId: string;
  readonly secret: string;
  /** Of temporary keys. */
  readonly sessionToken: string | undefined;
  /** For URLs that name none. */
  readonly region: string | undefined;
}

/**
 * From where Amazon's own tools take them: the variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN; else
 * the section AWS_PROFILE (`default`) of ~/.aws/credentials or AWS_SHARED_CREDENTIALS_FILE. Throws E_STORE_DENIED without.
 */
export async function readAwsKeys(env: NodeJS.ProcessEnv): Promise<AwsKeys> {
  const region = filled(env['AWS_REGION']) ?? filled(env['AWS_DEFAULT_REGION']);
  const [keyId, secret] = [filled(env['AWS_ACCESS_KEY_ID']), filled(env['AWS_SECRET_ACCESS_KEY'])];
  if (keyId !== undefined && secret !== undefined) return { keyId, secret, sessionToken: filled(env['AWS_SESSION_TOKEN']), region };
  const file = filled(env['AWS_SHARED_CREDENTIALS_FILE']) ?? join(filled(env['HOME']) ?? homedir(), '.aws', 'credentials');
  const profile = filled(env['AWS_PROFILE']) ?? 'default';
  const fields = readSection(await readFile(file, 'utf8').catch(() => ''), profile);
  const [fileId, fileSecret] = [fields.get('aws_access_key_id'), fields.get('aws_secret_access_key')];
  if (fileId === undefined || fileSecret === undefined) {
    throw new Failure('E_STORE_DENIED', 'no keys for this store', {
      action: `set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them under [${profile}] of ${file}`,
    });
  }
  return { keyId: fileId, secret: fileSecret, sessionToken: fields.get('aws_session_token'), region: region ?? fields.get('region') };
}

/** `name = value` lines of one `[section]`; of sections of one name the last line counts. */
function readSection(text: string, wanted: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const [, heading] = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line) ?? [];
    if (heading !== undefined) section = heading;
    const [, name, value] = /^\s*([a-z_]+)\s*=\s*(\S+)\s*$/i.exec(line) ?? [];
    if (section === wanted && name !== undefined && value !== undefined) fields.set(name.toLowerCase(), value);
  }
  return fields;
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
