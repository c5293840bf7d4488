import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import nacl from 'tweetnacl';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { HastyClock } from '../agent/device-rig.ts';
import { folderState } from './folder-state.ts';
import {
  answerOf,
  certificate,
  helloOf,
  makeCode,
  overhear,
  proofOf,
  stranger,
  symbolShownBy,
  transcripts,
  withFields,
  type Heard,
} from './enrolment-kit.ts';
import { isFull } from './is-full.ts';
import { startInProcess, type CliOutcome } from './in-process-cli.ts';
import { openVault } from './open-vault.ts';
import { StoreFolder } from './store-folder.ts';
import { TwoViews, type Meddling, type Mischief } from './two-views.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('./inline-workshop.ts'));

const fixture = await openVault();
let newSide: StoreFolder;

/** The new device is shown a store of its own, which the attacker fills. */
beforeEach(() => {
  fixture.restore('agreed');
  newSide = new StoreFolder(fixture.path('shown to the new device'));
  fixture.store.copyTo(newSide);
});

/** All of them with `npm run attack`; each `npm test` the first and the last. */
function timely<Case>(cases: readonly Case[]): Case[] {
  return isFull ? [...cases] : cases.filter((_, at) => at === 0 || at === cases.length - 1);
}

interface Enrolment {
  readonly code: string;
  readonly joined: CliOutcome;
  readonly approved: CliOutcome;
}

interface Attack {
  readonly meddle: Meddling;
  readonly mischief?: Mischief;
  /** Told as soon as it is shown: for attackers who overheard it, or have to be wrong for certain. */
  readonly onCode?: (code: string) => void;
  readonly haste?: number;
}

async function enrol({ meddle, mischief, onCode, haste = 30 }: Attack): Promise<Enrolment> {
  const views = new TwoViews({ new: newSide, vault: fixture.store }, meddle, mischief);
  try {
    const where = [
      '--store',
      `file://${newSide.dir}`,
      '--folder',
      fixture.folder('newcomer'),
      '--name',
      'newcomer',
      '--key-storage',
      'file',
    ];
    const args = ['--profile', fixture.profile('newcomer'), 'join', ...where, '--code', '--json'];
    const joining = startInProcess(args, { clock: new HastyClock(haste) });
    const { code } = JSON.parse(await joining.firstLine) as { code: string };
    onCode?.(code);
    const approved = await approve(code, haste);
    return { code, joined: await joining.ended, approved };
  } finally {
    views.close();
  }
}

function approve(code: string, haste = 30): Promise<CliOutcome> {
  return startInProcess(['--profile', fixture.profile('desk'), 'devices', 'approve', code], { clock: new HastyClock(haste) }).ended;
}

/** What neither side may change because of an attack; enrolments' own messages and the hint come and go. */
function vaultState(): unknown {
  const contents = (store: StoreFolder): string[] =>
    store
      .names()
      .filter((name) => !/^(?:enrol\/|hint$)/.test(name))
      .map((name) => `${name} ${store.read(name).toString('base64')}`);
  return {
    theirs: contents(fixture.store),
    shown: contents(newSide),
    desk: folderState(fixture.folder('desk')),
    new: folderState(fixture.folder('newcomer')),
  };
}

/** U1 to U6: both end with a line, nobody is let in, nothing was sealed to anyone, and an honest try succeeds. */
async function checkNobodyLetIn(attack: Attack, codes: readonly string[] = ['E_CODE', 'E_TAMPER']): Promise<Enrolment> {
  const before = vaultState();
  const enrolment = await enrol(attack);
  const { approved, joined, code } = enrolment;
  expect(vaultState()).toEqual(before);
  expect(fs.existsSync(fixture.profile('newcomer')), 'no profile').toBe(false);
  expect(approved).toMatchObject({
    exitCode: expect.toBeOneOf([1, 5, 6]) as number,
    stderr: expect.stringMatching(/E_[A-Z_]+: [^\n]+\n$/) as string,
  });
  expect(joined).toMatchObject({
    exitCode: expect.toBeOneOf([1, 5, 6]) as number,
    stderr: expect.stringMatching(/E_[A-Z_]+: [^\n]+\n$/) as string,
  });
  const said = [approved, joined].map(({ stderr }) => /E_[A-Z_]+/.exec(stderr)?.[0] ?? '');
  expect(
    said.filter((each) => codes.includes(each)),
    said.join(),
  ).not.toEqual([]);
  expectCodeNowhere(code);
  if (isFull) await checkHonestOne();
  return enrolment;
}

