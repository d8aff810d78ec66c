import { describe, expect, it } from 'vitest';
import { recordCandidates } from '#core/audit/candidate-places.ts';
import { noteDecision } from '#core/audit/note-decision.ts';
import { recordDecision } from '#core/audit/record-decision.ts';
import { replayDecision } from '#core/audit/replay-decision.ts';
import { decide } from '#core/decide/decide.ts';
import { anywhere, aQuestion } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const frankfurt = aTarget({ region: 'eu-central-1' });

const question = aQuestion({ targets: [east, west, frankfurt] });
const noted = noteDecision(question, decide(question));
const recorded = recordDecision(noted);
const { answer } = recorded;
const ground = { ...question, candidates: recordCandidates(noted.roster) };

describe('a decision made again', () => {
  it('is the same where nothing was changed', () => {
    expect(replayDecision(recorded, ground)).toBeUndefined();
  });

  it.each([
    ['another order', { plan: [...(answer.plan ?? [])].reverse() }, 'answer.plan[0]'],
    ['a removal that is kept quiet', { removed: undefined }, 'answer.removed'],
    [
      'another reason',
      { removed: answer.removed?.map((each) => ({ ...each, code: 'ejected' as const })) },
      'answer.removed[0].code',
    ],
    [
      'another score',
      { scoresBps: answer.scoresBps?.map(([place = 0, , ...rest]) => [place, 1, ...rest]) },
      'answer.scoresBps[0][1]',
    ],
    ['another outcome', { outcome: 'no_lawful_target' as const }, 'answer.outcome'],
  ])('differs from a record with %s, and says where', (_, changes, path) => {
    const changed = { ...recorded, answer: { ...answer, ...changes } };
    expect(replayDecision(changed, ground)).toMatchObject({ path });
  });

  it('differs where the route has other targets than the record, or the residency meant something else', () => {
    expect(replayDecision(recorded, { ...ground, targets: [east, west] })).toMatchObject({
      path: 'candidates[0].target',
    });
    expect(replayDecision(recorded, { ...ground, policy: anywhere })).toMatchObject({
      path: 'answer.plan[2]',
    });
  });

  it('differs for another request, where nothing but the request breaks a tie', () => {
    const twins = [aTarget({ account: '111111111111' }), aTarget({ account: '222222222222' })];
    const tied = aQuestion({ targets: twins });
    const notedTie = noteDecision(tied, decide(tied));
    const paths = ['request-1', 'request-2', 'request-3', 'request-4', 'request-5'].map(
      (requestId) =>
        replayDecision(recordDecision(notedTie), {
          ...tied,
          requestId,
          candidates: recordCandidates(notedTie.roster),
        })?.path,
    );
    expect(paths[0]).toBeUndefined();
    expect(paths).toContain('answer.plan[0]');
  });
});
