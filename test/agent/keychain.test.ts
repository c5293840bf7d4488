import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** As the agent does it, where there is a session bus; then says what keeps it from ending. */
const program = `
import { findKeychain } from '${path.resolve('src/agent/keys/keychain.ts')}';
const keychain = findKeychain('linux', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere', PATH: '/nowhere' });
const said = await keychain?.find('anybody').catch(({ code, message }) => code + ' ' + message);
console.log(JSON.stringify({ said, left: process.getActiveResourcesInfo().filter((each) => each === 'Timeout') }));
process.exit();
`;

test('a keychain whose tool is not installed says so, and holds up nobody who wants to end', async () => {
  const { stdout } = await run(process.execPath, ['--input-type=module-typescript', '--eval', program]);
  expect(JSON.parse(stdout)).toEqual({
    said: expect.stringMatching(/^E_KEYCHAIN_LOCKED .*: secret-tool is not installed$/) as string,
    left: [],
  });
});
