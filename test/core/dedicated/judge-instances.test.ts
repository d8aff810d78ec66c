import { describe, expect, it } from 'vitest';
import type { Deployment } from '#core/dedicated/deployment.ts';
import { judgeInstances } from '#core/dedicated/judge-instances.ts';
import { aDeployment, contradictionsOf } from '#test/builders/a-deployment.ts';
import { shippedFacts } from '#test/builders/facts.ts';

describe('the instances of a deployment', () => {
  it.each<[string, Partial<Deployment>, string]>([
    ['none', { instanceTypes: [] }, 'instanceTypes: 0 instance types; must be 1 to 5'],
    ['an unknown one', { instanceTypes: ['ml.x9.large'] }, 'instanceTypes[0]: "ml.x9.large" is not known'],
    [
      'the same twice',
      { instanceTypes: ['ml.g6e.2xlarge', 'ml.g6e.2xlarge'] },
      'instanceTypes[1]: ml.g6e.2xlarge stands in the list before; leave it out',
    ],
    [
      'weights in fp8 on a GPU that has no such arithmetic',
      { instanceTypes: ['ml.g5.2xlarge'], quantisation: 'fp8' },
      'quantisation: "fp8" needs GPUs of compute capability 8.9, those of ml.g5.2xlarge have 8.6; take one of ml.g6, ml.g6e, ml.g7e, ml.p5, ml.p5e, ml.p5en, or another quantisation',
    ],
    [
      'weights made fp8 at the start on one of several types that cannot',
      { instanceTypes: ['ml.g6e.2xlarge', 'ml.p4d.24xlarge'], gpusPerCopy: 1, quantisation: 'fp8-at-start' },
      'quantisation: "fp8-at-start" needs GPUs of compute capability 8.9, those of ml.p4d.24xlarge have 8;',
    ],
    [
      'a cache in fp8 where the GPU has none',
      { instanceTypes: ['ml.g5.2xlarge'], kvFormat: 'fp8' },
      'kvFormat: "fp8" needs GPUs of compute capability 8.9',
    ],
    [
      'types of unlike size and nobody says how much of them is a copy',
      { instanceTypes: ['ml.g6e.2xlarge', 'ml.g6e.12xlarge'] },
      'gpusPerCopy: is needed: ml.g6e.2xlarge has 1 GPUs and ml.g6e.12xlarge has 4; must be at most the smaller number',
    ],
    [
      'more GPUs than one has',
      { gpusPerCopy: 2 },
      'gpusPerCopy: 2 is more than the 1 GPUs of ml.g6e.2xlarge; must be at most 1',
    ],
    [
      'GPUs that would divide no layer',
      {
        engine: {
          attention: { kind: 'gqa', layers: 80, kvHeads: 8, headDim: 128 },
          weightsGiB: 68,
          tensorParallel: 2,
        },
        instanceTypes: ['ml.g6e.12xlarge'],
      },
      'engine.tensorParallel: 2 of the 4 GPUs of a copy would divide each layer, and the container uses no others; must be 4, or fewer GPUs a copy',
    ],
    [
      'heads that the GPUs cannot share',
      {
        engine: {
          attention: { kind: 'gqa', layers: 32, kvHeads: 6, headDim: 128 },
          weightsGiB: 14,
        },
        instanceTypes: ['ml.g6e.12xlarge'],
      },
      'gpusPerCopy: 4 GPUs cannot share the 6 key and value heads of engine; one number must divide the other',
    ],
    [
      'two numbers for the GPUs of a copy',
      {
        engine: {
          attention: { kind: 'gqa', layers: 32, kvHeads: 8, headDim: 128 },
          weightsGiB: 14,
          gpus: 2,
        },
        gpusPerCopy: 4,
        instanceTypes: ['ml.g6e.12xlarge'],
      },
      'gpusPerCopy: 4 is not the 2 of engine; say it once',
    ],
  ])('are refused: %s', (_what, changes, message) => {
    expect(contradictionsOf(changes)[0]).toContain(message);
  });

  it('may be of unlike size where the GPUs of a copy are said', () => {
    const deployment = aDeployment({
      instanceTypes: ['ml.g6e.2xlarge', 'ml.g6e.12xlarge', 'ml.p5.4xlarge'],
      gpusPerCopy: 1,
      quantisation: 'fp8-at-start',
    });
    expect(judgeInstances(deployment, shippedFacts)).toEqual([]);
  });
});
