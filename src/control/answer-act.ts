import { Failure } from '../base/failure.ts';
import { windowActs, type Answered, type Asked, type WindowAct } from './acts/window-acts.ts';

/** Answers what windows ask. */
export type WindowAnswers = { readonly [Act in WindowAct]: (asked: Asked<Act>) => Answered<Act> | Promise<Answered<Act>> };

/**
 * Answers one act. What is asked is checked, and what is answered, too: the other end relies on it. Throws E_FORMAT for what
 * the act does not take, E_FAILED for an answer that is not what the contract says, and what the answer throws.
 */
export async function answerAct(answers: Partial<WindowAnswers>, act: WindowAct, asked: unknown): Promise<unknown> {
  const { ask, answer: answerShape } = windowActs[act];
  const parsed = ask.safeParse(asked);
  // Never with the cause: what was asked may be a secret.
  if (!parsed.success)
    throw new Failure('E_FORMAT', `'${act}' does not take what it was asked`, { action: 'use the same version of Cachette' });
  // The answer of that very act: more than the compiler can follow.
  const answer = answers[act] as ((asked: unknown) => unknown) | undefined;
  if (answer === undefined)
    throw new Failure('E_FORMAT', `this agent does not know '${act}'`, { action: 'use the same version of Cachette' });
  const told = answerShape.safeParse(await answer(parsed.data));
  if (told.success) return told.data;
  const where = told.error.issues.map(({ path }) => path.map(String).join('.')).join(', ');
  throw new Failure('E_FAILED', `the answer to '${act}' is not what was agreed upon (${where.slice(0, 200)})`);
}
