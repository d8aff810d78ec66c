import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEmfGatewayMetrics, pointsOfEmfLine } from '#adapters/aws/emf-gateway-metrics.ts';
import { findMetric } from '#core/metrics/registry.ts';
import type { RequestRecord } from '#usecases/ports/gateway-metrics.ts';

const at = Date.UTC(2026, 10, 21);

const answered: RequestRecord = {
  at,
  requestId: 'r1',
  model: 'chat-small',
  work: 'chat',
  residency: 'eu',
  tenant: 'demo',
  lane: 'standard',
  tier: 'serverless',
  target: '222222222222/eu-central-1/eu.amazon.nova-lite-v1:0',
  outcome: 'answered',
  attempts: [
    { target: 'a', tier: 'dedicated', outcome: 'cold', durationMs: 12 },
    { target: 'b', tier: 'serverless', outcome: 'answered', durationMs: 340 },
  ],
  wakeUps: 0,
  leaseDenials: 2,
  slotWaitMs: 0,
  spilled: true,
  streamed: true,
  durationMs: 360,
  timeToFirstTokenMs: 90,
  timePerOutputTokenMs: 11.5,
  inputTokens: 100,
  outputTokens: 20,
  cacheReadInputTokens: 5,
  costPicoUsd: 12_345_000_000n,
};

function written(work: (metrics: ReturnType<typeof createEmfGatewayMetrics>) => void): readonly string[] {
  const lines: string[] = [];
  work(createEmfGatewayMetrics({ clock: { now: () => at }, write: (line) => lines.push(line) }));
  return lines;
}

function valuesOf(line: string | undefined): Record<string, number> {
  return Object.fromEntries(
    pointsOfEmfLine(line ?? '').map(({ name, value, dimensions }) => [
      [name, ...Object.values(dimensions)].join(' '),
      value,
    ]),
  );
}

