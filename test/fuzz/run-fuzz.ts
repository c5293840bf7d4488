/**
 * `npm run fuzz -- --minutes N [--seed S]`: feeds every parser and the store server in turn, for as long as asked. What it finds is printed with the
 * input in base64; the exit code is 1 then.
 */
import { parseArgs } from 'node:util';
import { Dice } from './dice.ts';
import { ParserFuzz } from './fuzz-parser.ts';
import { allParsers } from './parsers.ts';
import { ServerFuzz } from './server-fuzz.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const endMs = Date.now() + Number(values.minutes) * 60_000;
const turnInputs = 100;

const fuzzes = (await allParsers()).map((parser, at) => new ParserFuzz(parser, new Dice(seed + at)));
const findings = new Map<string, string>();
const server = await ServerFuzz.start(new Dice(seed - 1));
for (const fuzz of fuzzes) note(fuzz.checkSeeds());
await noteServer(() => server.checkTemplates());
while (Date.now() < endMs) {
  for (const fuzz of fuzzes) {
    for (let count = 0; count < turnInputs && Date.now() < endMs; count += 1) note(fuzz.step());
  }
  for (let count = 0; count < turnInputs && Date.now() < endMs; count += 1) await noteServer(() => server.step());
  const what = await server.check();
  if (what !== undefined) note({ parser: 'the server', input: new Uint8Array(), what });
}
await server.close();
console.log(`\nseed ${seed}`);
for (const { parser, inputs, accepted, outcomes } of fuzzes)
  console.log(`${parser.name}: ${inputs} inputs, ${accepted} accepted, ${outcomes} different outcomes`);
console.log(`the server: ${server.requests} requests, answered ${JSON.stringify(Object.fromEntries(server.statuses))}`);
console.log(findings.size === 0 ? 'nothing found' : `${findings.size} found`);
process.exitCode = findings.size === 0 ? 0 : 1;

async function noteServer(step: ServerFuzz['step']): Promise<void> {
  const finding = await step();
  if (finding !== undefined) note({ parser: 'the server', input: finding.request, what: finding.what });
}

/** Each kind of finding once. */
function note(finding: ReturnType<ParserFuzz['step']>): void {
  if (finding === undefined) return;
  const { parser, what, input } = finding;
  const kind = `${parser}: ${what.slice(0, 40).replaceAll(/[0-9a-f]{6,}|\d+/g, '#')}`;
  if (findings.has(kind)) return;
  findings.set(kind, what);
  console.log(`FOUND  ${parser}: ${what}\n  input ${Buffer.from(input).toString('base64')}`);
}
