import type { ToldItem, ToldVersion } from '../../../../src/control/acts/history-acts.ts';
import type { ToldContent } from '../../../../src/control/acts/shared-shapes.ts';
import { hostileNames } from '../hostile-names.ts';
import { makePng } from '../made-pictures.ts';
import { no, yes, type AgentAnswers, type Scene } from '../scene.ts';
import { ago } from '../usual-agent.ts';

const wide = [1000, 700] as const;
const narrow = [600, 700] as const;

export function item(name: string, folder: string, more: Partial<ToldItem> = {}): ToldItem {
  return { path: folder === '' ? name : `${folder}/${name}`, name, kind: 'file', size: 48_300, mtime: ago(60 * 30), local: true, ...more };
}

const dir = (name: string, folder: string): ToldItem => item(name, folder, { kind: 'dir', size: 0, mtime: null });

function itemsOf(folder: string): readonly ToldItem[] {
  return [
    dir('Household', folder),
    dir('Photos', folder),
    dir('Taxes', folder),
    item('Letter to the landlord.md', folder),
    item('Plan of the flat with the measures that were taken in March.pdf', folder, { size: 4_200_000, local: false }),
    item('latest', folder, { kind: 'link', size: 0 }),
    item('Harbour.png', folder, { size: 812_000 }),
  ];
}

export function version(at: number, more: Partial<ToldVersion> = {}): ToldVersion {
  return {
    version: `v${at}`,
    path: 'Letter to the landlord.md',
    kind: 'file',
    size: 2310 - at * 40,
    mtime: ago(at * 700),
    device: at % 2 === 0 ? 'laptop' : 'desk',
    at: ago(at * 700),
    deleted: false,
    lost: false,
    ...more,
  };
}

const versions: readonly ToldVersion[] = [
  version(0),
  version(1),
  version(2, { lost: true }),
  version(3),
  version(4, { deleted: true }),
  version(5, { path: 'Drafts/Landlord.md' }),
  version(6),
];

const letter = (at: string): string => `# Letter to the landlord\n\nDear Ms Ferrand,\n\nthis is version ${at}.\n\nKind regards,\nAna\n`;

function content(bytes: Buffer | string): ToldContent {
  const buffer = Buffer.from(bytes);
  return { is: 'content', base64: buffer.toString('base64'), size: buffer.length };
}

const deleted: readonly ToldVersion[] = [
  version(1, { path: 'Old list.txt', deleted: true }),
  version(2, { path: 'Household/Moving/Boxes.txt', deleted: true }),
  version(3, { path: 'Household/Moving/A name that goes on for so long that there is no room for it in any list.txt', deleted: true }),
  version(4, { path: 'Photos/IMG_4711.jpg', deleted: true, device: '' }),
];

export const usualHistory: Partial<AgentAnswers> = {
  'list-items': ({ path, after }) => yes({ rows: after === undefined ? [...itemsOf(path)] : [], hasMore: false }),
  'list-versions': ({ path }) => yes({ rows: versions.map((row) => (row.path.includes('/') ? row : { ...row, path })), hasMore: false }),
  'list-deleted': () => yes({ rows: [...deleted], hasMore: false }),
  'read-version': ({ path, version: id }) => yes(content(path.endsWith('.png') ? makePng(640, 400, [40, 120, 200]) : letter(id))),
  restore: ({ path, to }) => yes({ path: to ?? path, files: 1 }),
};

function scene(name: string, more: Partial<Scene> = {}, agent: Partial<AgentAnswers> = {}): Scene {
  return { name: `history-${name}`, window: 'history', size: wide, agent: { ...usualHistory, ...agent }, ...more };
}

const letterRow = { press: 'Letter to the landlord.md', role: 'row' } as const;

const hostileDeleted = hostileNames.map((name, at) => version(at, { path: `${name}/${name}`, device: name, deleted: true }));

const many = Array.from({ length: 10_000 }, (_, at) => item(`Scan ${String(at).padStart(5, '0')}.pdf`, ''));

