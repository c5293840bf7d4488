import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '../..');

const report = z.object({
  modules: z.array(z.object({ source: z.string(), dependencies: z.array(z.object({ resolved: z.string() })) })),
  summary: z.object({ violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })) }),
});
type Report = z.infer<typeof report>;

/** What the layer check says about `folder`/src. It exits with the number of violations, so its exit code is no failure here. */
async function cruise(folder: string): Promise<Report> {
  const tool = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [tool, '--config', path.join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'src', 'renderer'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 256 * 1024 * 1024 });
  return report.parse(JSON.parse(stdout));
}

async function plant(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
}

const nothing = 'export const nothing = 0;\n';

/** A small tree of its own with one planted import per line: [importing file, what it imports, the rule that must object]. */
const forbidden: readonly (readonly [string, string, string])[] = [
  ['src/planner/a.ts', '../disk/disk.ts', 'not-in-allowed'],
  ['src/planner/b.ts', 'node:fs', 'not-in-allowed'],
  ['src/model/a.ts', 'node:path', 'not-in-allowed'],
  ['src/model/b.ts', '../planner/z.ts', 'not-in-allowed'],
  ['src/base/a.ts', '../model/z.ts', 'not-in-allowed'],
  ['src/base/b.ts', 'zod', 'not-in-allowed'],
  ['src/vault/a.ts', '../store/http.ts', 'not-in-allowed'],
  ['src/vault/b.ts', 'sodium-native', 'not-in-allowed'],
  ['src/vault/c.ts', '@noble/hashes/blake2.js', 'not-in-allowed'],
  ['src/vault/d.ts', 'tweetnacl', 'not-in-allowed'],
  ['src/engine/a.ts', '../disk/watch.ts', 'not-in-allowed'],
  ['src/engine/b.ts', '../store/store.ts', 'not-in-allowed'],
  ['src/engine/c.ts', 'ignore', 'not-in-allowed'],
  ['src/agent/a.ts', 'better-sqlite3', 'not-in-allowed'],
  ['src/agent/b.ts', '../cli/z.ts', 'not-in-allowed'],
  ['src/server/a.ts', 'got', 'not-in-allowed'],
  ['src/store/a.ts', 'fastify', 'not-in-allowed'],
  ['src/store/b.ts', '../vault/z.ts', 'not-in-allowed'],
  ['src/control/a.ts', 'commander', 'not-in-allowed'],
  ['src/control/b.ts', 'cli-progress', 'not-in-allowed'],
  ['src/cli/a.ts', '../server/z.ts', 'not-in-allowed'],
  ['src/cli/b.ts', '../engine/z.ts', 'not-in-allowed'],
  ['src/unheard-of/a.ts', '../base/z.ts', 'not-in-allowed'],
  ['renderer/a.ts', '../src/agent/z.ts', 'not-in-allowed'],
  ['renderer/b.ts', '../src/desktop/main/z.ts', 'not-in-allowed'],
  ['renderer/c.ts', 'node:fs', 'not-in-allowed'],
  ['src/disk/a.ts', '../../test/z.ts', 'not-to-test'],
  ['src/disk/b.ts', '../model/index.ts', 'no-barrels'],
  ['src/disk/c.ts', './gone.ts', 'not-to-unresolvable'],
  ['src/disk/d.ts', 'left-pad-that-nobody-has', 'not-to-unresolvable'],
];

const allowed: readonly (readonly [string, string])[] = [
  ['src/planner/z.ts', '../model/z.ts'],
  ['src/vault/y.ts', '../store/store.ts'],
  ['src/vault/x.ts', 'cborg'],
  ['src/engine/y.ts', '../disk/disk.ts'],
  ['src/index/y.ts', 'better-sqlite3'],
  ['src/crypto/y.ts', '@noble/hashes/blake2.js'],
  ['src/store/y.ts', 'got'],
  ['src/base/y.ts', 'node:crypto'],
  ['renderer/y.ts', '../src/control/acts/z.ts'],
  ['renderer/x.ts', 'react'],
];

