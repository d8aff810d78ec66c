import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '#core/decide/decide.ts';
import { disabledAt } from '#core/plan/disabled-target.ts';
import { aQuestion } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const at = Date.UTC(2026, 10, 21, 8);
const word = (target: string, milliseconds: number) => ({
  target,
  by: 'ada',
  reason: 'r',
  until: new Date(at + milliseconds).toISOString(),
});

describe('targets that operators switched off', () => {
  it('are those of every region whose end has not come', () => {
    const entries = [word('a', 1), word('b', 0), word('c', -1), word('a', -1), word('d', 60_000)];
    expect([...disabledAt(entries, at)].sort()).toEqual(['a', 'd']);
  });

  it('stay so where an end cannot be read', () => {
    expect([...disabledAt([{ ...word('a', 0), until: 'soon' }], at)]).toEqual(['a']);
  });

  it('are only ever taken away: whatever is switched off, nothing is called that would not have been', () => {
    const targets = ['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-1'].map((region) =>
      aTarget({ region }),
    );
    const ids = targets.map(({ id }) => id);
    const planOf = (disabled: ReadonlySet<string>) => {
      const decision = decide(aQuestion({ targets, disabled }));
      return decision.kind === 'routed' ? decision.plan.map(({ target }) => target.id) : [];
    };
    const all = planOf(new Set());
    expect(all.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.subarray(ids), (off) => {
        const disabled = disabledAt(
          off.map((id) => word(id, 1)),
          at,
        );
        expect(planOf(disabled)).toEqual(all.filter((id) => !disabled.has(id)));
      }),
    );
  });
});
