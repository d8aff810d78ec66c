import { describe, expect, it } from 'vitest';
import { statusJudge } from '#simulator/judges/status-judge.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { anEnding, aSimulatedRequest, reportsOf } from '#test/builders/judged-history.ts';

function saysOf(status: number, changes: object, isUndisturbed = false): boolean {
  const { reports, ended } = reportsOf(statusJudge(acmeConfig(), shippedFacts, { isUndisturbed }));
  ended(anEnding({ status, request: aSimulatedRequest(changes) }));
  return reports.length > 0;
}

const frankfurt = { residency: 'frankfurt', gateway: 'eu-central-1', model: 'chat-large' };
const lost = { residency: 'eu', gateway: 'us-east-1' };

describe('the judge of what requests are answered with', () => {
  it.each([
    [200, {}],
    [429, {}],
    [503, {}],
    [499, { leavesAfterMs: 5 }],
    [421, lost],
    // Only profiles that reach all of Europe offer it there.
    [403, frankfurt],
  ])('is content with %i for %j', (status, changes) => {
    expect(saysOf(status, changes)).toBe(false);
  });

  it.each([
    ['200 outside of the residency', 200, lost],
    ['421 inside of it', 421, {}],
    ['403 where somebody may answer', 403, {}],
    ['200 where nobody may', 200, frankfurt],
    ['502 where nobody may', 502, frankfurt],
    ['500', 500, {}],
    ['400', 400, {}],
  ])('reports %s', (_, status, changes) => {
    expect(saysOf(status, changes)).toBe(true);
  });

  it('takes no trouble for an excuse where no model fails', () => {
    expect(saysOf(503, {}, true)).toBe(true);
    expect(saysOf(504, { deadlineMs: 10 }, true)).toBe(false);
    expect(saysOf(499, { leavesAfterMs: 10 }, true)).toBe(false);
  });
});
