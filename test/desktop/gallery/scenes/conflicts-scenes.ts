import type { ToldContent } from '../../../../src/control/acts/shared-shapes.ts';
import type { ToldConflict, ToldProblem } from '../../../../src/control/acts/trouble-acts.ts';
import { hostileNames } from '../hostile-names.ts';
import { makePng } from '../made-pictures.ts';
import { no, yes, type AgentAnswers, type Scene } from '../scene.ts';
import { someVaults } from '../usual-shell.ts';
import { ago, usualOverview, type LinkedOverview } from '../usual-agent.ts';

const wide = [1000, 700] as const;
const narrow = [600, 700] as const;

export function conflictAt(path: string, id: string, ours = 'laptop', theirs = 'desk'): ToldConflict {
  const dot = path.lastIndexOf('.');
  const copy = `${dot > path.lastIndexOf('/') + 1 ? path.slice(0, dot) : path} (conflict ${ours} 2026-11-20)${dot > 0 ? path.slice(dot) : ''}`;
  return {
    id,
    path,
    copy,
    kind: 'file',
    ours: { device: ours, mtime: ago(96), size: 2310 },
    theirs: { device: theirs, mtime: ago(41), size: 2284 },
  };
}

const conflicts: readonly ToldConflict[] = [
  conflictAt('Household/Budget.csv', 'c1'),
  conflictAt('Household/Landlord.md', 'c2'),
  conflictAt('Household/Moving/Boxes.txt', 'c3', 'desk', 'phone'),
  conflictAt('Photos/Harbour.png', 'c4'),
  conflictAt('Photos/Mountains at seven in the morning, seen from the hut above the long valley.png', 'c5'),
  conflictAt('Plan.pdf', 'c6'),
];

const ancestor = `# Letter to the landlord

Dear Ms Ferrand,

the heating in the kitchen has been out of order since Monday.
The rent for November is 700 euros.
Please send somebody before the weekend.

${Array.from({ length: 14 }, (_, at) => `${at + 1}. An item of the list that nobody changed.`).join('\n')}

Kind regards,
Ana
`;
const ours = ancestor.replace('since Monday', 'since last Friday').replace('Ana\n', 'Ana Lindqvist\nFlat 12\n');
const theirs = ancestor.replace('700 euros', '735 euros, as agreed').replace('Please send somebody before the weekend.\n', '');

function content(bytes: Buffer | string): ToldContent {
  const buffer = Buffer.from(bytes);
  return { is: 'content', base64: buffer.toString('base64'), size: buffer.length };
}

const sides: AgentAnswers['read-side'] = ({ conflict, side }) => {
  if (conflict === 'c4' || conflict === 'c5')
    return yes(content(makePng(640, 400, side === 'ours' ? [40, 120, 200] : side === 'theirs' ? [220, 120, 60] : [90, 160, 90])));
  if (conflict === 'c6') return yes(side === 'ancestor' ? { is: 'gone' } : { is: 'too-large', size: 8_400_000 });
  return yes(content({ ours, theirs, ancestor }[side]));
};

export function agentWith(rows: readonly ToldConflict[], more: Partial<AgentAnswers> = {}): Partial<AgentAnswers> {
  return {
    overview: () => yes({ ...usualOverview, conflicts: rows.length }),
    'list-conflicts': ({ after, limit }) => {
      const from = after === undefined ? 0 : rows.findIndex(({ path }) => path === after) + 1;
      return yes({ rows: rows.slice(from, from + limit), hasMore: from + limit < rows.length, total: rows.length });
    },
    'read-side': sides,
    decide: ({ conflicts: ids }) => yes({ resolved: ids.length, undo: 'u1' }),
    'undo-decision': () => yes({ restored: 1 }),
    'list-problems': () => yes({ rows: [], hasMore: false, total: 0 }),
    'list-held': () => yes({ rows: [], hasMore: false, total: 0 }),
    ...more,
  };
}

function conflictScene(name: string, more: Partial<Scene> = {}): Scene {
  return { name: `conflicts-${name}`, window: 'conflicts', size: wide, agent: agentWith(conflicts), ...more };
}