export const historyScenes: readonly Scene[] = [
  scene('browse'),
  scene('file', { steps: [letterRow] }),
  scene('file-older', { isTypical: true, steps: [letterRow, { press: 'desk', role: 'row' }] }),
  scene('file-lost', { steps: [letterRow, { press: 'set aside', role: 'row' }] }),
  scene('picture', { steps: [{ press: 'Harbour.png', role: 'row' }] }),
  scene(
    'link',
    { steps: [{ press: 'latest', role: 'row' }] },
    { 'list-versions': ({ path }) => yes({ rows: [version(0, { path, kind: 'link', size: 0 })], hasMore: false }) },
  ),
  scene('restored', { steps: [letterRow, { press: 'deleted', role: 'row' }, { press: 'Bring this version back' }] }),
  scene('elsewhere', { steps: [letterRow, { press: 'Save as a copy' }] }),
  scene('elsewhere-bad', {
    steps: [letterRow, { press: 'Save as a copy' }, { fill: 'Place in the synced folder', with: 'Letters/../../outside.md' }],
  }),
  scene(
    'in-the-way',
    { steps: [letterRow, { press: 'desk', role: 'row' }, { press: 'Bring this version back' }] },
    { restore: () => no('E_IN_THE_WAY', 'a folder stands at Letter to the landlord.md') },
  ),
  scene('deep', { path: 'Household/Moving/The second flat/Rooms/Kitchen/Letter to the landlord.md' }),
  scene(
    'deleted',
    {
      isTypical: true,
      steps: [
        { press: 'Deleted files', role: 'tab' },
        { press: 'Boxes.txt', role: 'row' },
      ],
    },
    {
      'list-versions': ({ path }) =>
        yes({ rows: [version(2, { path, deleted: true }), version(3, { path }), version(6, { path })], hasMore: false }),
    },
  ),
  scene('deleted-none', { steps: [{ press: 'Deleted files', role: 'tab' }] }, { 'list-deleted': () => yes({ rows: [], hasMore: false }) }),
  scene('narrow', { size: narrow, steps: [letterRow] }),
  scene('narrow-deleted', { size: narrow, steps: [{ press: 'Deleted files', role: 'tab' }] }),
  scene('empty', {}, { 'list-items': () => yes({ rows: [], hasMore: false }) }),
  scene('loading', {}, { 'list-items': () => 'never' }),
  scene('failed', {}, { 'list-items': () => no('E_NEW_ONE', 'unknown method list-items', '') }),
  scene('no-versions', { path: 'gone.txt' }, { 'list-versions': () => yes({ rows: [], hasMore: false }) }),
  scene('not-read', { steps: [letterRow] }, { 'read-version': () => no('E_STORE_UNREACHABLE', 'cannot reach cloud.example.com:443') }),
  scene(
    'many',
    {},
    {
      'list-items': ({ after, limit }) => {
        const from = after === undefined ? 0 : many.findIndex(({ name }) => name === after) + 1;
        return yes({ rows: many.slice(from, from + limit), hasMore: from + limit < many.length });
      },
    },
  ),
  scene(
    'deleted-hostile',
    { isHostile: true, steps: [{ press: 'Deleted files', role: 'tab' }] },
    { 'list-deleted': () => yes({ rows: hostileDeleted, hasMore: false }) },
  ),
  scene(
    'hostile',
    { isTypical: true, isHostile: true, path: `${hostileNames[0]}/${hostileNames[2]}/${hostileNames[5]}/${hostileNames[9]}` },
    {
      'list-items': ({ path }) =>
        yes({ rows: hostileNames.map((name, at) => (at % 4 === 0 ? dir(name, path) : item(name, path))), hasMore: false }),
      'list-versions': ({ path }) =>
        yes({
          rows: hostileNames.map((name, at) => version(at, { path: at === 0 ? path : `${name}/${name}`, device: name })),
          hasMore: false,
        }),
    },
  ),
  scene('locked', {}, { overview: () => yes({ is: 'locked', folder: '/home/ana/Cachette', device: 'laptop' }) }),
];
