import { describe, expect, it } from 'vitest';
import type { Explanation } from '#contract/http.ts';
import { readPlan } from '#contract/read-plan.ts';
import type { Target } from '#core/target.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

const gpu = aDedicatedTarget();
const first = aTarget({ region: 'us-east-2' });
const second = aTarget({ region: 'us-west-2', modelId: 'amazon.nova-micro-v1:0', position: 1 });

const explanation = (plan: readonly string[], scored: Explanation['scored'] = []): Explanation => ({
  decision: 'routed',
  residency: 'us',
  from: 'us-east-1',
  plan: [...plan],
  removed: [],
  scored,
  route: { model: 'chat-small', residency: 'us', version: 1, source: 'table' },
  at: '2026-11-21T07:30:00.000Z',
});

const reasons = (...parameters: Parameters<typeof readPlan<Target>>) =>
  readPlan(...parameters).map(({ because }) => because);

describe('readPlan', () => {
  it('names tier and candidate before any score, since no score overrules them', () => {
    const scored = [{ target: second.id, by: 'price', scoreBps: 10_000 }];
    expect(reasons(explanation([gpu.id, first.id, second.id], scored), [gpu, first, second])).toEqual([
      'dedicated before serverless',
      'candidate 1 before 2',
      'last',
    ]);
  });

  it('names the scorers in which a place leads, the widest lead first', () => {
    const scored = [
      { target: gpu.id, by: 'latency', scoreBps: 6000 },
      { target: first.id, by: 'latency', scoreBps: 5000 },
      { target: gpu.id, by: 'proximity', scoreBps: 10_000 },
      { target: first.id, by: 'proximity', scoreBps: 5000 },
      { target: gpu.id, by: 'price', scoreBps: 0 },
      { target: first.id, by: 'price', scoreBps: 10 },
    ];
    expect(reasons(explanation([gpu.id, first.id], scored), [])).toEqual([
      'better proximity, latency',
      'last',
    ]);
  });

  it('says when only chance told two apart', () => {
    const scored = [gpu, first].map(({ id }) => ({ target: id, by: 'price', scoreBps: 1 }));
    expect(reasons(explanation([gpu.id, first.id], scored), [])).toEqual([
      'a tie, spread by request',
      'last',
    ]);
  });

  it('reads the parts of an id whose name holds slashes', () => {
    const [place] = readPlan(explanation(['111111111111/us-east-1/a/b']), []);
    expect(place).toMatchObject({
      account: '111111111111',
      region: 'us-east-1',
      name: 'a/b',
      because: 'the only one left',
    });
  });
});
