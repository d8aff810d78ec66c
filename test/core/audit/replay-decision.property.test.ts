/** A record says enough to decide again: what is recorded of generated decisions, as JSON, is replayed to the same. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recordCandidates } from '#core/audit/candidate-places.ts';
import { noteDecision } from '#core/audit/note-decision.ts';
import { recordDecision } from '#core/audit/record-decision.ts';
import type { RecordedDecision } from '#core/audit/recorded-decision.ts';
import { replayDecision } from '#core/audit/replay-decision.ts';
import { decide } from '#core/decide/decide.ts';
import { someQuestion } from '#test/builders/decision-questions.ts';

const DECISIONS = 10_000;

it(`replays ${DECISIONS} generated decisions to the same plan, the same reasons and the same scores`, () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(someQuestion, (question) => {
      const noted = noteDecision(question, decide(question));
      const recorded: RecordedDecision = JSON.parse(JSON.stringify(recordDecision(noted)));
      const { requestId, gatewayRegion, gatewayAccount, policy, facts, targets, baseline } = question;
      const candidates = recordCandidates(noted.roster);
      const ground = {
        requestId,
        gatewayRegion,
        gatewayAccount,
        policy,
        facts,
        targets,
        baseline,
        candidates,
      };
      expect(replayDecision(recorded, ground)).toBeUndefined();
      const { outcome } = recorded.answer;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }),
    { numRuns: DECISIONS, seed: 20_261_122 },
  );
  expect([...outcomes.keys()].sort()).toEqual([
    'budget_exhausted',
    'capacity_exhausted',
    'deadline_exceeded',
    'invalid_request',
    'model_not_allowed',
    'no_lawful_target',
    'not_ready',
    'request_too_large',
    'routed',
    'upstream_failed',
  ]);
  expect(outcomes.get('routed')).toBeGreaterThan(DECISIONS / 4);
}, 60_000);
