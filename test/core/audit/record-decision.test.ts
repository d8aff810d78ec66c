import { expect, it } from 'vitest';
import { noteDecision } from '#core/audit/note-decision.ts';
import { recordDecision } from '#core/audit/record-decision.ts';
import { decide } from '#core/decide/decide.ts';
import { aQuestion } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });

it('tells of the question only what stands in it, by the places of its candidates', () => {
  const question = aQuestion({
    targets: [west, east],
    tried: new Set([east.id, 'gone']),
    heard: new Map([[east.id, { class: 'quota', retryAt: 7 }]]),
    disabled: new Set(['gone']),
    troubledRegions: new Set(['us-east-1']),
    lastServedBy: west.id,
    retentionForbidden: new Set(['another-model']),
    limits: { maxTokens: 50, inputTokensCeiling: 1000, costMicroUsdMax: undefined },
  });
  const { at, asked } = recordDecision(noteDecision(question, decide(question)));
  expect(at).toBe(question.at);
  expect(asked).toEqual({
    needs: { work: 'chat', input: ['TEXT'], features: [], inputTokensMin: 3 },
    limits: { maxTokens: 50 },
    tried: [0],
    heard: [{ candidate: 0, class: 'quota', retryAt: 7 }],
    troubledRegions: ['us-east-1'],
    lastServedBy: 1,
    conditions: {},
  });
});

it('counts the input where its price is capped', () => {
  const question = aQuestion({ targets: [east], limits: { inputTokensCeiling: 1000, costMicroUsdMax: 5 } });
  const { asked } = recordDecision(noteDecision(question, decide(question)));
  expect(asked.limits).toEqual({ inputTokensCeiling: 1000, costMicroUsdMax: 5 });
});
