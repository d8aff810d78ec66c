import { describe, expect, it } from 'vitest';
import { amplificationJudge } from '#simulator/judges/amplification-judge.ts';
import {
  anEnding,
  aSentCall,
  aSimulatedRequest,
  reportsOf,
  worldStartMs,
} from '#test/builders/judged-history.ts';

function judged() {
  const world = { nowMs: worldStartMs };
  const { reports, sent, ended } = reportsOf(amplificationJudge(() => world.nowMs));
  /** Sends calls of one request. */
  const calls = (id: number, count: number, gateway = 'us-east-1') => {
    for (let call = 0; call < count; call += 1)
      sent(aSentCall({ gateway, request: aSimulatedRequest({ id }) }));
  };
  return { world, reports, sent, ended, calls };
}

/** For two others: ten, and twice a tenth of two and one for each of ten seconds. */
const FURTHER_MAX = 30;

describe('the judge of amplification', () => {
  it('never counts a call and one failover for each request', () => {
    const { reports, calls } = judged();
    for (let id = 1; id <= 500; id += 1) calls(id, 2);
    expect(reports).toEqual([]);
  });

  it('is silent up to the budget of one gateway, and names it with the first call beyond', () => {
    const { reports, calls } = judged();
    calls(1, 2 + FURTHER_MAX);
    expect(reports).toEqual([]);
    calls(1, 1);
    expect(reports).toEqual(['us-east-1 sent 31 further calls in ten seconds, for 2 others']);
  });

  it('allows more further calls for more requests: twice a tenth of them', () => {
    const { reports, calls } = judged();
    for (let id = 2; id <= 100; id += 1) calls(id, 1);
    calls(1, 2 + 50);
    expect(reports).toEqual([]);
    calls(1, 1);
    expect(reports).toHaveLength(1);
  });

  it('judges each gateway by itself', () => {
    const { reports, calls } = judged();
    calls(1, 2 + FURTHER_MAX, 'us-east-1');
    calls(2, 2 + FURTHER_MAX, 'eu-west-1');
    expect(reports).toEqual([]);
  });

  it('looks back over ten seconds and no further', () => {
    const { reports, calls, world } = judged();
    calls(1, 2 + FURTHER_MAX);
    world.nowMs += 9_999;
    calls(1, 1);
    expect(reports).toHaveLength(1);
    world.nowMs += 10_000;
    calls(1, FURTHER_MAX);
    expect(reports).toHaveLength(1);
  });

  it('counts neither what wakes a target nor what the product sends for nobody', () => {
    const { reports, sent } = judged();
    for (let count = 0; count < 100; count += 1) {
      sent(aSentCall({ isWakeUp: true }));
      sent({ ...aSentCall(), request: undefined });
    }
    expect(reports).toEqual([]);
  });

  it('keeps no count of a request that has ended', () => {
    const { reports, calls, ended } = judged();
    for (let round = 0; round < 100; round += 1) {
      calls(1, 2);
      ended(anEnding());
    }
    expect(reports).toEqual([]);
  });
});
