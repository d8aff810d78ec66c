import { describe, expect, it } from 'vitest';
import { capacityJudge, slotsOfEndpoints } from '#simulator/judges/capacity-judge.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { aSentCall, reportsOf } from '#test/builders/judged-history.ts';

function judged({ inFlight = 0, held = 0 }: { readonly inFlight?: number; readonly held?: number }) {
  const asked: string[] = [];
  const judge = capacityJudge(new Map([['chat-small', 4]]), {
    inFlight: (targetId) => {
      asked.push(targetId);
      return inFlight;
    },
    held: () => held,
  });
  return { ...reportsOf(judge), asked };
}
const dedicated = aDedicatedTarget();

describe('the judge of capacity', () => {
  it('knows the slots of an endpoint: those of all its copies', () => {
    expect([...slotsOfEndpoints(acmeConfig())]).toEqual([['chat-small', 2 * 16]]);
  });

  it('is silent as long as every slot has one call, and reports the first one too many', () => {
    const full = judged({ inFlight: 4 });
    full.sent(aSentCall({ target: dedicated }));
    expect(full.reports).toEqual([]);
    expect(full.asked).toEqual([dedicated.id]);
    const over = judged({ inFlight: 5 });
    over.sent(aSentCall({ target: dedicated }));
    expect(over.reports).toEqual([`${dedicated.id} has 5 calls under way, and 4 slots`]);
  });

  it('counts no slots of Bedrock, of an endpoint that nobody described, or for a call that wakes one', () => {
    const { reports, sent } = judged({ inFlight: 500 });
    sent(aSentCall({ target: aTarget() }));
    sent(aSentCall({ target: aDedicatedTarget({ endpoint: 'another' }) }));
    sent(aSentCall({ target: dedicated, isWakeUp: true }));
    expect(reports).toEqual([]);
  });

  it('reports slots that are still lent when all is at rest', () => {
    const [free, lent] = [judged({}), judged({ held: 2 })];
    free.atRest();
    lent.atRest();
    expect([free.reports, lent.reports]).toEqual([[], ['2 slots are lent when all is at rest']]);
  });
});
