import { expect, test } from 'vitest';
import { Dice } from './dice.ts';
import { ParserFuzz } from './fuzz-parser.ts';
import { allParsers } from './parsers.ts';

const inputs = 400;
const parsers = await allParsers();

test.each(parsers)('$name: only documented refusals, and one spelling of what is accepted', (parser) => {
  const fuzz = new ParserFuzz(parser, new Dice(20_261));
  expect(fuzz.checkSeeds()).toBeUndefined();
  for (let count = 0; count < inputs; count += 1) {
    const finding = fuzz.step();
    // Told with its input, as `npm run fuzz` does: that becomes a test of its own.
    expect(finding && { ...finding, input: Buffer.from(finding.input).toString('base64') }).toBeUndefined();
  }
  expect(fuzz.inputs).toBe(inputs + parser.seeds.length);
});

test('guard: a parser that throws anything else, accepts two spellings or takes its time is found', () => {
  const seeds = [Uint8Array.from([1, 2, 3])];
  const found = (read: (bytes: Uint8Array) => Uint8Array | undefined): string | undefined => {
    const fuzz = new ParserFuzz({ name: 'broken', seeds, read, codes: [] }, new Dice(1));
    for (let count = 0; count < 500; count += 1) {
      const finding = fuzz.step();
      if (finding !== undefined) return finding.what;
    }
    return undefined;
  };
  expect(found(() => undefined)).toBeUndefined();
  expect(found((bytes) => (bytes.length > 3 ? (null as unknown as Uint8Array).slice() : undefined))).toContain('TypeError');
  expect(found((bytes) => bytes.slice(0, 2))).toContain('spelled otherwise');
});
