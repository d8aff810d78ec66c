import { describe, expect, it } from 'vitest';
import { noteDecision } from '#core/audit/note-decision.ts';
import { recordConditions } from '#core/audit/record-conditions.ts';
import { accountRestKey, regionHealthKey } from '#core/decide/condition-keys.ts';
import { decide } from '#core/decide/decide.ts';
import type { Conditions, DecisionQuestion } from '#core/decide/decision.ts';
import { type TargetHealth, unknownHealth } from '#core/health/target-health.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const at = 1_000_000;
const east = aTarget();
const twin = aTarget({ modelId: 'anthropic.claude-sonnet-4-6' });
const west = aTarget({ region: 'us-west-2' });
const paced: TargetHealth = {
  ...unknownHealth,
  pace: [300, 200],
  typicalFirstContentMs: 250,
  lastSuccessAt: at,
};
const out: TargetHealth = { kind: 'ejected', until: at + 500, pace: [], ejections: 1 };

function recorded(conditions: Partial<Conditions>, changes: Partial<DecisionQuestion> = {}) {
  const question = aQuestion({
    targets: [east, twin, west],
    conditions: { ...noConditions, ...conditions },
    at,
    ...changes,
  });
  const { roster, held } = noteDecision(question, decide(question));
  return recordConditions(roster.members, held, question);
}

describe('conditions in a record', () => {
  it('tell of a healthy target its pace, and each answer only where a deadline is judged by them', () => {
    const health = new Map([[east.id, paced]]);
    expect(recorded({ health })).toEqual({ health: [{ candidate: 0, kind: 'healthy', typicalMs: 250 }] });
    const limits = { inputTokensCeiling: 1, remainingMs: 900 };
    expect(recorded({ health }, { limits })).toEqual({
      health: [{ candidate: 0, kind: 'healthy', typicalMs: 250, pace: [300, 200], lastSuccessAt: at }],
    });
  });

  it('tell of a target that is out until when, and of a region once', () => {
    const health = new Map([
      [west.id, out],
      [regionHealthKey(east), out],
    ]);
    expect(recorded({ health })).toEqual({
      health: [{ candidate: 2, kind: 'ejected', until: at + 500 }],
      regions: [{ candidate: 0, kind: 'ejected', until: at + 500 }],
    });
  });

  it('leave out what is over, and what is said of nobody here', () => {
    const resting = new Map([
      [east.quotaPool, at],
      [accountRestKey(west.account, west.region), at + 9],
      ['somebody else', at + 9],
    ]);
    const refused = new Map([
      [`refused:${east.modelId} tools`, at],
      [`refused:${east.modelId} documents`, at + 9],
      ['refused:another documents', at + 9],
    ]);
    expect(recorded({ resting, refused })).toEqual({
      resting: [[accountRestKey(west.account, west.region), at + 9]],
      refused: [[0, 'documents']],
    });
  });
});
