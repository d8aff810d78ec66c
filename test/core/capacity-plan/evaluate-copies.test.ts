import { describe, expect, it } from 'vitest';
import { evaluateCopies } from '#core/capacity-plan/evaluate-copies.ts';
import { aCopyKind } from '#test/builders/a-copy-kind.ts';

/** One call a second, 1,000 tokens in and 11 out, of a second each. */
const hour = { seconds: 3_600, requests: 3_600, inputTokens: 3_600_000, outputTokens: 39_600 };
const idle = { seconds: 3_600, requests: 0, inputTokens: 0, outputTokens: 0 };
const serverless = { inputMicroUsdPerMillionTokens: 1_000_000, outputMicroUsdPerMillionTokens: 10_000_000 };
/** 3.6 USD in and 0.396 out an hour, for 730 hours. */
const ALONE = 2_917_080_000;

describe('what copies come to', () => {
  it('sends everything elsewhere without one', () => {
    expect(evaluateCopies({ levels: [hour], kind: aCopyKind(), copies: 0, serverless })).toEqual({
      copies: 0,
      instances: 0,
      spillShare: 1,
      usedShare: 0,
      copiesMicroUsdPerMonth: 0,
      spillMicroUsdPerMonth: ALONE,
      microUsdPerMonth: ALONE,
    });
  });

  it('spills by Erlang: a fifth of one erlang on two slots, 1 of 65 on four', () => {
    const one = evaluateCopies({ levels: [hour], kind: aCopyKind(), copies: 1, serverless });
    expect(one.spillShare).toBeCloseTo(1 / 5, 12);
    expect(one.usedShare).toBeCloseTo(0.8 / 2, 12);
    expect(one.copiesMicroUsdPerMonth).toBe(730_000_000);
    expect(one.spillMicroUsdPerMonth).toBe(ALONE / 5);
    const two = evaluateCopies({ levels: [hour], kind: aCopyKind(), copies: 2, serverless });
    expect(two.spillShare).toBeCloseTo(1 / 65, 12);
  });

  it('pays for idle hours as well, and only calls spill', () => {
    const half = evaluateCopies({ levels: [hour, idle], kind: aCopyKind(), copies: 1, serverless });
    expect(half.spillShare).toBeCloseTo(1 / 5, 12);
    expect(half.usedShare).toBeCloseTo(0.8 / 4, 12);
    expect([half.copiesMicroUsdPerMonth, half.spillMicroUsdPerMonth]).toEqual([730_000_000, ALONE / 10]);
  });

  it('pays whole instances', () => {
    const kind = aCopyKind({ hosting: { copiesPerInstance: 4 } });
    const paid = [0, 1, 4, 5, 8].map((copies) =>
      evaluateCopies({ levels: [hour], kind, copies, serverless }),
    );
    expect(paid.map(({ instances }) => instances)).toEqual([0, 1, 1, 2, 2]);
    expect(paid.map((point) => point.copiesMicroUsdPerMonth / 730_000_000)).toEqual([0, 1, 1, 2, 2]);
  });

  it('always sends away what never fits, with its tokens', () => {
    const kind = aCopyKind({
      limits: { tooLongShare: 0.1, tooLongInputShare: 0.6, tooLongOutputShare: 0.1 },
    });
    const many = evaluateCopies({ levels: [hour], kind, copies: 40, serverless });
    expect(many.spillShare).toBeCloseTo(0.1, 9);
    expect(many.spillMicroUsdPerMonth).toBeCloseTo((3.6 * 0.6 + 0.396 * 0.1) * 730_000_000, -1);
  });

  it('refuses for nothing where nobody else may answer', () => {
    const refused = evaluateCopies({ levels: [hour], kind: aCopyKind(), copies: 1 });
    expect([refused.spillShare > 0.19, refused.spillMicroUsdPerMonth]).toEqual([true, 0]);
  });
});
