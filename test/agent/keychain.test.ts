import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** As the agent does it, where there is a session bus; then says what keeps it from ending. */
const program = `
import { findKeychain } from '${path.resolve('src/agent/keychain.ts')}';
const found = await findKeychain('linux', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere', PATH: '/nowhere' })?.find('anybody');
console.log(JSON.stringify({ found: found ?? 'nothing', left: process.getActiveResourcesInfo().filter((each) => each === 'Timeout') }));
process.exit();
`;

test('a keychain whose tool is not installed gives nothing, and holds up nobody who wants to end', async () => {
  const { stdout } = await run(process.execPath, ['--input-type=module-typescript', '--eval', program]);
  expect(JSON.parse(stdout)).toEqual({ found: 'nothing', left: [] });
});
