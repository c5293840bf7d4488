/**
 * `npm run fuzz -- --minutes N [--seed S]`: feeds every parser in turn, for as long as asked. What it finds is printed with the
 * input in base64; the exit code is 1 then.
 */
import { parseArgs } from 'node:util';
import { Dice } from './dice.ts';
import { ParserFuzz } from './fuzz-parser.ts';
import { allParsers } from './parsers.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const endMs = Date.now() + Number(values.minutes) * 60_000;
const turnInputs = 100;

const fuzzes = (await allParsers()).map((parser, at) => new ParserFuzz(parser, new Dice(seed + at)));
const findings = new Map<string, string>();
for (const fuzz of fuzzes) note(fuzz.checkSeeds());
while (Date.now() < endMs) {
  for (const fuzz of fuzzes) {
    for (let count = 0; count < turnInputs && Date.now() < endMs; count += 1) note(fuzz.step());
  }
}
console.log(`\nseed ${seed}`);
for (const { parser, inputs, accepted, outcomes } of fuzzes)
  console.log(`${parser.name}: ${inputs} inputs, ${accepted} accepted, ${outcomes} different outcomes`);
console.log(findings.size === 0 ? 'nothing found' : `${findings.size} found`);
process.exitCode = findings.size === 0 ? 0 : 1;

/** Each kind of finding once. */
function note(finding: ReturnType<ParserFuzz['step']>): void {
  if (finding === undefined) return;
  const { parser, what, input } = finding;
  const kind = `${parser}: ${what.slice(0, 40).replaceAll(/[0-9a-f]{6,}|\d+/g, '#')}`;
  if (findings.has(kind)) return;
  findings.set(kind, what);
  console.log(`FOUND  ${parser}: ${what}\n  input ${Buffer.from(input).toString('base64')}`);
}
