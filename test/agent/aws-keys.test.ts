import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { readAwsKeys } from '../../src/agent/store/aws-keys.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const file = `# of the example company
[default]
aws_access_key_id = ID1
aws_secret_access_key=S/E+C=1
[ work ]
AWS_ACCESS_KEY_ID = ID2\r
aws_secret_access_key = SEC2\r
aws_session_token = TOKEN2\r
region = eu-west-3\r
[half]
aws_access_key_id = ID3
`;

async function credentialsFile(): Promise<string> {
  const path = join(await temporaryFolder(), 'credentials');
  await writeFile(path, file);
  return path;
}

test('variables come first', async () => {
  const env = {
    AWS_ACCESS_KEY_ID: 'ID',
    AWS_SECRET_ACCESS_KEY: 'SEC',
    AWS_SHARED_CREDENTIALS_FILE: await credentialsFile(),
    AWS_DEFAULT_REGION: 'r-1',
  };
  expect(await readAwsKeys(env)).toEqual({ keyId: 'ID', secret: 'SEC', sessionToken: undefined, region: 'r-1' });
  expect(await readAwsKeys({ ...env, AWS_SESSION_TOKEN: 'T', AWS_REGION: 'r-2' })).toMatchObject({ sessionToken: 'T', region: 'r-2' });
});

test('then the section of the profile, by default that of its name', async () => {
  const AWS_SHARED_CREDENTIALS_FILE = await credentialsFile();
  expect(await readAwsKeys({ AWS_SHARED_CREDENTIALS_FILE })).toEqual({
    keyId: 'ID1',
    secret: 'S/E+C=1',
    sessionToken: undefined,
    region: undefined,
  });
  expect(await readAwsKeys({ AWS_SHARED_CREDENTIALS_FILE, AWS_PROFILE: 'work', AWS_ACCESS_KEY_ID: '' })).toEqual({
    keyId: 'ID2',
    secret: 'SEC2',
    sessionToken: 'TOKEN2',
    region: 'eu-west-3',
  });
});

test('without any it says where they belong, and shows none', async () => {
  const HOME = await temporaryFolder();
  await expect(readAwsKeys({ HOME })).rejects.toMatchObject({
    code: 'E_STORE_DENIED',
    action: expect.stringContaining(join(HOME, '.aws')) as string,
  });
  for (const AWS_PROFILE of ['half', 'nobody']) {
    await expect(readAwsKeys({ AWS_SHARED_CREDENTIALS_FILE: await credentialsFile(), AWS_PROFILE })).rejects.toThrow(
      'no keys for this store',
    );
  }
});
