import { expect, it } from 'vitest';
import { rosterOf } from '#core/decide/roster.ts';
import { scorers } from '#core/decide/scorers/scorers.ts';
import { standingOf } from '#core/decide/standing.ts';
import { aQuestion } from '#test/builders/a-question.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

const far = aTarget({ region: 'us-west-2' });
const near = aTarget();
const later = aTarget({ modelId: 'amazon.nova-micro-v1:0', position: 1 });
const warm = aDedicatedTarget({ region: 'us-west-2' });
const question = aQuestion({ targets: [later, far, near, warm], baseline: [near] });
const roster = rosterOf(question);

it('orders by tier, position, and the scores that no request changes', () => {
  const { order } = standingOf(roster, scorers, question);
  const ids = order.map((place) => roster.members[place]?.target.id);
  expect(ids).toEqual([warm, near, far, later, near].map(({ id }) => id));
});

it('has the scores of those scorers alone that look at nothing but the target and the gateway', () => {
  const { scoresBps, totals } = standingOf(roster, scorers, question);
  const names = scorers.filter((_, index) => scoresBps[index] !== undefined).map(({ name }) => name);
  expect(names).toEqual(['account', 'scope', 'proximity', 'lifecycle']);
  const weighted = scorers.map(({ weight }, index) => weight * (scoresBps[index]?.[0] ?? 0));
  expect(totals[0]).toBe(weighted.reduce((sum, score) => sum + score, 0));
});

it('is kept for a roster, and made anew for another', () => {
  const standing = standingOf(roster, scorers, question);
  expect(standingOf(roster, scorers, { ...question, requestId: 'request-2' })).toBe(standing);
  const elsewhere = { ...question, gatewayRegion: 'us-west-2' };
  expect(standingOf(rosterOf(elsewhere), scorers, elsewhere).totals).not.toEqual(standing.totals);
});

it('ranks those of a tier and a position alike, and before any of the next', () => {
  const { ranks, order } = standingOf(roster, scorers, question);
  const inOrder = order.map((place) => ranks[place]);
  expect(inOrder).toEqual([0, 1, 1, 3, 4]);
});
