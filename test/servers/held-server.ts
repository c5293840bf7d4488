/** A process of the tests: starts a server below a shell, as `ServerProcess` does, and stays. `node held-server.ts PORT LOG` */
import { ServerProcess } from './server-process.ts';

const [port = '', logFile = ''] = process.argv.slice(2);
const listen = `require('node:net').createServer(() => {}).listen(${Number(port)}, '127.0.0.1')`;
const server = new ServerProcess({
  command: 'sh',
  args: ['-c', '"$0" -e "$1" & wait', process.execPath, listen],
  logFile,
  port: Number(port),
});
await server.start();
console.log('up');
setInterval(() => undefined, 60_000);
