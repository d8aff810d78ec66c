import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packTargets, unpackTargets } from '#adapters/aws/observation-item.ts';
import { plainObservation } from '#test/builders/routes.ts';

const place = { account: '111111111111', region: 'us-east-1' };

describe('a packed report', () => {
  it('of the largest region stays far below the 400 KB of an item', () => {
    const targets = Array.from({ length: 260 }, (_, index) =>
      plainObservation('us-east-1', {
        modelId: `provider-${index % 17}.some-longish-model-name-${index}-v1:0`,
        ...(index % 2 === 0
          ? {
              profileId: `us.provider.some-longish-model-name-${index}-v1:0`,
              scope: 'geo',
              reach: ['us-east-1', 'us-east-2', 'us-west-2'],
            }
          : {}),
        reasons: ['access-not-checked'],
        ...(index % 3 === 0 ? { quotaTokensPerMinute: 1_000 * index + 1 } : {}),
        since: 1_787_270_400_000 + index * 7_919,
        observedAt: 1_787_270_400_000 + index * 7_919,
      }),
    );
    const packed = packTargets(targets);
    expect(packed.byteLength).toBeLessThan(40_000);
    expect(unpackTargets(packed, place)).toEqual(targets);
  });

  it('gives equal lists once, so that hundreds of regions fit into memory', () => {
    const [first, second] = unpackTargets(
      packTargets([plainObservation('us-east-1'), plainObservation('us-east-1', { modelId: 'b' })]),
      place,
    );
    expect(first?.inputModalities).toBe(second?.inputModalities);
  });

  it.each([
    ['not gzip', new Uint8Array([1, 2, 3])],
    ['not JSON', gzipSync('{')],
    ['not ours', gzipSync('[{"state":"new-state"}]')],
    ['a bomb', gzipSync(' '.repeat(5_000_000))],
  ])('that is %s is refused', (_name, body) => {
    expect(() => unpackTargets(body, place)).toThrow();
  });
});