const pick = (name: string): NonNullable<Scene['steps']>[number] => ({ press: name, role: 'row' });

const hostile = hostileNames.map((name, at) => ({
  ...conflictAt(`${at % 3 === 0 ? `${name}/` : ''}${name}`, `h${at}`),
  ours: { device: '<b>laptop</b>\u202Exyz', mtime: ago(96), size: 2310 },
}));

const hostileText = 'plain line\n<script>alert(1)</script>\nreverse \u202Edesrever\u202C end\nzero\u200Bwidth\nbell\u001B[31m\n';

function problem(code: string, path: string): ToldProblem {
  return { code, path, message: `what the agent says of ${path}`, action: 'what to do about it' };
}

const problems: readonly ToldProblem[] = [
  problem('E_UNREADABLE', 'Household/Diary.odt'),
  problem('E_UNSAFE_NAME', 'Music/AUX.flac'),
  problem('E_IN_THE_WAY', 'Photos/2026'),
  problem('E_STORE_FULL', 'Films/Holiday.mkv'),
  problem('E_NEW_ONE', 'Something that has no words of its own.txt'),
];

function problemsAgent(rows: readonly ToldProblem[]): Partial<AgentAnswers> {
  return agentWith([], {
    overview: () => yes({ ...usualOverview, problems: rows.length }),
    'list-problems': () => yes({ rows: [...rows], hasMore: false, total: rows.length }),
  });
}

const held = Array.from({ length: 1204 }, (_, at) => ({
  path: at % 7 === 0 ? `Photos/2019/IMG_${4000 + at}.jpg` : `Archive/Box ${at % 12}/Letter ${at}.odt`,
  loss: at % 5 === 0 ? ('rewritten' as const) : ('removed' as const),
}));

const heldAgent = agentWith([], {
  overview: () => yes({ ...usualOverview, state: 'held', held: held.length }),
  'list-held': ({ after, limit }) => {
    const from = after === undefined ? 0 : held.findIndex(({ path }) => path === after) + 1;
    return yes({ rows: held.slice(from, from + limit), hasMore: from + limit < held.length, total: held.length });
  },
  'decide-held': () => yes({ files: held.length }),
});

const hostileHeld = agentWith([], {
  overview: () => yes({ ...usualOverview, state: 'held', held: hostileNames.length }),
  'list-held': () =>
    yes({ rows: hostileNames.map((name) => ({ path: `${name}/${name}`, loss: 'removed' })), hasMore: false, total: hostileNames.length }),
});

const linked =
  (changes: Partial<LinkedOverview>): AgentAnswers['overview'] =>
  () =>
    yes({ ...usualOverview, ...changes });

