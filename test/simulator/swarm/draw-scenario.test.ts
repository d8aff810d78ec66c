import { describe, expect, it } from 'vitest';
import { callTroubles, type Fault, type SwarmScenario } from '#contract/swarm-scenario.ts';
import { drawScenario } from '#simulator/swarm/draw-scenario.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const config = acmeConfig();
const SEEDS = 300;
const drawn = Array.from({ length: SEEDS }, (_, index) => drawScenario(String(index), config));
const kindOf = (fault: Fault) => `${fault.kind} ${'trouble' in fault ? fault.trouble : ''}`.trim();

/** Every kind of fault with every trouble that it can have. */
const allKinds = [
  ...['region', 'model'].flatMap((kind) => callTroubles.map((trouble) => `${kind} ${trouble}`)),
  'cold',
  'planted',
  'table dark',
  'table hangs',
  'catalogue throttled',
  'catalogue empty',
  'catalogue poisoned',
];

describe('a drawn scenario', () => {
  it('is the same for the same seed, and survives being printed', () => {
    for (const scenario of drawn.slice(0, 50)) {
      expect(drawScenario(scenario.seed, config)).toEqual(scenario);
      expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
    }
    expect(new Set(drawn.map((scenario) => JSON.stringify({ ...scenario, seed: '' }))).size).toBeGreaterThan(
      SEEDS * 0.95,
    );
  });

  it('has every kind of fault in some run, and each of them in few', () => {
    const runs = new Map(allKinds.map((kind) => [kind, 0]));
    for (const { faults } of drawn)
      for (const kind of new Set(faults.map(kindOf))) runs.set(kind, (runs.get(kind) ?? 0) + 1);
    expect([...runs.keys()]).toEqual(allKinds);
    for (const [kind, count] of runs) {
      expect(count, kind).toBeGreaterThan(0);
      expect(count, kind).toBeLessThan(SEEDS / 2);
    }
  });

  it.each<[string, (scenario: SwarmScenario) => boolean]>([
    ['no fault', ({ faults }) => faults.length === 0],
    ['several faults', ({ faults }) => faults.length > 3],
    ['a burst', ({ rates }) => rates.length > 1],
    ['clocks that are wrong', ({ skewMs }) => Object.values(skewMs).some((each) => each !== 0)],
    ['a replica that is late', ({ replicationMs }) => replicationMs > 1_000],
    ['callers who leave', ({ leavingShare }) => leavingShare > 0],
    ['callers in a hurry', ({ deadlineShare }) => deadlineShare > 0],
    ['streams alone', ({ streamedShare }) => streamedShare === 1],
    ['no stream', ({ streamedShare }) => streamedShare === 0],
    ['every lane', ({ lanes }) => lanes.length === 3],
  ])('has %s in some runs and not in all', (_, has) => {
    const share = drawn.filter(has).length / SEEDS;
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.75);
  });

  it('ends every fault within the phase of faults, after some seconds', () => {
    for (const { faults, faultSeconds } of drawn)
      for (const { fromSeconds, untilSeconds } of faults) {
        expect(fromSeconds).toBeGreaterThanOrEqual(0);
        expect(untilSeconds - fromSeconds).toBeGreaterThanOrEqual(5);
        expect(untilSeconds).toBeLessThanOrEqual(faultSeconds);
      }
  });

  it('names places, models and endpoints that the configuration has', () => {
    const regions = config.accounts.flatMap((account) => account.regions);
    for (const fault of drawn.flatMap(({ faults }) => faults)) {
      if (fault.kind === 'region' || fault.kind === 'catalogue') expect(regions).toContain(fault.region);
      if (fault.kind === 'table' || fault.kind === 'planted') expect(config.gateways).toContain(fault.region);
      if (fault.kind === 'cold') expect(fault.endpoint).toBe('chat-small');
      if (fault.kind === 'model') expect(fault.modelId).not.toBe('amazon.titan-embed-text-v2:0');
    }
    for (const { skewMs } of drawn.slice(0, 20)) expect(Object.keys(skewMs)).toEqual(config.gateways);
  });

  it('has no cold endpoint where the configuration has none', () => {
    const without = acmeConfig({ models: { 'chat-small': { candidates: ['amazon.nova-lite-v1:0'] } } });
    const kinds = drawn.flatMap(({ seed }) => drawScenario(seed, without).faults.map(kindOf));
    expect(kinds).not.toContain('cold');
    expect(kinds).toContain('planted');
  });
});
