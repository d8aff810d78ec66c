import { expect, it } from 'vitest';
import { placesIn, placesOf, recordCandidates } from '#core/audit/candidate-places.ts';
import { rosterOf } from '#core/decide/roster.ts';
import { aQuestion } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const roster = rosterOf(aQuestion({ targets: [west, east], baseline: [east] }));

it('lists the route by id and then the baseline, a target of both twice', () => {
  expect(recordCandidates(roster)).toEqual([
    { target: east.id, tier: 'serverless' },
    { target: west.id, tier: 'serverless' },
    { target: east.id, tier: 'baseline' },
  ]);
});

it('tells the two apart by their tier, and an id alone by its first place', () => {
  const places = placesOf(roster);
  expect(places.of({ target: east, tier: 'baseline' })).toBe(2);
  expect(places.of({ target: east, tier: 'serverless' })).toBe(0);
  expect(places.ofId(east.id)).toBe(0);
  expect(places.ofId('gone')).toBeUndefined();
});

it('leaves out ids that are no candidates', () => {
  expect(placesIn(new Set([west.id, 'gone', east.id]), placesOf(roster))).toEqual([0, 1]);
  expect(placesIn(undefined, placesOf(roster))).toEqual([]);
});