async function checkHonestOne(): Promise<void> {
  const { joined, approved } = await enrol({ meddle: (_, bytes) => bytes });
  expect([joined, approved]).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
}

function expectCodeNowhere(code: string): void {
  const secret = code.replaceAll('-', '').slice(3);
  const logs = ['desk', 'laptop'].map((device) => fs.readFileSync(`${fixture.path(`profile-${device}`)}/log/cachette.log`, 'latin1'));
  const objects = [fixture.store, newSide].flatMap((store) => store.names().map((name) => name + store.read(name).toString('latin1')));
  for (const text of [...logs, ...objects].map((each) => each.toUpperCase())) {
    expect(text.includes(secret) || text.includes(code)).toBe(false);
  }
}

function helloName(place: string): string {
  return `enrol/${String(Math.floor(Date.now() / 1000)).padStart(12, '0')}-${place}-${randomBytes(8).toString('hex')}-00`;
}

function step(name: string): string {
  return name.slice(-2);
}

test('guard: without meddling the device is let in, through both views', async () => {
  await checkHonestOne();
  expect(fixture.store.below('keys/')).toHaveLength(3);
});

describe('A09: public keys are replaced on the way', () => {
  const attacker = stranger();
  const fieldsOfHello = [
    ['the id', { 1: attacker.id }],
    ['the signing key', { 2: attacker.signing.publicKey }],
    ['the agreement key', { 3: attacker.agreement.publicKey }],
    ['the certificate', { 4: randomBytes(64) }],
    ['the ephemeral key', { 5: attacker.ephemeral.publicKey }],
  ] as const;

  test.each(timely(fieldsOfHello))('%s of the new device', async (_, changes) => {
    await checkNobodyLetIn({ meddle: (name, bytes, to) => (step(name) === '00' && to === 'vault' ? withFields(bytes, changes) : bytes) });
  });

  test('all of the new device', async () => {
    await checkNobodyLetIn({ meddle: (name, bytes, to) => (step(name) === '00' && to === 'vault' ? helloOf(attacker) : bytes) }, [
      'E_CODE',
    ]);
  });

  const fieldsOfAnswer = [
    ['the ephemeral key', { 1: attacker.ephemeral.publicKey }],
    ['the vault', { 2: randomBytes(32) }],
    ['the list of devices', { 3: randomBytes(32) }],
    ['the commitments', { 4: Array.from({ length: 8 }, () => randomBytes(32)) }],
  ] as const;

  test.each(timely(fieldsOfAnswer))('%s of the approving device', async (_, changes) => {
    await checkNobodyLetIn({ meddle: (name, bytes, to) => (step(name) === '01' && to === 'new' ? withFields(bytes, changes) : bytes) }, [
      'E_CODE',
    ]);
  });
});

