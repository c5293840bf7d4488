import fs from 'node:fs';
import path from 'node:path';
import { parseSync, type Node } from '@swc/core';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import en from '../../renderer/messages/en.json' with { type: 'json' };
import fr from '../../renderer/messages/fr.json' with { type: 'json' };

const folder = path.resolve(import.meta.dirname, '../../renderer');
const sources = fs
  .readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && file !== 'vite.config.ts')
  .map((file) => ({ file, text: fs.readFileSync(path.join(folder, file), 'utf8') }));

type Shape = ReturnType<IntlMessageFormat['getAst']>;

/** The arguments of a text, and how each is used. */
function argumentsOf(text: string): readonly string[] {
  const found = new Set<string>();
  const visit = (shape: Shape): void => {
    for (const element of shape) {
      const kind: number = element.type;
      // 1: put in as it is, 2: as a number; those with options are chosen by.
      if ((kind === 1 || kind === 2) && 'value' in element) found.add(element.value);
      if ('options' in element) {
        found.add(`${element.value} chooses`);
        for (const option of Object.values(element.options)) visit(option.value);
      }
    }
  };
  visit(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst());
  return [...found].toSorted();
}

describe('the texts of the windows', () => {
  test('are the same in both languages, with the same arguments', () => {
    expect(Object.keys(fr)).toEqual(Object.keys(en));
    const french: Readonly<Record<string, string>> = fr;
    for (const [key, text] of Object.entries(en)) expect([key, argumentsOf(french[key] ?? '')]).toEqual([key, argumentsOf(text)]);
  });

  test('are all used', () => {
    const all = sources.map(({ text }) => text).join('\n');
    const stems = [...all.matchAll(/`([a-z][a-z.-]*[.-])\$\{/g)].map(([, stem]) => stem ?? '');
    const unused = Object.keys(en).filter((key) => !all.includes(`'${key}'`) && !stems.some((stem) => key.startsWith(stem)));
    expect(unused).toEqual([]);
  });

  test('have no straight quotes, double spaces or ends in blanks', () => {
    for (const text of [...Object.values(en), ...Object.values(fr)]) expect(text).not.toMatch(/["']|  |^\s|\s$/);
  });
});

/** What is read out or shown of an element; placeholders are addresses and codes, the same in every language. */
const shownAttributes = new Set([
  'aria-label',
  'title',

  'alt',
  'label',
  'help',
  'lead',
  'description',
  'nextLabel',
  'trouble',
]);
const letters = /\p{L}/u;

/** Texts that stand in the code itself, where a person would see them. */
function visibleTexts(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    if (typeof value !== 'object' || value === null || !('type' in value)) return;
    const node = value as Node & { value?: unknown; expression?: unknown; name?: { value?: string } };
    if (node.type === 'JSXText' && letters.test(String(node.value))) found.push(String(node.value).trim());
    if (node.type === 'JSXExpressionContainer' && isText(node.expression)) found.push(String(textOf(node.expression)));
    if (node.type === 'JSXAttribute') {
      // Texts in attributes that nobody sees are no texts.
      if (shownAttributes.has(node.name?.value ?? '') && isText(node.value)) found.push(String(textOf(node.value)));
      if (!isText(node.value) && !isText((node.value as { expression?: unknown } | null)?.expression)) visit(node.value);
      return;
    }
    for (const each of Object.values(node)) if (typeof each === 'object') visit(each);
  };
  visit(parseSync(source, { syntax: 'typescript', tsx: true }).body);
  return found;
}

function isText(node: unknown): boolean {
  const text = textOf(node);
  return typeof text === 'string' && letters.test(text);
}

function textOf(node: unknown): unknown {
  const literal = node as { type?: string; value?: unknown } | null | undefined;
  return literal?.type === 'StringLiteral' ? literal.value : undefined;
}

describe('no text that a person sees stands in the code', () => {
  test('a planted one is found', () => {
    expect(visibleTexts(`const a = <p title="One" className="no">Two{'Three'}{t('four')}<b aria-label={'Five'} /></p>;`)).toEqual([
      'One',
      'Two',
      'Three',
    ]);
  });

  test.each(sources.filter(({ file }) => file.endsWith('.tsx')))('$file', ({ text }) => {
    expect(visibleTexts(text)).toEqual([]);
  });
});
