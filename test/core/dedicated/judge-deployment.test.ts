import { describe, expect, it } from 'vitest';
import { aSoundDeployment, contradictionsOf } from '#test/builders/a-deployment.ts';

const prefix = { strategy: 'prefix-aware', prefixBytes: 4_096 } as const;

describe('a deployment', () => {
  it('is decided in all that it leaves open', () => {
    expect(aSoundDeployment()).toMatchObject({
      servedModel: 'chat-small',
      kvFormat: 'bf16',
      utilisation: 0.9,
      layout: { gpus: 1, copiesPerInstance: 1 },
      instances: { initial: 2, min: 2, max: 6 },
    });
  });

  it('has instances enough for its copies, and none for no copy', () => {
    const packed = {
      instanceTypes: ['ml.g6e.12xlarge'],
      gpusPerCopy: 1,
      copies: 5,
      copiesMin: 0,
      copiesMax: 9,
    };
    expect(aSoundDeployment(packed).instances).toEqual({ initial: 2, min: 0, max: 3 });
    expect(aSoundDeployment({ copies: 0, copiesMin: 0 }).instances).toEqual({ initial: 1, min: 0, max: 6 });
  });

  it('has instances for what schedules allow too, and may sleep by one of them', () => {
    const night = { name: 'night', at: 'cron(0 22 * * ? *)', copiesMin: 0, copiesMax: 9 };
    const { instances, sleeps } = aSoundDeployment({ schedules: [night] });
    expect(instances).toEqual({ initial: 2, min: 0, max: 9 });
    expect([sleeps, aSoundDeployment().sleeps]).toEqual([true, false]);
  });

  it('sends the same beginning to one instance until that is full, as far as SageMaker counts', () => {
    const routing = (changes: Parameters<typeof aSoundDeployment>[0]) =>
      aSoundDeployment({ routing: prefix, ...changes }).routingConcurrencyMax;
    expect(routing({})).toBe(16);
    expect(routing({ routing: { ...prefix, concurrencyMax: 8 } })).toBe(8);
    expect(routing({ instanceTypes: ['ml.p5.48xlarge'], gpusPerCopy: 1, concurrencyPerCopy: 256 })).toBe(
      1_024,
    );
  });

  it('is told everything that is wrong at once', () => {
    const found = contradictionsOf({
      contextTokensMax: 900_000,
      copies: 9,
      stepTokensMax: 1,
      targetKvShare: 1,
    });
    expect(found.map((each) => each.split(':')[0])).toEqual([
      'contextTokensMax',
      'stepTokensMax',
      'copies',
      'targetKvShare',
    ]);
  });
});