export const conflictsScenes: readonly Scene[] = [
  conflictScene('text', { isTypical: true, steps: [pick('Landlord.md')] }),
  conflictScene('ancestor', { steps: [pick('Landlord.md'), { press: 'The version before both changes' }] }),
  conflictScene('unfolded', { steps: [pick('Landlord.md'), { press: '11 lines are the same' }] }),
  conflictScene('picture', { isTypical: true, steps: [pick('Harbour.png')] }),
  conflictScene('pdf', {
    agent: agentWith(conflicts, {
      'read-side': ({ side }) => yes(content(`%PDF-1.7\n1 0 obj << /Type /Pages /Count ${side === 'ours' ? 12 : 1} >>\nendobj\n`)),
    }),
    steps: [pick('Plan.pdf'), { see: '12 pages' }],
  }),
  conflictScene('facts', { steps: [pick('Plan.pdf')] }),
  conflictScene('folder', { steps: [pick('Household, 2 conflicts')] }),
  conflictScene('sure', { isTypical: true, steps: [pick('Household, 2 conflicts'), { press: 'Keep the version of desk' }] }),
  conflictScene('decided', { steps: [pick('Landlord.md'), { press: 'Keep the version of desk' }] }),
  conflictScene('undone', { steps: [pick('Landlord.md'), { press: 'Keep the version of desk' }, { press: 'Undo' }] }),
  conflictScene('narrow', { size: narrow, steps: [pick('Landlord.md')] }),
  conflictScene('narrow-picture', { size: narrow, agent: agentWith(conflicts.slice(3)), steps: [pick('Harbour.png')] }),
  conflictScene('hostile', {
    isTypical: true,
    isHostile: true,
    agent: agentWith(hostile, { 'read-side': ({ side }) => yes(content(side === 'ours' ? hostileText : `${hostileText}more\n`)) }),
  }),
  conflictScene('hostile-narrow', { isHostile: true, size: narrow, agent: agentWith(hostile) }),
  conflictScene('many', {
    agent: agentWith(
      Array.from({ length: 5000 }, (_, at) =>
        conflictAt(`Folder ${String(Math.floor(at / 40)).padStart(3, '0')}/File ${String(at).padStart(4, '0')}.txt`, `m${at}`),
      ),
    ),
  }),
  conflictScene('none', { agent: agentWith([]) }),
  conflictScene('loading', { agent: agentWith(conflicts, { 'list-conflicts': () => 'never' }) }),
  conflictScene('content-loading', { agent: agentWith(conflicts, { 'read-side': () => 'never' }) }),
  conflictScene('failed', {
    agent: agentWith([], {
      overview: linked({ conflicts: 3 }),
      'list-conflicts': () => no('E_NEW_ONE', 'unknown method list-conflicts', ''),
    }),
  }),
  conflictScene('not-read', {
    agent: agentWith(conflicts, { 'read-side': () => no('E_STORE_UNREACHABLE', 'cannot reach cloud.example.com:443 (ENOTFOUND)') }),
  }),
  conflictScene('not-decided', {
    agent: agentWith(conflicts, { decide: () => no('E_BUSY', 'another run is at work') }),
    steps: [pick('Landlord.md'), { press: 'Keep the version of desk' }],
  }),
  conflictScene('unlinked', { agent: { overview: () => yes({ is: 'unlinked' }) } }),
  { name: 'problems', isTypical: true, window: 'conflicts', size: wide, agent: problemsAgent(problems) },
  { name: 'problems-of-a-vault', window: 'conflicts', size: narrow, agent: problemsAgent(problems), shell: someVaults },
  { name: 'problems-narrow', window: 'conflicts', size: narrow, agent: problemsAgent(problems) },
  { name: 'problems-again', window: 'conflicts', size: wide, agent: problemsAgent(problems), steps: [{ press: 'Check again' }] },
  {
    name: 'problems-hostile',
    isHostile: true,
    window: 'conflicts',
    size: wide,
    agent: problemsAgent(hostileNames.map((name, at) => problem(at % 2 === 0 ? 'E_UNREADABLE' : 'E_NEW_ONE', `${name}/${name}`))),
  },
  {
    name: 'problems-none',
    window: 'conflicts',
    size: wide,
    agent: agentWith([], { overview: linked({}) }),
    steps: [{ press: 'Problems', role: 'tab' }],
  },
  { name: 'held', isTypical: true, window: 'conflicts', size: wide, agent: heldAgent },
  { name: 'held-hostile', isHostile: true, window: 'conflicts', size: wide, agent: hostileHeld },
  { name: 'held-narrow', window: 'conflicts', size: narrow, agent: heldAgent },
  { name: 'held-sure', window: 'conflicts', size: wide, agent: heldAgent, steps: [{ press: 'Let it happen' }] },
  {
    name: 'held-sure-ticked',
    isTypical: true,
    window: 'conflicts',
    size: wide,
    agent: heldAgent,
    steps: [{ press: 'Let it happen' }, { press: 'I looked at the list', role: 'checkbox' }],
  },
  { name: 'held-done', window: 'conflicts', size: wide, agent: heldAgent, steps: [{ press: 'Bring the files back' }] },
  {
    name: 'held-none',
    window: 'conflicts',
    size: wide,
    agent: agentWith([]),
    steps: [{ press: 'Large change', role: 'tab' }],
  },
];
