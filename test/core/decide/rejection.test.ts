import { describe, expect, it } from 'vitest';
import { decide } from '#core/decide/decide.ts';
import type { Decision, HeardFailure } from '#core/decide/decision.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { unknownHealth } from '#core/health/target-health.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const at = 1_000_000;
const ejectedHealth = stepHealth(unknownHealth, { kind: 'failed', at, severity: 'fatal' });
const planOf = (decision: Decision) =>
  decision.kind === 'routed' ? decision.plan.map(({ target }) => target.id) : decision.code;

describe('a rejection', () => {
  it('is no_lawful_target for an empty route, but upstream_failed when plan knows lawful targets that cannot serve', () => {
    expect(planOf(decide(aQuestion()))).toBe('no_lawful_target');
    expect(planOf(decide(aQuestion({ lawfulButUnusable: true })))).toBe('upstream_failed');
  });

  it('is not_ready where nobody could read whether there is a route, unless no target could be lawful', () => {
    const routeUnknown = true;
    const guarded = { ...aQuestion().needs, guardrail: true };
    const frankfurt = aTarget({ region: 'eu-central-1' });
    expect(planOf(decide(aQuestion({ routeUnknown })))).toBe('not_ready');
    expect(planOf(decide(aQuestion({ routeUnknown, baseline: [frankfurt] })))).toBe('not_ready');
    expect(planOf(decide(aQuestion({ routeUnknown, needs: guarded })))).toBe('no_lawful_target');
    expect(planOf(decide(aQuestion({ routeUnknown, gatewayRegion: 'eu-central-1' })))).toBe(
      'no_lawful_target',
    );
    expect(planOf(decide(aQuestion({ routeUnknown, baseline: [east] })))).toEqual([east.id]);
    expect(planOf(decide(aQuestion({ routeUnknown, baseline: [east], disabled: new Set([east.id]) })))).toBe(
      'upstream_failed',
    );
  });

  const limits = { inputTokensCeiling: 1000 };
  it.each([
    [
      'all targets rest',
      { conditions: { ...noConditions, resting: new Map([[east.quotaPool, at + 700]]) } },
      'capacity_exhausted',
    ],
    ['no target has the modality', { needs: { ...aQuestion().needs, input: ['VIDEO'] } }, 'invalid_request'],
    [
      'the prompt fits nowhere',
      { needs: { ...aQuestion().needs, inputTokensMin: 400_000 } },
      'invalid_request',
    ],
    ['every answer may cost too much', { limits: { ...limits, costMicroUsdMax: 1 } }, 'budget_exhausted'],
    ['the time is over', { limits: { ...limits, remainingMs: 0 } }, 'deadline_exceeded'],
    ['the tenant may not use the scope', { tenantScopes: ['dedicated' as const] }, 'model_not_allowed'],
    [
      'the provider would keep the prompt',
      { retentionForbidden: new Set([east.modelId]) },
      'model_not_allowed',
    ],
    ['an operator switched it off', { disabled: new Set([east.id]) }, 'upstream_failed'],
    ['all were tried', { tried: new Set([east.id]) }, 'upstream_failed'],
  ])('when %s', (_, changes, code) => {
    expect(planOf(decide(aQuestion({ targets: [east], ...changes })))).toBe(code);
  });

  it('says when the first pool may be asked again', () => {
    const resting = new Map([
      [east.quotaPool, at + 9000],
      [west.quotaPool, at + 700],
    ]);
    const decision = decide(aQuestion({ targets: [east, west], conditions: { ...noConditions, resting } }));
    expect(decision).toMatchObject({ kind: 'rejected', code: 'capacity_exhausted', retryAt: at + 700 });
  });

  /** What this request alone heard, and nobody else is told. */
  const heard = (target: typeof east, failure: HeardFailure) => ({
    tried: [target.id],
    heard: [[target.id, failure]] as const,
  });

  /** Each target as it stands when nothing is left to ask. */
  const standing = {
    resting: (target: typeof east) => ({ resting: [[target.quotaPool, at + 3000]] as const }),
    throttled: (target: typeof east) => ({
      resting: [[target.quotaPool, at + 3000]] as const,
      tried: [target.id],
    }),
    full: (target: typeof east) => ({ full: [target.id] }),
    ejected: (target: typeof east) => ({ ejected: [target.id], tried: [target.id] }),
    failed: (target: typeof east) => ({ tried: [target.id] }),
    toldToWait: (target: typeof east) => heard(target, { class: 'quota', retryAt: at + 3000 }),
    toldUnable: (target: typeof east) => heard(target, { class: 'unable' }),
    toldDenied: (target: typeof east) => heard(target, { class: 'targets-fault' }),
    toldBroken: (target: typeof east) => heard(target, { class: 'broken' }),
    unasked: (target: typeof east) => ({ tried: [target.id], unasked: [target.id] }),
    sleeping: (target: typeof east) => ({ asleep: [target.id] }),
    disabled: (target: typeof east) => ({ disabled: [target.id] }),
    unable: (target: typeof east) => ({ unable: [target.id] }),
  };
  type Standing = keyof typeof standing;

  function decisionOn(...kinds: readonly Standing[]): Decision {
    const places = ['us-east-1', 'us-east-2', 'us-west-2'];
    const facts = kinds.map((kind, index) => {
      const target = aTarget({ region: places[index] ?? '' });
      const given: Partial<Record<string, readonly unknown[]>> = standing[kind](target);
      return { target, given };
    });
    const all = <Value>(name: string) => facts.flatMap(({ given }) => (given[name] ?? []) as Value[]);
    const targets = facts.map(({ target }) => ({
      ...target,
      ...(all<string>('full').includes(target.id) ? { share: { 'us-east-1': 1 } } : {}),
      ...(all<string>('asleep').includes(target.id) ? { state: 'cold' as const } : {}),
      ...(all<string>('unable').includes(target.id)
        ? { capabilities: { ...target.capabilities, input: ['AUDIO' as const] } }
        : {}),
    }));
    return decide(
      aQuestion({
        targets,
        tried: new Set(all<string>('tried')),
        heard: new Map(all<readonly [string, HeardFailure]>('heard')),
        unasked: new Set(all<string>('unasked')),
        disabled: new Set(all<string>('disabled')),
        conditions: {
          ...noConditions,
          resting: new Map(all<readonly [string, number]>('resting')),
          inFlight: new Map(all<string>('full').map((id) => [id, 1] as const)),
          health: new Map(all<string>('ejected').map((id) => [id, ejectedHealth] as const)),
        },
      }),
    );
  }

  it.each<readonly [readonly Standing[], string]>([
    [['resting', 'throttled'], 'capacity_exhausted'],
    [['throttled', 'full'], 'capacity_exhausted'],
    [['throttled', 'ejected'], 'capacity_exhausted'],
    [['resting', 'ejected', 'ejected'], 'capacity_exhausted'],
    [['throttled', 'unable'], 'capacity_exhausted'],
    [['throttled', 'disabled'], 'capacity_exhausted'],
    [['throttled', 'ejected', 'unable'], 'capacity_exhausted'],
    [['toldToWait', 'toldToWait'], 'capacity_exhausted'],
    [['toldToWait', 'throttled', 'unasked'], 'capacity_exhausted'],
    [['toldToWait', 'unasked', 'ejected'], 'capacity_exhausted'],
    [['toldToWait', 'toldUnable'], 'capacity_exhausted'],
    [['toldToWait', 'toldDenied'], 'capacity_exhausted'],
    [['toldToWait', 'toldBroken'], 'upstream_failed'],
    [['toldToWait', 'unasked', 'failed'], 'upstream_failed'],
    [['toldBroken', 'unasked', 'resting'], 'upstream_failed'],
    [['unasked', 'unasked'], 'upstream_failed'],
    [['toldDenied', 'toldDenied'], 'upstream_failed'],
    [['throttled', 'failed'], 'upstream_failed'],
    [['resting', 'ejected', 'failed'], 'upstream_failed'],
    [['ejected', 'failed'], 'upstream_failed'],
    [['ejected', 'ejected'], 'upstream_failed'],
    [['ejected', 'disabled'], 'upstream_failed'],
    [['failed', 'failed'], 'upstream_failed'],
    [['disabled', 'unable'], 'upstream_failed'],
    [['sleeping', 'sleeping'], 'not_ready'],
    [['sleeping', 'ejected', 'disabled'], 'not_ready'],
    [['sleeping', 'toldUnable', 'unable'], 'not_ready'],
    [['sleeping', 'throttled'], 'capacity_exhausted'],
    [['sleeping', 'failed'], 'upstream_failed'],
    [['sleeping', 'unasked'], 'upstream_failed'],
    [['unable', 'unable'], 'invalid_request'],
  ])('of targets that are %j is %s', (kinds, code) => {
    const decision = decisionOn(...kinds);
    expect(planOf(decision)).toBe(code);
    const rests = code === 'capacity_exhausted';
    // A slot comes free at any moment; a pool says when.
    const waitMs = code === 'not_ready' ? 30_000 : kinds.includes('full') ? 1000 : 3000;
    const waits = rests || code === 'not_ready';
    expect(decision.kind === 'rejected' && decision.retryAt).toBe(waits ? at + waitMs : undefined);
  });

  it('tells the earlier time of what rests for all and of what told this request alone to wait', () => {
    const tried = new Set([east.id, west.id]);
    const conditions = { ...noConditions, resting: new Map([[east.quotaPool, at + 9000]]) };
    const waits = (retryAt: number) => new Map([[west.id, { class: 'quota', retryAt } as const]]);
    const asked = { targets: [east, west], tried, conditions };
    for (const [retryAt, earliest] of [
      [at + 400, at + 400],
      [at + 20_000, at + 9000],
    ] as const)
      expect(decide(aQuestion({ ...asked, heard: waits(retryAt) }))).toMatchObject({
        code: 'capacity_exhausted',
        retryAt: earliest,
      });
  });

  it('that a deadline hurries along is still of what this request heard', () => {
    const limits = { inputTokensCeiling: 1000, remainingMs: 0 };
    const heardOf = (last: HeardFailure) =>
      new Map([
        [east.id, { class: 'quota', retryAt: at + 3000 }],
        [west.id, last],
      ] as const);
    const asked = { targets: [east, west], tried: new Set([east.id, west.id]), limits };
    const codeAfter = (last: HeardFailure) => planOf(decide(aQuestion({ ...asked, heard: heardOf(last) })));
    expect(codeAfter({ class: 'quota', retryAt: at + 5000 })).toBe('capacity_exhausted');
    expect(codeAfter({ class: 'broken' })).toBe('upstream_failed');
  });

  it('is of one mix whatever the order of the targets', () => {
    expect(planOf(decisionOn('ejected', 'throttled', 'unable'))).toBe('capacity_exhausted');
    expect(planOf(decisionOn('failed', 'throttled'))).toBe('upstream_failed');
  });

  it('is a failure and no capacity problem when one target failed and the other rests', () => {
    const resting = new Map([[east.quotaPool, at + 9000]]);
    const question = aQuestion({
      targets: [east, west],
      conditions: { ...noConditions, resting },
      tried: new Set([west.id]),
    });
    expect(planOf(decide(question))).toBe('upstream_failed');
  });
});