describe('embedded gateway metrics', () => {
  it('count an ejection by its model, with the target for whoever looks', () => {
    const lines = written((metrics) => metrics.ejected({ at, target: 'a/b/c', model: 'chat-small' }));
    expect(lines.map(valuesOf)).toEqual([{ 'Ejections chat-small': 1 }]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'ejection', target: 'a/b/c' });
  });

  it('write times to a thousandth, whatever they are', () => {
    const milliseconds = fc.oneof(
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.nat(),
      fc.constant(9.9995),
    );
    fc.assert(
      fc.property(milliseconds, (durationMs) => {
        const [line = ''] = written((metrics) => metrics.record({ ...answered, durationMs }));
        const told = JSON.parse(line) as { readonly durationMs: number };
        expect(Math.abs(told.durationMs - durationMs)).toBeLessThanOrEqual(0.000_501);
        if (durationMs >= 1 && durationMs < 1e6) expect(line).not.toMatch(/"durationMs":\d+\.\d{4}/);
      }),
    );
  });

  it('hold every number of a request in one line', () => {
    const [line, failover, ...more] = written((metrics) => metrics.record(answered));
    expect(more).toEqual([]);
    expect(valuesOf(failover)).toEqual({ 'FailoversByClass no-capacity': 1 });
    expect(valuesOf(line)).toEqual({
      'Requests chat-small serverless': 1,
      'TimeToFirstToken chat-small serverless': 90,
      'TimePerOutputToken chat-small serverless': 11.5,
      'Spilled chat-small': 1,
      'LeaseDenials chat-small': 2,
      'Failovers chat-small': 1,
      'InputTokens chat-small serverless': 105,
      'OutputTokens chat-small serverless': 20,
      ServiceCost: 0.012345,
      'Cost chat-small serverless': 0.012345,
      'TenantInputTokens demo': 105,
      'TenantOutputTokens demo': 20,
      'TenantCost demo': 0.012345,
      'LaneDenials standard': 2,
    });
  });

  it('tell failovers by class as often as they tell them by model, whatever led to them', () => {
    const outcomes = ['throttled', 'quota-exceeded', 'cold', 'server-error', 'answered'];
    const attempts = outcomes.map((outcome) => ({
      ...{ target: 'a', tier: 'serverless' as const, durationMs: 1 },
      outcome,
    }));
    const [request, ...failovers] = written((metrics) => metrics.record({ ...answered, attempts }));
    expect(valuesOf(request)['Failovers chat-small']).toBe(4);
    expect(Object.assign({}, ...failovers.map(valuesOf))).toEqual({
      'FailoversByClass quota': 2,
      'FailoversByClass no-capacity': 1,
      'FailoversByClass broken': 1,
    });
  });

  it('hold what the request had of slots and lanes, of a spent retry budget and a cold start', () => {
    const use = { slotHeldMs: 300, slotsReservedShare: 0.001, slotWaitMs: 40 };
    const [line] = written((metrics) =>
      metrics.record({ ...answered, ...use, metCold: true, retriesRefused: 2 }),
    );
    expect(valuesOf(line)).toMatchObject({
      'LaneSlotTime standard': 300,
      'LaneQueueWait standard': 40,
      'QueueWait chat-small': 40,
      'SlotsReservedShare chat-small': 0.001,
      'ColdStarts chat-small': 1,
      RetriesRefused: 2,
    });
  });

  it('name the trace of a request that came with one, so that a slow one can be looked up', () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const [traced, plain] = [
      { ...answered, attempts: [], traceId },
      { ...answered, attempts: [] },
    ].flatMap((record) => written((metrics) => metrics.record(record)));
    expect(JSON.parse(traced ?? '')).toMatchObject({ traceId });
    expect(JSON.parse(plain ?? '')).not.toHaveProperty('traceId');
  });

  it('tell how long a gateway took to start', () => {
    const lines = written((metrics) => metrics.started({ at, durationMs: 812.5 }));
    expect(lines.map(valuesOf)).toEqual([{ GatewayStartTime: 812.5 }]);
  });

  it('count a call for the service level of its gateway region, or not at all', () => {
    const levels = (['met', 'slow', 'failed', undefined] as const).map((serviceLevel) => {
      const [line] = written((metrics) => metrics.record({ ...answered, serviceLevel }));
      const { ServiceCalls, ServiceFailures, SlowStarts } = valuesOf(line);
      return [ServiceCalls, ServiceFailures, SlowStarts];
    });
    expect(levels).toEqual([
      [1, undefined, undefined],
      [1, undefined, 1],
      [1, 1, undefined],
      [undefined, undefined, undefined],
    ]);
  });

  it('hold what a request was in its chain, under the model of the first call', () => {
    const chain = { firstModel: 'plan', isFirst: true, turnedCold: true, preWarms: 2 };
    const [line] = written((metrics) => metrics.record({ ...answered, chain }));
    expect(valuesOf(line)).toMatchObject({
      'Chains plan': 1,
      'ChainCalls plan': 1,
      'ColdChains plan': 1,
      'PreWarms plan': 2,
    });
    const later = { ...chain, isFirst: false, turnedCold: false, preWarms: 0 };
    const [second] = written((metrics) => metrics.record({ ...answered, chain: later }));
    expect(Object.keys(valuesOf(second)).filter((name) => name.endsWith(' plan'))).toEqual([
      'ChainCalls plan',
    ]);
  });

  it('of a chain’s call that is told by itself stand for the chains that were not followed', () => {
    const call = { at, firstModel: 'plan', isFirst: true, turnedCold: true, preWarms: 2, weight: 16 };
    const [first, later, unfollowed] = written((metrics) => {
      metrics.chainCalled(call);
      metrics.chainCalled({ ...call, isFirst: false, turnedCold: false, preWarms: 0 });
      metrics.chainCalled({ ...call, isFirst: false, turnedCold: false, weight: 0 });
    });
    expect([first, later, unfollowed].map(valuesOf)).toEqual([
      { 'Chains plan': 16, 'ChainCalls plan': 16, 'ColdChains plan': 16, 'PreWarms plan': 2 },
      { 'ChainCalls plan': 16 },
      { 'PreWarms plan': 2 },
    ]);
  });

  it('are named, measured and divided as the registry says', () => {
    const points = written((metrics) => metrics.record(answered)).flatMap(pointsOfEmfLine);
    for (const { namespace, name, unit, dimensions } of points) {
      const definition = findMetric(namespace, name);
      expect(definition?.unit).toBe(unit);
      expect([...(definition?.dimensions ?? [])].sort()).toEqual(Object.keys(dimensions).sort());
    }
    expect(points.every((point) => point.at === at)).toBe(true);
  });

  it('count a failure by its outcome, with no tier where none was called', () => {
    const { tier: _, target: __, ...rest } = answered;
    const failed: RequestRecord = { ...rest, outcome: 'no_lawful_target', attempts: [], spilled: false };
    const [line] = written((metrics) => metrics.record(failed));
    expect(valuesOf(line)).toMatchObject({
      'Errors chat-small no_lawful_target': 1,
      'LeaseDenials chat-small': 2,
    });
    const names = Object.keys(valuesOf(line));
    expect(names.filter((name) => name.startsWith('Requests') || name.startsWith('TimeTo'))).toEqual([]);
  });

  it('do not count a caller who left as an error', () => {
    const [line] = written((metrics) => metrics.record({ ...answered, outcome: 'cancelled' }));
    expect(Object.keys(valuesOf(line)).some((name) => name.startsWith('Errors'))).toBe(false);
  });

  it('count events', () => {
    const [line] = written((metrics) => metrics.count('refresh-failed'));
    expect(valuesOf(line)).toEqual({ 'Events refresh-failed': 1 });
  });

  it('say of a request what is on the list of facts and nothing else', () => {
    const [line = '{}'] = written((metrics) => metrics.record(answered));
    const members = Object.keys(JSON.parse(line)).filter(
      (name) => findMetric('Spillway/Gateway', name) === undefined,
    );
    expect(members.sort()).toEqual(
      [
        '_aws',
        'Lane',
        'Model',
        'Tenant',
        'Tier',
        'attempts',
        'durationMs',
        'event',
        'lane',
        'outcome',
        'requestId',
      ]
        .concat(['residency', 'streamed', 'target', 'tenant'])
        .sort(),
    );
  });
});

describe('pointsOfEmfLine', () => {
  it.each(['', 'plain text', '{"level":"info"}', '[]', '7'])('finds no points in %j', (line) => {
    expect(pointsOfEmfLine(line)).toEqual([]);
  });
});
