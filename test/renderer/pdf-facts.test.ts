import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isPdf, readPdfFacts } from '../../renderer/preview/pdf-facts.ts';

function pdf(...parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat(['%PDF-1.7\n', ...parts, '\n%%EOF'].map((part) => Buffer.from(part as string, 'latin1'))));
}

const root = (count: number, more = ''): string => `2 0 obj\n<< /Type /Pages /Kids [3 0 R] ${more} /Count ${count} >>\nendobj\n`;

/** Objects in a packed stream, as most programs write them today. */
function packed(objects: string, end = '\n'): Uint8Array {
  const stream = deflateSync(Buffer.from(objects, 'latin1'));
  const head = `9 0 obj << /Type /ObjStm /N 2 /First 10 /Filter /FlateDecode /Length ${stream.length} >>\nstream\r\n`;
  return Buffer.concat([Buffer.from(head), stream, Buffer.from(`${end}endstream\nendobj\n`)]);
}

describe('what is said of a PDF', () => {
  test.each([
    ['plain objects', pdf(root(12)), 12],
    ['an inner node counts only its own', pdf(root(12), '4 0 obj << /Type/Pages /Parent 2 0 R /Count 7 >>'), 12],
    ['dictionaries within', pdf(root(3, '/Resources << /Font << /F1 5 0 R >> >>')), 3],
    ['saved again with fewer pages', pdf(root(12), root(11)), 11],
    ['packed objects', pdf(packed(`1 0 2 40 ${root(250)}`)), 250],
    ['packed objects with nothing after them', pdf(packed(root(5), '')), 5],
    ['nothing that tells', pdf('1 0 obj << /Type /Catalog >>'), undefined],
    ['a count that can not be', pdf(root(9_999_999)), undefined],
    ['a dictionary without an end', pdf('<< /Type /Pages /Count 5'), undefined],
  ] as const)('pages: %s', async (_name, bytes, pages) => {
    expect((await readPdfFacts(bytes)).pages).toBe(pages);
  });

  test('a password is said', async () => {
    expect((await readPdfFacts(pdf(root(1), 'trailer << /Encrypt 8 0 R >>'))).isProtected).toBe(true);
    expect((await readPdfFacts(pdf(root(1)))).isProtected).toBe(false);
  });

  test('a file that is made to be large when it is unpacked, or broken, tells nothing and takes no harm', async () => {
    const bomb = packed('x'.repeat(64 * 1024 * 1024));
    expect((await readPdfFacts(pdf(bomb, root(2)))).pages).toBe(2);
    expect((await readPdfFacts(pdf('/Type /ObjStm stream\nnot packed at all endstream', root(2)))).pages).toBe(2);
    expect((await readPdfFacts(pdf('/Type /ObjStm '.repeat(2000), '<<'.repeat(100_000)))).pages).toBeUndefined();
  });

  test('is known by its first bytes', () => {
    expect(isPdf(pdf(root(1)))).toBe(true);
    expect(isPdf(Uint8Array.from(Buffer.from(`${' '.repeat(2000)}%PDF-1.7`)))).toBe(false);
  });
});
