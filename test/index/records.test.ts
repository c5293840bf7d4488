import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/index/problem-table.ts';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { rootId } from '../../src/model/ids.ts';
import type { NodeState } from '../../src/model/node.ts';
import { failureCode } from '../crypto/failure-code.ts';
import { fileState, folderState, nameOf, nodeId, versionAt, versionedNode } from './sample-nodes.ts';

const open = (): SyncIndex => SyncIndex.open(':memory:');

describe('own changes', () => {
  test('lead back to what the base said before', () => {
    const { ownBase } = open();
    const link: NodeState = { kind: 'link', parent: rootId, name: nameOf('l\udcff'), target: '\udcfe', mtimeUs: -5 };
    const states: NodeState[] = [fileState('f', { executable: true }), fileState('h', { fromOutside: true }), folderState('g'), link];
    for (const [at, state] of states.entries())
      ownBase.remember(versionAt(5, at), nodeId(at), versionedNode(nodeId(at), state, versionAt(4)));
    ownBase.remember(versionAt(5, 9), nodeId(9), undefined);
    for (const [at, state] of states.entries()) {
      expect(ownBase.find(versionAt(5, at))).toStrictEqual({ node: nodeId(at), previous: versionedNode(nodeId(at), state, versionAt(4)) });
    }
    expect(ownBase.find(versionAt(5, 9))).toStrictEqual({ node: nodeId(9), previous: undefined });
    expect(ownBase.find(versionAt(6))).toBeUndefined();
  });

  test('keep the first word, until they are forgotten', () => {
    const { ownBase } = open();
    ownBase.remember(versionAt(5), nodeId(1), undefined);
    ownBase.remember(versionAt(5), nodeId(1), versionedNode(nodeId(1), fileState('x')));
    expect(ownBase.find(versionAt(5))?.previous).toBeUndefined();
    ownBase.forget(versionAt(5));
    expect(ownBase.find(versionAt(5))).toBeUndefined();
    const versions = [6, 255, 256, 257].flatMap((lamport) => [0, 65_535].map((at) => versionAt(lamport, at)));
    for (const version of versions) ownBase.remember(version, nodeId(1), undefined);
    ownBase.forgetUpTo(256);
    expect(versions.filter((version) => ownBase.find(version) !== undefined)).toEqual([versionAt(257, 0), versionAt(257, 65_535)]);
    expect(ownBase.hasAny()).toBe(true);
    ownBase.forgetUpTo(999_999_999_999);
    expect(ownBase.hasAny()).toBe(false);
  });
});

describe('intents', () => {
  test('are open from their begin to their end', () => {
    const { intents } = open();
    const first = intents.begin('place', 'a/b');
    const second = intents.begin('commit', '');
    expect(intents.open()).toEqual([
      { number: first, kind: 'place', detail: 'a/b' },
      { number: second, kind: 'commit', detail: '' },
    ]);
    intents.finish(second);
    intents.finish(second);
    expect(intents.open().map(({ number }) => number)).toEqual([first]);
    // A number is never given twice: a late end can't end another one.
    expect(intents.begin('place', 'c')).toBeGreaterThan(second);
  });

  test('begun in a transaction that fails were never begun', () => {
    const index = open();
    expect(() =>
      index.transaction(() => {
        index.intents.begin('place', 'x');
        throw new Error('on purpose');
      }),
    ).toThrow();
    expect(index.intents.open()).toEqual([]);
  });
});

describe('settings', () => {
  test('are kept by key and kind', () => {
    const { settings } = open();
    settings.writeText('text', 'a');
    settings.writeText('text', 'é\u{1f600}');
    settings.writeInteger('integer', -Number.MAX_SAFE_INTEGER);
    settings.writeFlag('flag', false);
    expect(settings.findText('text')).toBe('é\u{1f600}');
    expect(settings.findInteger('integer')).toBe(-Number.MAX_SAFE_INTEGER);
    expect(settings.findFlag('flag')).toBe(false);
    expect([settings.findText('none'), settings.findInteger('none'), settings.findFlag('none')]).toEqual([undefined, undefined, undefined]);
    settings.erase('text');
    expect(settings.findText('text')).toBeUndefined();
  });

  test('of another kind than asked for are damage', () => {
    const { settings } = open();
    for (const value of ['', '1.5', 'x', '9007199254740993', '1e3']) {
      settings.writeText('key', value);
      expect(failureCode(() => settings.findInteger('key'))).toBe('E_INDEX_DAMAGED');
      expect(failureCode(() => settings.findFlag('key'))).toBe('E_INDEX_DAMAGED');
    }
    expect(failureCode(() => settings.writeInteger('key', 0.5))).toBe('E_FAILED');
  });
});

describe('problems', () => {
  const problem = (path: string, more: Partial<Problem> = {}): Problem => ({
    path,
    code: 'E_UNSAFE_NAME',
    message: 'holds a colon',
    action: 'rename it',
    node: nodeId(path),
    sinceMs: 1_000,
    ...more,
  });

  test('are listed by path, page by page, each path and code once', () => {
    const { problems } = open();
    const all = [problem('', { code: 'E_DISK', node: undefined }), problem('a'), problem('a', { code: 'E_DISK' }), problem('b/\udcff')];
    for (const one of all) problems.replace(one);
    problems.replace(problem('a', { message: 'holds a star', sinceMs: 2_000 }));
    const found: Problem[] = [];
    for (let page = problems.list(1); page.length > 0; page = problems.list(1, page.at(-1))) found.push(...page);
    expect(found).toStrictEqual([all[0], all[2], problem('a', { message: 'holds a star' }), all[3]]);
    expect(problems.count()).toBe(4);
    expect(problems.list(10)).toStrictEqual(found);
  });

  test('tell their codes, each once, however many they are', () => {
    const { problems } = open();
    for (let number = 0; number < 1500; number += 1) problems.replace(problem(`file ${number}`, { code: 'E_DISK' }));
    problems.replace(problem('z', { code: 'E_TAMPER' }));
    expect(problems.codes()).toEqual(['E_DISK', 'E_TAMPER']);
  });

  test('of one node are replaced by another one of it, wherever it stood', () => {
    const { problems } = open();
    problems.replace(problem('a'));
    problems.replace(problem('a', { code: 'E_DISK' }));
    problems.replace(problem('folder/a', { code: 'E_DISK', node: nodeId('a') }));
    problems.replace(problem('b'));
    expect(problems.clearOthers(nodeId('a'), { path: 'folder/a', code: 'E_DISK' })).toBe(2);
    expect(problems.list(10).map(({ path }) => path)).toEqual(['b', 'folder/a']);
  });

  test('are cleared by path, by code, by node', () => {
    const { problems } = open();
    for (const code of ['E_DISK', 'E_UNSAFE_NAME', 'E_NAME_CLASH'] as const) problems.replace(problem('a', { code }));
    problems.replace(problem('a/b'));
    problems.replace(problem('c', { node: nodeId('a') }));
    expect(problems.hasNode(nodeId('a'))).toBe(true);
    expect(problems.clear('a', 'E_DISK')).toBe(1);
    expect(problems.clear('a')).toBe(2);
    expect(problems.clear('a')).toBe(0);
    expect(problems.clearNode(nodeId('a'))).toBe(1);
    expect(problems.hasNode(nodeId('a'))).toBe(false);
    expect(problems.list(10).map(({ path }) => path)).toEqual(['a/b']);
    problems.clearAll();
    expect(problems.count()).toBe(0);
  });
});
