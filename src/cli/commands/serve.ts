import { once } from 'node:events';
import path from 'node:path';
import { Failure } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';

const defaultListen = '127.0.0.1:8440';

/** `cachette serve` */
export const addServe: AddCommand = (program, perform) => {
  const command = program
    .command('serve')
    .description('run the small store server: it keeps sealed objects and learns nothing from them')
    .requiredOption('--root <dir>', 'where it keeps everything')
    .option('--listen <host:port>', 'where it listens; port 0 takes any free one', defaultListen)
    .option('--new-token', "print the store's URL with another token; those given out before hold, too")
    .addHelpText(
      'after',
      "\nThe first start prints the store's URL with its token: it is shown this one time (--new-token makes another one). Put a proxy with TLS before it on any open network.",
    );
  command.action(() => perform(command, (run) => serve(run, command.opts<Options>())));
};

interface Options {
  readonly root: string;
  readonly listen: string;
  readonly newToken?: true;
}

async function serve(run: CommandRun, { root, listen, newToken }: Options): Promise<number> {
  const { host, port } = parseListen(listen);
  const [{ startServer }, { lockServerRoot }] = await Promise.all([
    import('../../server/start-server.ts'),
    import('../../agent/lock-server-root.ts'),
  ]);
  const server = await startServer({ rootDir: path.resolve(root), host, port, lockRoot: lockServerRoot, newToken });
  const { signal } = run.host;
  try {
    // Also with --quiet: the token can't be had again.
    if (run.isJson) run.terminal.result(JSON.stringify({ url: server.firstStoreUrl ?? server.url, listen: server.url }));
    else run.terminal.result(server.firstStoreUrl ?? server.url);
    if (server.firstStoreUrl !== undefined)
      run.say(
        `This is the URL for \`cachette init --store\` and \`cachette join --store\`. Its token is shown this one time.${reachedBy(host)}`,
      );
    else run.say('The token was shown on the first start; --new-token makes another one.');
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await server.close();
  }
  return 0;
}

/** An address for every network card is none that another computer could call. */
function reachedBy(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return '';
  return `\nOther computers need this one's name or address in it, in the place of ${host}.`;
}

function parseListen(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, digits = ''] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535) throw new Failure('E_USAGE', `--listen takes host:port, as in ${defaultListen} or [::1]:8440`);
  return { host, port };
}
