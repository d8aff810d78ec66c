import { describe, expect, it } from 'vitest';
import { recoveryJudge } from '#simulator/judges/recovery-judge.ts';
import type { SimulatedRequest } from '#simulator/world/simulated-request.ts';
import { anEnding, aSimulatedRequest, reportsOf, worldStartMs } from '#test/builders/judged-history.ts';

const healedAtMs = worldStartMs + 60_000;

/** What the judge says of one request that came when all was whole, but for the changes. */
function saysOf(
  ending: Parameters<typeof anEnding>[0],
  { isOwed = true, ...changes }: Partial<SimulatedRequest> & { readonly isOwed?: boolean } = {},
): readonly string[] {
  const { reports, ended } = reportsOf(recoveryJudge(healedAtMs, () => isOwed));
  ended(anEnding({ request: aSimulatedRequest({ atMs: healedAtMs, ...changes }), ...ending }));
  return reports;
}

const refused = { status: 503, ends: 0, shownTokens: 0 };

describe('the judge of recovery', () => {
  it('is silent about an answer at the first call', () => {
    expect(saysOf({})).toEqual([]);
  });

  it.each([
    ['was refused', refused, 'for chat-small ended with 503, 0 ends'],
    ['broke', { ends: 0, breaks: 1 }, 'for chat-small ended with 200, 0 ends'],
    ['needed a second call', { attempts: 2 }, 'needed 2 calls'],
    ['needed no call', { attempts: 0 }, 'needed 0 calls'],
  ])('reports a request that %s', (_, ending, what) => {
    expect(saysOf(ending)).toEqual([`request 1 to us-east-1 ${what}`]);
  });

  it.each([
    ['came before all was whole', refused, { atMs: healedAtMs - 1 }],
    ['did not wait', { ...refused, status: 499 }, { leavesAfterMs: 10 }],
    ['came to a gateway that may not hold it', { ...refused, status: 421 }, {}],
    ['nothing could lawfully answer', refused, { isOwed: false }],
  ])('owes nothing to a request that %s', (_, ending, changes) => {
    expect(saysOf(ending, changes)).toEqual([]);
  });

  it('asks of each request whether it is owed', () => {
    const { reports, ended } = reportsOf(recoveryJudge(healedAtMs, ({ residency }) => residency === 'us'));
    for (const residency of ['us', 'eu'])
      ended(anEnding({ ...refused, request: aSimulatedRequest({ atMs: healedAtMs, residency }) }));
    expect(reports).toHaveLength(1);
  });
});
