/** What of the app's surroundings the packaged agent gets: all but what makes its Node another program. */

/** Certificates of a company's own authority are no code. */
const kept: ReadonlySet<string> = new Set(['NODE_EXTRA_CA_CERTS', 'NODE_USE_SYSTEM_CA']);

/** Without what has Node load code, open its inspector or trust any server: the app's own switches for that are off, too. */
export function agentEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => kept.has(name.toUpperCase()) || !/^NODE_/i.test(name)));
}
