import fs from 'node:fs';
import path from 'node:path';
import type { ServerKind } from './server-kind.ts';
import type { ProcessSpec } from './server-process.ts';
import { startWebdav, type WebdavPlace } from './webdav-place.ts';

const dav = '/usr/lib/nginx/modules/ngx_http_dav_ext_module.so';

/** nginx with its own WebDAV and the module that adds PROPFIND. Its workers may both give one name to a file (seen: 3 of 50 times). */
export const nginx: ServerKind = {
  name: 'nginx',
  packages: ['nginx-light', 'libnginx-mod-http-dav-ext'],
  needs: ['/usr/sbin/nginx', dav],
  refusesExisting: 'one-by-one',
  start: () => startWebdav(configure),
};

function configure({ state, data, port, logFile, passwordLine }: WebdavPlace): ProcessSpec {
  fs.writeFileSync(path.join(state, 'passwords'), passwordLine);
  const file = path.join(state, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${state}/${name};`).join(' ');
  fs.writeFileSync(
    file,
    `load_module ${dav};
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 2;
pid ${state}/pid;
error_log ${logFile} error;
events { worker_connections 1024; }
http {
  access_log off;
  ${temporary}
  dav_ext_lock_zone zone=locks:1m;
  server {
    listen 127.0.0.1:${port};
    root ${data};
    client_max_body_size 0;
    auth_basic store;
    auth_basic_user_file ${state}/passwords;
    location / {
      dav_methods PUT DELETE MKCOL COPY MOVE;
      dav_ext_methods PROPFIND OPTIONS LOCK UNLOCK;
      dav_ext_lock zone=locks;
      create_full_put_path off;
      dav_access user:rw;
      autoindex on;
    }
  }
}
`,
  );
  return { command: 'nginx', args: ['-p', state, '-c', file], logFile, port };
}
