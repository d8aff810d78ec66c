import { describe, expect, it } from 'vitest';
import type { SwarmScenario } from '#contract/swarm-scenario.ts';
import { shrinkScenario } from '#simulator/swarm/shrink-scenario.ts';
import { aScenario } from '#test/builders/a-swarm-run.ts';

const large = aScenario({
  rates: [
    { fromSeconds: 0, perSecond: 2 },
    { fromSeconds: 30, perSecond: 20 },
  ],
  streamedShare: 0.5,
  leavingShare: 0.3,
  deadlineShare: 0.2,
  lanes: ['interactive', 'standard', 'bulk'],
  replicationMs: 10_000,
  skewMs: { 'us-east-1': 1_500 },
});

const needs = (needed: (scenario: SwarmScenario) => boolean) => async (scenario: SwarmScenario) =>
  needed(scenario);

describe('a failing scenario', () => {
  it('loses all that its failure does not need, and nothing that it does', async () => {
    const fails = needs(
      ({ faults, leavingShare }) => leavingShare > 0 && faults.some(({ kind }) => kind === 'planted'),
    );
    expect(await shrinkScenario(large, fails, 100)).toEqual({
      ...large,
      faults: large.faults.slice(1),
      rates: large.rates.slice(0, 1),
      deadlineShare: 0,
      replicationMs: 0,
      skewMs: {},
      lanes: ['standard'],
      streamedShare: 0,
    });
  });

  it('stays as it is where it needs everything', async () => {
    const whole = JSON.stringify(large);
    expect(
      await shrinkScenario(
        large,
        needs((scenario) => JSON.stringify(scenario) === whole),
        100,
      ),
    ).toEqual(large);
  });

  it('takes no more runs than it may', async () => {
    let runs = 0;
    const fails = async () => {
      runs += 1;
      return true;
    };
    await shrinkScenario(large, fails, 3);
    expect(runs).toBe(3);
  });
});
