import { describe, expect, it } from 'vitest';
import { engineOf, layoutOf } from '#core/dedicated/copy-layout.ts';
import { aDeployment } from '#test/builders/a-deployment.ts';
import { shippedFacts } from '#test/builders/facts.ts';

describe('how copies lie on GPUs', () => {
  it('puts as many on an instance as fit on the smallest type', () => {
    const deployment = aDeployment({ instanceTypes: ['ml.g6e.48xlarge', 'ml.g6e.12xlarge'], gpusPerCopy: 2 });
    expect(layoutOf(deployment, shippedFacts)).toEqual({
      gpus: 2,
      copiesPerInstance: 2,
    });
  });

  it('gives a copy the whole instance unless somebody says how much', () => {
    expect(layoutOf(aDeployment({ instanceTypes: ['ml.p5.48xlarge'] }), shippedFacts)).toMatchObject({
      gpus: 8,
      copiesPerInstance: 1,
    });
  });

  it('is unknown for a type that is unknown or too small', () => {
    expect(layoutOf(aDeployment({ instanceTypes: ['ml.x'] }), shippedFacts)).toBeUndefined();
    expect(layoutOf(aDeployment({ gpusPerCopy: 2 }), shippedFacts)).toBeUndefined();
  });

  it('knows engines by name, and takes descriptions as they are', () => {
    expect(engineOf({ engine: 'llama-3.1-8b' }, shippedFacts)?.weightsGiB).toBe(14.96);
    expect(engineOf({ engine: 'unheard-of' }, shippedFacts)).toBeUndefined();
  });
});
