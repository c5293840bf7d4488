import fs from 'node:fs';
import path from 'node:path';
import type { ServerKind } from './server-kind.ts';
import type { ProcessSpec } from './server-process.ts';
import { startWebdav, type WebdavPlace } from './webdav-place.ts';

const modules = '/usr/lib/apache2/modules';
const loaded = ['mpm_event', 'authn_core', 'authn_file', 'auth_basic', 'authz_core', 'authz_user', 'dir', 'mime', 'dav', 'dav_fs'];

/** Apache with mod_dav_fs. Two at once may both give one name to a file (seen: 16 of 50 times). */
export const apache: ServerKind = {
  name: 'apache',
  packages: ['apache2-bin'],
  needs: ['/usr/sbin/apache2', `${modules}/mod_dav_fs.so`],
  refusesExisting: 'one-by-one',
  start: () => startWebdav(configure),
};

function configure(place: WebdavPlace): ProcessSpec {
  const { state, data, port, logFile, passwordLine } = place;
  fs.writeFileSync(path.join(state, 'passwords'), passwordLine);
  const types = path.join(state, 'mime.types');
  fs.writeFileSync(types, '');
  const file = path.join(state, 'apache.conf');
  const pidFile = path.join(state, 'pid');
  fs.writeFileSync(
    file,
    `ServerRoot ${state}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${pidFile}
DefaultRuntimeDir ${state}
Mutex file:${state} default
ErrorLog ${logFile}
LogLevel error
${loaded.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
User www-data
Group www-data
StartServers 1
ServerLimit 4
ThreadsPerChild 32
MaxRequestWorkers 128
KeepAlive On
MaxKeepAliveRequests 0
TypesConfig ${types}
DocumentRoot ${data}
DavLockDB ${state}/locks
<Directory ${data}>
  Dav On
  AuthType Basic
  AuthName store
  AuthUserFile ${state}/passwords
  Require valid-user
</Directory>
`,
  );
  // It refuses to start over the pid file of one that was killed.
  return { command: 'sh', args: ['-c', `rm -f '${pidFile}'; exec apache2 -f '${file}' -DFOREGROUND`], logFile, port };
}
