import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '../..');

const report = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });

/** Each a file that must be objected to, the rule that must do it, and what is wrong with it. */
const planted: readonly (readonly [string, string, string])[] = [
  ['src/engine/date-now.ts', 'no-restricted-properties', 'export const now = () => Date.now();'],
  ['src/engine/new-date.ts', 'no-ambient-date', 'export const now = () => new Date();'],
  ['src/engine/chance.ts', 'no-restricted-properties', 'export const chance = () => Math.random();'],
  ['src/vault/uuid.ts', 'no-restricted-globals', 'export const id = () => crypto.randomUUID();'],
  [
    'src/vault/random-bytes.ts',
    'no-restricted-imports',
    "import { randomBytes } from 'node:crypto';\nexport const id = () => randomBytes(8);",
  ],
  ['src/store/timer.ts', 'no-restricted-globals', 'export const later = (work: () => void) => setTimeout(work, 1);'],
  ['src/store/fetch.ts', 'no-restricted-globals', "export const page = () => fetch('https://example.org');"],
  ['src/planner/wait.ts', 'no-ambient-machine', 'export async function wait(work: PromiseLike<void>) { await work; }'],
  ['src/model/machine.ts', 'no-ambient-machine', 'export const machine = () => process.platform;'],
  ['src/index/floating.ts', 'no-floating-promises', 'declare function work(): Promise<void>;\nexport function start(): void { work(); }'],
  ['src/index/any.ts', 'no-explicit-any', 'export function take(value: any): number { return 1; }'],
  ['src/index/unsafe.ts', 'no-unsafe-member-access', 'export const size = (text: string) => JSON.parse(text).size;'],
  [
    'src/index/half-switch.ts',
    'switch-exhaustiveness-check',
    "export function name(x: 'a' | 'b'): string { switch (x) { case 'a': return 'A'; } return ''; }",
  ],
  ['src/index/default-export.ts', 'no-default-export', 'export default 1;'],
  ['src/index/barrel.ts', 'no-barrel-file', "export * from './sound.ts';\nexport * from './any.ts';"],
  ['src/index/five-parameters.ts', 'max-params', 'export const five = (a: 1, b: 2, c: 3, d: 4, e: 5) => [a, b, c, d, e];'],
  ['src/index/long-file.ts', 'max-lines', Array.from({ length: 401 }, (_, line) => `export const line${line} = 1;`).join('\n')],
  ['src/index/long-function.ts', 'max-lines-per-function', `export function long(): void {\n${'  void 0;\n'.repeat(61)}}`],
  ['src/index/NotKebab.ts', 'filename-case', 'export const sound = 1;'],
];

const sound: Readonly<Record<string, string>> = {
  'src/index/sound.ts': 'export function at(ms: number): Date {\n  return new Date(ms);\n}\n',
  'src/base/clock.ts': 'export const now = (): number => Date.now();\n',
  'src/agent/sound.ts': 'export const later = (work: () => void): NodeJS.Timeout => setTimeout(work, 1);\n',
};

let folder = '';
let found: { readonly file: string; readonly code: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cachette-lint-'));
  await mkdir(path.join(folder, '.scripts'));
  for (const file of ['.oxlintrc.json', '.scripts/lint-rules.mjs', 'tsconfig.json', 'package.json']) {
    await copyFile(path.join(root, file), path.join(folder, file));
  }
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const files = [...planted.map(([file, , source]) => [file, source] as const), ...Object.entries(sound)];
  for (const [file, source] of files) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), `${source}\n`);
  }
  const tool = path.join(root, 'node_modules/oxlint/bin/oxlint');
  const child = spawn(process.execPath, [tool, '--format', 'json', 'src'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const { diagnostics } = report.parse(JSON.parse(await text(child.stdout)));
  found = diagnostics.map(({ filename, code }) => ({ file: filename, code }));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test.each(planted)('%s breaks %s', (file, rule) => {
  expect(found.filter((each) => each.file === file).map(({ code }) => code)).toContainEqual(expect.stringContaining(`(${rule})`));
});

test.each(Object.keys(sound))('%s breaks nothing', (file) => {
  expect(found.filter((each) => each.file === file)).toEqual([]);
});
