// A program to whose end this process waits, and which ends when this process is to.
import { spawn } from 'node:child_process';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const lookMs = 250;

/** Its exit code and the signal that ended it. A stop asked of this process is passed on, so that nothing is left running behind it. */
export function runChild(program, args, options) {
  const child = spawn(program, args, { stdio: 'inherit', ...options });
  const forward = (signal) => {
    // A terminal sends Ctrl-C to the child too; twice would mean "at once, without tidying up".
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  const stopWatching = whenShellEnds(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const each of signals) process.off(each, forward);
      stopWatching();
      resolve({ code, signal });
    });
  });
}

/** npm passes a signal to the shell that it started us from, and that one (dash, say) ends without a word to us. */
function whenShellEnds(act) {
  if (process.platform === 'win32' || process.env.npm_lifecycle_event === undefined) return () => {};
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    act();
  }, lookMs);
  return () => clearInterval(timer);
}
