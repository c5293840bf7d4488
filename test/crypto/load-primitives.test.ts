import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { loadPrimitives } from '../../src/crypto/load-primitives.ts';

test('libsodium is the choice where none is made', () => {
  expect(loadPrimitives().name).toBe('sodium');
  expect(loadPrimitives('sodium').name).toBe('sodium');
  expect(loadPrimitives('portable').name).toBe('portable');
  expect(loadPrimitives('portable')).toBe(loadPrimitives('portable'));
});

test('a machine without a prebuilt libsodium gets the portable one, unless libsodium was asked for', async () => {
  const file = pathToFileURL(`${import.meta.dirname}/../../src/crypto/load-primitives.ts`).href;
  const script = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) => {
      if (name === 'sodium-native') throw new Error('no prebuilt library');
      return next(name, context);
    } });
    const { loadPrimitives } = await import(${JSON.stringify(file)});
    let asked;
    try { loadPrimitives('sodium'); } catch (error) { asked = error.message; }
    console.log(loadPrimitives().name + ', ' + asked);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--input-type=module', '--eval', script]);
  expect(stdout.trim()).toBe('portable, no prebuilt library');
});
