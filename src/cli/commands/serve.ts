import { once } from 'node:events';
import { Failure } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { folderOption } from '../folder-option.ts';

const defaultListen = '127.0.0.1:8440';

/** `cachette serve` */
export const addServe: AddCommand = (program, perform) => {
  const command = program
    .command('serve')
    .description('run the small store server: it keeps sealed objects and learns nothing from them')
    .requiredOption('--root <dir>', 'where it keeps everything')
    .option('--listen <host:port>', 'where it listens; port 0 takes any free one', defaultListen)
    .option('--announce', 'lets computers of this network find it: says that there is one and at which port, no name of anything')
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
  readonly announce?: true;
  readonly newToken?: true;
}

async function serve(run: CommandRun, { root, listen, announce, newToken }: Options): Promise<number> {
  const { host, port } = parseListen(listen);
  const rootDir = folderOption('--root', root);
  if (announce === true && isOwn(host))
    throw new Failure('E_USAGE', `nobody else can reach ${host}: there is nothing to announce`, {
      action: '--listen 0.0.0.0:8440, or leave --announce out',
    });
  const [{ startServer }, { lockServerRoot }, { requireOutsideSynced }] = await Promise.all([
    import('../../server/start-server.ts'),
    import('../../agent/store/lock-server-root.ts'),
    import('../../agent/begin/new-store-place.ts'),
  ]);
  await requireOutsideSynced(rootDir);
  const server = await startServer({ rootDir, host, port, lockRoot: lockServerRoot, newToken });
  const { signal } = run.host;
  const announced = announce === true ? await announceIt(run, server.url) : undefined;
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
    await announced?.close();
    await server.close();
  }
  return 0;
}

async function announceIt({ host }: CommandRun, url: string): Promise<{ close(): Promise<void> }> {
  const [{ announceServer }, { systemRandom }] = await Promise.all([
    import('../../server/announce-server.ts'),
    import('../../base/random.ts'),
  ]);
  const onTrouble = ({ message }: Error): void => host.warn(`others can not find it by themselves: ${message}`);
  return announceServer({ port: Number(new URL(url).port), random: systemRandom, onTrouble });
}

function isOwn(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
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