describe('the layer check', () => {
  let folder = '';
  let planted: Report;

  beforeAll(async () => {
    await mkdir(path.join(root, '.tmp'), { recursive: true });
    folder = await mkdtemp(path.join(root, '.tmp', 'layers-'));
    await copyFile(path.join(root, 'package.json'), path.join(folder, 'package.json'));
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    const targets = [
      'base/z',
      'cli/z',
      'control/acts/z',
      'agent/z',
      'desktop/main/z',
      'disk/disk',
      'disk/watch',
      'engine/z',
      'model/index',
      'model/z',
      'server/z',
      'store/http',
      'store/store',
    ];
    await plant(folder, {
      'test/z.ts': nothing,
      'src/planner/z.ts': nothing,
      'src/vault/z.ts': nothing,
      ...Object.fromEntries(targets.map((target) => [`src/${target}.ts`, nothing])),
      ...Object.fromEntries([...forbidden, ...allowed].map(([file, target]) => [file, `import '${target}';\n`])),
      'src/index/type-only.ts': "import type { Nothing } from '../cli/z.ts';\nexport type Mine = Nothing;\n",
      'src/index/re-export.ts': "export { nothing } from '../cli/z.ts';\n",
      'src/index/later.ts': "export const later = () => import('../cli/z.ts');\n",
      'src/index/using.ts': "export async function use() {\n  await using z = await import('../cli/z.ts');\n  return z;\n}\n",
      'src/cli/later.ts': "export const later = () => import('../server/z.ts');\n",
      'src/base/ring-a.ts': "import type { B } from './ring-b.ts';\nexport interface A { b: B }\n",
      'src/base/ring-b.ts': "import type { A } from './ring-a.ts';\nexport interface B { a: A }\n",
    });
    planted = await cruise(folder);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test.each(forbidden)('objects to %s importing %s', (file, target, rule) => {
    const last = target.split('/').at(-1) ?? target;
    const found = planted.summary.violations.filter(
      ({ from, to }) => from === file && (to.includes(last) || to.includes(target.replace('node:', ''))),
    );
    expect(found.map((violation) => violation.rule.name)).toContain(rule);
  });

  test.each(['src/index/type-only.ts', 'src/index/re-export.ts', 'src/index/later.ts', 'src/index/using.ts'])(
    'sees the import in %s',
    (file) => {
      const found = planted.summary.violations.filter(({ from, to }) => from === file && to === 'src/cli/z.ts');
      expect(found.map((violation) => violation.rule.name)).toContain('not-in-allowed');
    },
  );

  test('sees a ring made of types alone', () => {
    const rings = planted.summary.violations.filter((violation) => violation.rule.name === 'no-circular');
    expect(rings.map(({ from }) => from)).toContain('src/base/ring-a.ts');
  });

  test.each([...allowed.map(([file]) => file), 'src/cli/later.ts'])('lets %s be', (file) => {
    const read = planted.modules.find((module) => module.source === file);
    expect(read?.dependencies).toHaveLength(1); // guard: its import was seen
    expect(planted.summary.violations.filter(({ from }) => from === file)).toEqual([]);
  });
});

describe('src', () => {
  let real: Report;

  beforeAll(async () => {
    real = await cruise(root);
  });

  test('is read as TypeScript, every module of it', async () => {
    const files = (await readdir(path.join(root, 'src'), { recursive: true }))
      .map((file) => `src/${file.replaceAll(path.sep, '/')}`)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
    expect(files.length).toBeGreaterThan(20);
    const read = new Set(real.modules.map((module) => module.source));
    expect(files.filter((file) => !read.has(file))).toEqual([]);
    const edges = real.modules.flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => `${source} -> ${resolved}`));
    expect(edges).toContain('src/model/change.ts -> src/model/ids.ts');
    expect(edges.length).toBeGreaterThan(files.length);
  });

  test('keeps to its layers', () => {
    expect(real.summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });

  test('names files after the one thing they hold', async () => {
    const vague = /^(utils?|helpers?|common|types|managers?|handlers?|services?|index)\.ts$/u;
    const files = await readdir(path.join(root, 'src'), { recursive: true });
    expect(files.filter((file) => vague.test(path.basename(file)))).toEqual([]);
  });
});
