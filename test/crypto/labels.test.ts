import { expect, test } from 'vitest';
import { labels } from '../../src/crypto/labels.ts';
import { findSealedType, packTypeByte, sealedTypes } from '../../src/crypto/sealed-types.ts';

const texts = Object.values(labels)
  .flatMap((entry) => (entry instanceof Uint8Array ? [entry] : Object.values(entry)))
  .map((bytes) => new TextDecoder().decode(bytes));

test('no label starts another one, so none is ever taken for another', () => {
  expect(texts.length).toBeGreaterThan(Object.keys(sealedTypes).length * 2 + 20);
  expect(new Set(texts).size).toBe(texts.length);
  for (const [index, text] of texts.entries()) {
    expect(texts.filter((other, at) => at !== index && other.startsWith(text))).toEqual([]);
  }
});

test('every label names the product and the version, and ends with its only NUL', () => {
  for (const text of texts) expect(text).toMatch(/^cachette\/v1\/[a-z]+(?:-[a-z]+)*(?:\/[a-z]+(?:-[a-z]+)*)?\0$/);
});

test('every kind of object has a byte of its own', () => {
  const bytes = [...Object.values(sealedTypes), packTypeByte];
  expect(new Set(bytes).size).toBe(bytes.length);
  for (const [name, byte] of Object.entries(sealedTypes)) expect(findSealedType(byte)).toBe(name);
  for (const byte of [0, packTypeByte, 255]) expect(findSealedType(byte)).toBeUndefined();
});
