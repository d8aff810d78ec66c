import { expect, it } from 'vitest';
import { returnJudge, UsualCollector, usualKey } from '#simulator/judges/return-judge.ts';
import { anEnding, aSimulatedRequest, reportsOf, worldStartMs } from '#test/builders/judged-history.ts';

const usual = new UsualCollector();
for (const target of ['a', 'b', undefined]) usual.ended(anEnding({ target }));

it('knows who answers where nothing fails', () => {
  expect([...usual.targets]).toEqual([[usualKey(aSimulatedRequest()), new Set(['a', 'b'])]]);
});

it.each([
  ['one of them', 'b', {}, []],
  ['nobody', undefined, {}, []],
  ['another before all was whole', 'c', { atMs: worldStartMs - 1 }, []],
  ['somebody where it knows of nobody', 'c', { model: 'chat-large' }, []],
  ['another', 'c', {}, ['request 1 to us-east-1 chat-small us was answered by c, as no other is']],
])('says of an answer by %s what it must', (_, target, changes, said) => {
  const { reports, ended } = reportsOf(returnJudge(worldStartMs, usual.targets));
  ended(anEnding({ target, request: aSimulatedRequest(changes) }));
  expect(reports).toEqual(said);
});
