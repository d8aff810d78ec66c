import { describe, expect, it } from 'vitest';
import { removalCodes } from '#contract/http.ts';
import type { Candidate, DecisionQuestion } from '#core/decide/decision.ts';
import { budgetFilter } from '#core/decide/filters/budget-filter.ts';
import { capabilityFilter } from '#core/decide/filters/capability-filter.ts';
import { capacityFilter } from '#core/decide/filters/capacity-filter.ts';
import { contextFilter } from '#core/decide/filters/context-filter.ts';
import { credentialsFilter } from '#core/decide/filters/credentials-filter.ts';
import { deadlineFilter } from '#core/decide/filters/deadline-filter.ts';
import { filters } from '#core/decide/filters/filters.ts';
import { stateFilter } from '#core/decide/filters/state-filter.ts';
import { unknownHealth } from '#core/health/target-health.ts';
import type { Target, TargetState } from '#core/target.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

const candidateOf = (changes: Partial<Target> = {}, tier: Candidate['tier'] = 'serverless'): Candidate => {
  const target = aTarget(changes);
  return { target, tier, verdict: { lawful: true, reach: target.reach }, maxTokens: 1000 };
};
const needing = (changes: Partial<DecisionQuestion['needs']>) =>
  aQuestion({ needs: { ...aQuestion().needs, ...changes } });
const limitedTo = (limits: Partial<DecisionQuestion['limits']>) =>
  aQuestion({ limits: { inputTokensCeiling: 1000, ...limits } });

it('stands in the order that a trail promises: residency first, health last', () => {
  expect(filters.map(({ name }) => name).at(0)).toBe('residency');
  expect(filters.map(({ name }) => name).at(-1)).toBe('health');
  expect(new Set(filters.map(({ name }) => name)).size).toBe(filters.length);
  expect(removalCodes).toHaveLength(12);
});

describe('capability', () => {
  it('removes what is known to be missing and tries what is unknown', () => {
    const blank = { capabilities: {} };
    expect(capabilityFilter.judge(candidateOf(), needing({ input: ['TEXT', 'VIDEO'] }))).toBe(
      'capability-missing',
    );
    expect(
      capabilityFilter.judge(
        candidateOf(blank),
        needing({ input: ['VIDEO'], tools: true, jsonSchema: true }),
      ),
    ).toBeUndefined();
    expect(
      capabilityFilter.judge(candidateOf({ capabilities: { tools: false } }), needing({ tools: true })),
    ).toBe('capability-missing');
    expect(
      capabilityFilter.judge(candidateOf({ capabilities: { output: ['EMBEDDING'] } }), aQuestion()),
    ).toBe('capability-missing');
  });

  it('asks Bedrock for tools and a container for its own mode where JSON is wanted', () => {
    const json = needing({ jsonSchema: true });
    const container = (jsonSchema: boolean) => ({
      ...candidateOf(),
      target: aDedicatedTarget({ capabilities: { jsonSchema } }),
    });
    expect(capabilityFilter.judge(candidateOf({ capabilities: { tools: false } }), json)).toBe(
      'capability-missing',
    );
    expect(
      capabilityFilter.judge(candidateOf({ capabilities: { tools: true, jsonSchema: false } }), json),
    ).toBeUndefined();
    expect(capabilityFilter.judge(container(false), json)).toBe('capability-missing');
    expect(capabilityFilter.judge(container(true), json)).toBeUndefined();
  });
});

describe('context', () => {
  it('removes a target whose context is surely too small', () => {
    const small = candidateOf({ contextTokensMax: 4096 });
    expect(contextFilter.judge(small, needing({ inputTokensMin: 4096 }))).toBeUndefined();
    expect(contextFilter.judge(small, needing({ inputTokensMin: 4097 }))).toBe('context-too-long');
    expect(
      contextFilter.judge(candidateOf({ contextTokensMax: null }), needing({ inputTokensMin: 4097 })),
    ).toBeUndefined();
  });

  it('after a target was too small asks larger ones only, and no unknown ones', () => {
    const question = limitedTo({ contextTokensAbove: 8192 });
    expect(contextFilter.judge(candidateOf({ contextTokensMax: 8192 }), question)).toBe('context-too-long');
    expect(contextFilter.judge(candidateOf({ contextTokensMax: null }), question)).toBe('context-too-long');
    expect(contextFilter.judge(candidateOf({ contextTokensMax: 8193 }), question)).toBeUndefined();
  });
});