describe('A11: somebody stands in between', () => {
  test('with keys of its own on both sides: it hears one symbol, and has to guess all others', async () => {
    const attacker = stranger();
    let symbols: readonly number[] = [];
    const heard: number[] = [];
    const hello = helloOf(attacker);
    let toNew: Heard = { session: '', hello: Buffer.alloc(0), answer: Buffer.alloc(0) };
    let toVault = toNew;
    let nonces: readonly Buffer[] = [];
    const enrolment = await checkNobodyLetIn(
      {
        // Its guesses are wrong, as all but one of 32 are.
        onCode: (code) => (symbols = overhear(code).symbols.map((symbol) => (symbol + 1) % 32)),
        meddle: (name, bytes, to) => {
          const session = name.slice(0, -3);
          if (name.includes('-stop-')) return bytes;
          if (step(name) === '00') {
            toNew = { ...toNew, session, hello: bytes };
            return hello;
          }
          if (step(name) === '01') {
            const made = answerOf(bytes, toNew, { symbols });
            toNew = { ...toNew, answer: made.answer };
            toVault = { session, hello, answer: bytes };
            ({ nonces } = made);
            return made.answer;
          }
          const at = (Number(step(name)) - 2) >> 1;
          if (to === 'new') return withFields(bytes, { 1: nonces[at] ?? null });
          const symbol = symbolShownBy(bytes, transcripts(toNew).whole, at);
          if (symbol !== undefined) heard.push(symbol);
          return proofOf(transcripts(toVault).whole, at, symbol ?? 0);
        },
      },
      ['E_CODE'],
    );
    expect(heard).toEqual(overhear(enrolment.code).symbols.slice(0, 1));
  });

  test('neither side shows anything before the other one has', async () => {
    const seen = new Set<string>();
    await checkNobodyLetIn(
      {
        haste: 60,
        meddle: (name, bytes) => {
          seen.add(step(name));
          return step(name) === '02' ? undefined : bytes;
        },
      },
      ['E_NOT_APPROVED'],
    );
    expect([...seen].filter((each) => /^[0-9]+$/.test(each)).toSorted()).toEqual(['00', '01', '02']);
  });

  test('who answers in place of the vault without knowing the code is told apart by its first commitment', async () => {
    let symbols: readonly number[] = [];
    let nonces: readonly Buffer[] = [];
    let hello: Buffer = Buffer.alloc(0);
    const shownByNew = new Set<string>();
    await checkNobodyLetIn(
      {
        onCode: (code) => (symbols = overhear(code).symbols.map((symbol) => (symbol + 1) % 32)),
        haste: 60,
        meddle: (name, bytes, to) => {
          if (step(name) === '00') hello = bytes;
          if (to === 'vault') {
            if (Number(step(name)) % 2 === 0) shownByNew.add(step(name));
            if (step(name) === '02')
              newSide.write(
                name.replace(/02$/, '03'),
                withFields(Buffer.from([0x82, 1, 0x58, 32, ...randomBytes(32)]), { 1: nonces[0] ?? null }),
              );
            return Number(step(name)) >= 2 ? undefined : bytes;
          }
          if (step(name) !== '01') return undefined;
          const made = answerOf(bytes, { session: name.slice(0, -3), hello }, { symbols });
          ({ nonces } = made);
          return made.answer;
        },
      },
      ['E_CODE'],
    );
    expect([...shownByNew]).toEqual(['00', '02']);
  });
});

describe('A12: weak keys', () => {
  const weak = ['00', '01', 'ec', 'ed', 'ee'].map((start) => {
    const point = Buffer.alloc(32, start === '00' || start === '01' ? 0 : 0xff);
    point[0] = Number.parseInt(start, 16);
    if (start > '01') point[31] = 0x7f;
    return [start, point] as const;
  });

  test.each(timely(weak))('of the new device, %s…: nobody is let in', async (_, point) => {
    const before = vaultState();
    const attacker = stranger();
    const certified = { 3: point, 4: certificate(attacker.id, attacker.signing, point) };
    for (const changes of [{ 2: point, 4: Buffer.alloc(64) }, certified, { 5: point }]) {
      const { code, place } = makeCode();
      fixture.store.write(helloName(place), helloOf(attacker, changes));
      const refused = await approve(code);
      expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^(?:[^\n]*\n)?E_TAMPER: [^\n]+\n$/) as string });
    }
    expect(vaultState()).toEqual(before);
  });

  test('of whoever answers, even if it overheard the code: the new device goes no further', async () => {
    let symbols: readonly number[] = [];
    let toNew: Heard = { session: '', hello: Buffer.alloc(0), answer: Buffer.alloc(0) };
    let nonces: readonly Buffer[] = [];
    await checkNobodyLetIn(
      {
        haste: 60,
        onCode: (code) => ({ symbols } = overhear(code)),
        meddle: (name, bytes, to) => {
          if (step(name) === '00') toNew = { ...toNew, session: name.slice(0, -3), hello: bytes };
          if (to === 'new' && step(name) === '01') {
            const made = answerOf(bytes, toNew, { symbols, ephemeral: Buffer.alloc(32) });
            ({ nonces } = made);
            return made.answer;
          }
          const number = Number(step(name));
          if (to !== 'vault' || number < 2) return to === 'vault' ? bytes : undefined;
          const nonce = nonces[(number - 2) >> 1];
          if (nonce !== undefined)
            newSide.write(`${name.slice(0, -2)}${String(number + 1).padStart(2, '0')}`, Buffer.from([0x82, 1, 0x58, 32, ...nonce]));
          return undefined;
        },
      },
      ['E_TAMPER'],
    );
  });

  test('guard: the kit makes enrolments that would be let in, were they those of the code', async () => {
    const { code, place } = makeCode();
    fixture.store.write(helloName(place), helloOf({ ...stranger(), ephemeral: nacl.box.keyPair() }));
    // It is answered, and waits for a proof.
    expect(await approve(code, 200)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('E_NOT_APPROVED') as string });
    expect(fixture.store.below('enrol/').map(step)).toContain('01');
  });
});
