import { expect, it } from 'vitest';
import { rosterOf } from '#core/decide/roster.ts';
import { anywhere, aQuestion, aQuestionNeeding, euPolicy } from '#test/builders/a-question.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { emptyFacts } from '#test/builders/facts.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const other = aTarget({ modelId: 'amazon.nova-micro-v1:0' });

it('holds the route’s targets by id and the baseline’s after them, whatever the order of the lists', () => {
  const ids = rosterOf(aQuestion({ targets: [west, other, east], baseline: [west] })).members;
  expect(ids.map(({ target, tier }) => [target.id, tier])).toEqual([
    ...[east, other]
      .map(({ id }) => id)
      .sort()
      .map((id) => [id, 'serverless']),
    [west.id, 'serverless'],
    [west.id, 'baseline'],
  ]);
});

it('is the same object for the same question of what never changes, and another for any other', () => {
  const question = aQuestion({ targets: [east], baseline: [west] });
  const roster = rosterOf(question);
  const later = { ...question, at: question.at + 1, requestId: 'request-2' };
  expect(rosterOf(later)).toBe(roster);
  for (const changed of [
    { policy: euPolicy },
    { facts: emptyFacts },
    { gatewayRegion: 'eu-west-1' },
    { gatewayAccount: '222222222222' },
    { baseline: [west] },
    { targets: [east] },
    { needs: aQuestionNeeding({ guardrail: true }).needs },
  ])
    expect(rosterOf({ ...question, ...changed })).not.toBe(roster);
});

it('judges every member by the residency that asks, also where another asked for the same list before', () => {
  const question = aQuestion({ targets: [east] });
  const lawful = (changed: object) =>
    rosterOf({ ...question, ...changed }).members.map(({ verdict }) => verdict.lawful);
  expect(lawful({})).toEqual([true]);
  expect(lawful({ policy: euPolicy })).toEqual([false]);
  expect(lawful({ needs: aQuestionNeeding({ guardrail: true }).needs })).toEqual([false]);
  expect(lawful({ policy: anywhere })).toEqual([true]);
  expect(lawful({})).toEqual([true]);
});

it('knows targets that work cannot tell apart as one make, and each container as its own', () => {
  const deaf = aTarget({ region: 'eu-west-1', capabilities: { tools: false } });
  const container = aDedicatedTarget();
  const elsewhere = aDedicatedTarget({ region: 'us-west-2' });
  const { members, makes } = rosterOf(
    aQuestion({ targets: [east, west, other, deaf, container, elsewhere] }),
  );
  expect(makes.map((place) => members[place]?.make)).toEqual(makes);
  const makeOf = (id: string) => members.find(({ target }) => target.id === id)?.make;
  expect(makeOf(west.id)).toBe(makeOf(east.id));
  expect(new Set([east, other, deaf, container, elsewhere].map(({ id }) => makeOf(id))).size).toBe(5);
});

it('says whether a target stands in it twice', () => {
  expect(rosterOf(aQuestion({ targets: [east], baseline: [west] })).hasTwins).toBe(false);
  expect(rosterOf(aQuestion({ targets: [east, west], baseline: [west] })).hasTwins).toBe(true);
});
