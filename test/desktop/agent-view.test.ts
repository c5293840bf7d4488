import { describe, expect, test } from 'vitest';
import type { Overview } from '../../src/control/acts/overview-acts.ts';
import type { AgentProcess } from '../../src/desktop/main/agent-process.ts';
import { AgentView } from '../../src/desktop/main/agent-view.ts';

/** Answers to 'overview', one after the other, when the test says so. */
class Questions {
  readonly open: PromiseWithResolvers<Overview>[] = [];

  readonly ask = ((act: string) => {
    if (act !== 'overview') return Promise.resolve({ rows: [] });
    const question = Promise.withResolvers<Overview>();
    this.open.push(question);
    return question.promise;
  }) as AgentProcess['ask'];

  async answer(outcome: Overview | Error): Promise<void> {
    const question = this.open.shift();
    if (outcome instanceof Error) question?.reject(outcome);
    else question?.resolve(outcome);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

const unlinked: Overview = { is: 'unlinked' };
const locked: Overview = { is: 'locked', folder: '/home/a/Cachette' } as Overview;

function open(): { readonly questions: Questions; readonly view: AgentView; readonly seen: (Overview | undefined)[] } {
  const questions = new Questions();
  const seen: (Overview | undefined)[] = [];
  return { questions, seen, view: new AgentView(questions, (_before, { overview }) => seen.push(overview)) };
}

describe('what the desktop knows of the agent', () => {
  test('is asked again for news that came while a question was under way, once for all of them', async () => {
    const { questions, view, seen } = open();
    view.look();
    view.hear({ event: 'state' });
    view.hear({ event: 'activity' });
    await questions.answer(unlinked);
    expect(questions.open).toHaveLength(1);
    await questions.answer(locked);
    expect(questions.open).toHaveLength(0);
    expect(seen.map((overview) => overview?.is)).toEqual(['unlinked', 'locked']);
  });

  test('is asked again for news that came while a question failed: nothing else would say that there is something new', async () => {
    const { questions, view, seen } = open();
    view.look();
    view.hear({ event: 'state' });
    await questions.answer(new Error('the session ended meanwhile'));
    expect(questions.open).toHaveLength(1);
    await questions.answer(locked);
    expect(seen.map((overview) => overview?.is)).toEqual(['locked']);
  });

  test('is not asked again and again of an agent that is away; and asked once it is back', async () => {
    const { questions, view, seen } = open();
    view.look();
    await questions.answer(new Error('gone'));
    expect([questions.open.length, seen.length]).toEqual([0, 0]);
    view.look();
    await questions.answer(unlinked);
    expect(seen.map((overview) => overview?.is)).toEqual(['unlinked']);
  });
});
