import { expect, it } from 'vitest';
import { latencyScorer } from '#core/decide/scorers/latency-scorer.ts';
import { unknownHealth } from '#core/health/target-health.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';

it('gives the fastest all, others their part of it, and the unknown the middle', () => {
  const [fast, slow, unknown] = ['us-east-1', 'us-east-2', 'us-west-2'].map((region) =>
    aCandidate({ region }),
  );
  if (fast === undefined || slow === undefined || unknown === undefined) throw new Error('three candidates');
  const health = new Map([
    [fast.target.id, { ...unknownHealth, typicalFirstContentMs: 100 }],
    [slow.target.id, { ...unknownHealth, typicalFirstContentMs: 400 }],
  ]);
  const question = aQuestion({ conditions: { ...noConditions, health } });
  const peers = [fast, slow, unknown];
  const fastest = latencyScorer.best?.(peers, question);
  expect(peers.map((candidate) => latencyScorer.scoreBps(candidate, question, fastest))).toEqual([
    10_000, 2500, 5000,
  ]);
});
