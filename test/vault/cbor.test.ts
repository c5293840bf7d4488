import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { Failure } from '../../src/base/failure.ts';
import { decodeStrict, encode, readArray, readBytes, readInt, readText, readTuple, type CborValue } from '../../src/vault/cbor.ts';

function bytes(hex: string): Uint8Array {
  const parsed = fromHex(hex);
  if (parsed === undefined) throw new Error('bad hex in a test');
  return parsed;
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Failure ? error.code : String(error);
  }
  return 'nothing thrown';
}

const values: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.maxSafeInteger(),
    fc.constantFrom(null, true, false),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 5 }),
  ),
})).value;

describe('the strict CBOR reader', () => {
  test('gives back what was written', () => {
    fc.assert(
      fc.property(values, (value) => {
        const plain = value === 0 ? 0 : value;
        expect(decodeStrict(encode(plain), 1 << 20)).toEqual(plain);
      }),
    );
  });

  test.each([
    ['a number in more bytes than needed', '1801'],
    ['a 16-bit number that fits 8 bits', '190001'],
    ['a length in more bytes than needed', '580100'],
    ['an array length in more bytes than needed', '980101'],
    ['an indefinite array', '9f01ff'],
    ['an indefinite byte string', '5f4101ff'],
    ['a map', 'a10102'],
    ['a tag', 'c101'],
    ['a half float', 'f93c00'],
    ['a double', 'fb3ff0000000000000'],
    ['not-a-number', 'f97e00'],
    ['undefined', 'f7'],
    ['a simple value', 'f820'],
    ['a number above the safe range', '1b0020000000000000'],
    ['a number below the safe range', '3b001fffffffffffff'],
    ['text that is not UTF-8', '61ff'],
    ['text holding an encoded surrogate', '63eda080'],
    ['bytes after the end', '0101'],
    ['an array cut short', '8201'],
    ['bytes cut short', '4301'],
    ['a length beyond the input', '5b0000000100000000'],
    ['an array longer than the input', '9affffffff01'],
    ['nothing at all', ''],
    ['a break alone', 'ff'],
  ])('refuses %s', (_what, hex) => {
    expect(codeOf(() => decodeStrict(bytes(hex), 1 << 20))).toBe('E_FORMAT');
  });

  test('refuses 17 levels and takes 16', () => {
    expect(decodeStrict(bytes(`${'81'.repeat(16)}01`), 100)).toBeDefined();
    expect(codeOf(() => decodeStrict(bytes(`${'81'.repeat(17)}01`), 100))).toBe('E_FORMAT');
    expect(codeOf(() => decodeStrict(bytes(`${'81'.repeat(100_000)}01`), 1 << 20))).toBe('E_FORMAT');
    expect(decodeStrict(bytes('8280' + '81'.repeat(14) + '80'), 100)).toBeDefined();
  });

  test('refuses more bytes than allowed before reading any', () => {
    expect(codeOf(() => decodeStrict(new Uint8Array(11), 10))).toBe('E_LIMIT');
  });

  test('hands out copies, also from a Buffer', () => {
    const source = Buffer.from(encode([new Uint8Array([1, 2, 3])]));
    const [copy] = decodeStrict(source, 100) as [Uint8Array];
    source.fill(0);
    expect([...copy]).toEqual([1, 2, 3]);
  });

  test('accepts no byte string of up to three bytes but in its one encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (input) => {
        try {
          expect(toHex(encode(decodeStrict(input, 100) as CborValue))).toBe(toHex(input));
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          expect(error.code).toBe('E_FORMAT');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the CBOR writer', () => {
  test.each([1.5, Number.NaN, -0, 2 ** 53, '\ud800'])('refuses %s', (value) => {
    expect(codeOf(() => encode([value]))).toBe('E_FAILED');
  });
});

describe('the typed readers', () => {
  test('say E_FORMAT for another kind and E_LIMIT for too much', () => {
    expect(codeOf(() => readTuple([1], 2))).toBe('E_FORMAT');
    expect(codeOf(() => readTuple('ab', 2))).toBe('E_FORMAT');
    expect(codeOf(() => readArray(1, 2))).toBe('E_FORMAT');
    expect(codeOf(() => readArray([1, 2, 3], 2))).toBe('E_LIMIT');
    expect(codeOf(() => readBytes('ab', 2))).toBe('E_FORMAT');
    expect(codeOf(() => readBytes(new Uint8Array(3), 2))).toBe('E_FORMAT');
    expect(codeOf(() => readBytes(new Uint8Array(3), { max: 2 }))).toBe('E_LIMIT');
    expect(codeOf(() => readInt(3, { min: 0, max: 2 }))).toBe('E_FORMAT');
    expect(codeOf(() => readInt('3', { min: 0, max: 9 }))).toBe('E_FORMAT');
    expect(codeOf(() => readText(3, 9))).toBe('E_FORMAT');
    expect(codeOf(() => readText('äöü', 5))).toBe('E_LIMIT');
  });
});
