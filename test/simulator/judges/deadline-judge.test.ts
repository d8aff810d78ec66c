import { expect, it } from 'vitest';
import { deadlineJudge } from '#simulator/judges/deadline-judge.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { anEnding, aSimulatedRequest, reportsOf, worldStartMs } from '#test/builders/judged-history.ts';

it.each([
  ['its model has', {}, 300_000],
  ['its caller gives it', { deadlineMs: 2_000 }, 2_000],
  ['its caller waits', { leavesAfterMs: 700 }, 700],
])('reports a request that outlives what %s, and none that does not', (_, changes, allowedMs) => {
  const { reports, ended } = reportsOf(deadlineJudge(acmeConfig()));
  const request = aSimulatedRequest(changes);
  ended(anEnding({ request, endedAtMs: worldStartMs + allowedMs + 50 }));
  expect(reports).toEqual([]);
  ended(anEnding({ request, endedAtMs: worldStartMs + allowedMs + 51 }));
  expect(reports).toEqual([`request 1 took ${allowedMs + 51} ms and had ${allowedMs}`]);
});
