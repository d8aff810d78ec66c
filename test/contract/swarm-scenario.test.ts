import { describe, expect, it } from 'vitest';
import { swarmScenarioSchema } from '#contract/swarm-scenario.ts';
import { aScenario } from '#test/builders/a-swarm-run.ts';

describe('a scenario of the swarm', () => {
  it('comes back from a file as it was', () => {
    expect(swarmScenarioSchema.parse(JSON.parse(JSON.stringify(aScenario())))).toEqual(aScenario());
  });

  it.each([
    ['a member that nobody knows', { extra: 1 }],
    ['no rate', { rates: [] }],
    ['a share above one', { leavingShare: 1.1 }],
    ['a fault of no kind', { faults: [{ kind: 'meteor', fromSeconds: 0, untilSeconds: 1 }] }],
    [
      'a trouble of no kind',
      { faults: [{ kind: 'region', region: 'us-east-1', trouble: 'sad', fromSeconds: 0, untilSeconds: 1 }] },
    ],
  ])('is refused with %s', (_, changes) => {
    expect(swarmScenarioSchema.safeParse({ ...aScenario(), ...changes }).success).toBe(false);
  });
});