describe('state', () => {
  const usable: readonly TargetState[] = ['available', 'legacy', 'warm'];
  const unusable: readonly TargetState[] = [
    'profile-only',
    'not-authorized',
    'not-entitled',
    'no-agreement',
    'not-offered',
    'quota-zero',
    'denied',
    'warming',
    'cold',
    'unknown',
  ];
  it('keeps what can take a request and removes the rest', () => {
    for (const state of usable)
      expect(stateFilter.judge(candidateOf({ state }), aQuestion())).toBeUndefined();
    for (const state of unusable)
      expect(stateFilter.judge(candidateOf({ state }), aQuestion())).toBe('state-unusable');
    expect(stateFilter.judge(candidateOf({ state: 'unknown' }, 'baseline'), aQuestion())).toBeUndefined();
  });
});

describe('capacity', () => {
  it('leaves a resting pool alone until its time is over', () => {
    const resting = (key: string, until: number) =>
      aQuestion({ conditions: { ...noConditions, resting: new Map([[key, until]]) } });
    const { quotaPool } = aTarget();
    expect(capacityFilter.judge(candidateOf(), resting(quotaPool, 1_000_001))).toBe('no-capacity');
    expect(capacityFilter.judge(candidateOf(), resting(quotaPool, 1_000_000))).toBeUndefined();
  });

  it('holds this gateway to its share of a dedicated target', () => {
    const target = aDedicatedTarget({ share: { 'us-east-1': 2 } });
    const candidate = { ...candidateOf(), target };
    const busy = (count: number) =>
      aQuestion({ conditions: { ...noConditions, inFlight: new Map([[target.id, count]]) } });
    expect(capacityFilter.judge(candidate, busy(1))).toBeUndefined();
    expect(capacityFilter.judge(candidate, busy(2))).toBe('no-capacity');
  });
});

describe('credentials', () => {
  it('leaves an account, or one region of it, alone for a moment', () => {
    const resting = (key: string, until = 1_000_001) =>
      aQuestion({ conditions: { ...noConditions, resting: new Map([[key, until]]) } });
    expect(credentialsFilter.judge(candidateOf(), resting('account:111111111111'))).toBe('ejected');
    expect(credentialsFilter.judge(candidateOf(), resting('account:111111111111/us-east-1'))).toBe('ejected');
    expect(
      credentialsFilter.judge(candidateOf(), resting('account:111111111111', 1_000_000)),
    ).toBeUndefined();
    expect(credentialsFilter.judge(candidateOf(), resting('account:222222222222'))).toBeUndefined();
    expect(credentialsFilter.judge(candidateOf(), resting('account:111111111111/us-west-2'))).toBeUndefined();
  });
});

describe('budget', () => {
  it('removes what may cost more than the cap, to the last pico-USD, and every unknown price', () => {
    // 1000 tokens in at 60,000 and 1000 out at 240,000 micro-USD a million: 300 micro-USD.
    expect(budgetFilter.judge(candidateOf(), limitedTo({ costMicroUsdMax: 300 }))).toBeUndefined();
    expect(budgetFilter.judge(candidateOf(), limitedTo({ costMicroUsdMax: 299 }))).toBe('budget-exhausted');
    expect(budgetFilter.judge(candidateOf({ pricing: null }), limitedTo({ costMicroUsdMax: 299 }))).toBe(
      'price-unknown',
    );
    expect(budgetFilter.judge(candidateOf({ pricing: null }), limitedTo({}))).toBeUndefined();
  });
});

describe('deadline', () => {
  it('removes a target that has never begun an answer in the time that is left', () => {
    const health = (pace: readonly number[]) => ({
      ...noConditions,
      health: new Map([[aTarget().id, { ...unknownHealth, pace }]]),
    });
    const question = (pace: readonly number[], remainingMs: number) =>
      aQuestion({ limits: { inputTokensCeiling: 1, remainingMs }, conditions: health(pace) });
    const known = Array.from({ length: 8 }, () => 500);
    expect(deadlineFilter.judge(candidateOf(), question(known, 499))).toBe('deadline-too-short');
    expect(deadlineFilter.judge(candidateOf(), question(known, 500))).toBeUndefined();
    expect(deadlineFilter.judge(candidateOf(), question(known.slice(1), 499))).toBeUndefined();
    expect(deadlineFilter.judge(candidateOf(), question([], 0))).toBe('deadline-too-short');
  });
});
