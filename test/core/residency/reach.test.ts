import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geoPrefixOf, reachFromModelArns } from '#core/residency/reach.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const arn = (region: string) => `arn:aws:bedrock:${region}::foundation-model/amazon.nova-lite-v1:0`;

describe('reach from model ARNs', () => {
  it('is every region that an ARN names, and the source', () => {
    const region = fc.constantFrom(...shippedFacts.regions, 'xx-north-9');
    fc.assert(
      fc.property(region, fc.array(region, { minLength: 1 }), (sourceRegion, destinations) => {
        const reach = reachFromModelArns({ sourceRegion, modelArns: destinations.map(arn) });
        expect(reach).toEqual([...new Set([sourceRegion, ...destinations])].sort());
      }),
    );
  });

  it('is everywhere as soon as one ARN has an empty region', () => {
    const modelArns = [arn('us-east-1'), arn('')];
    expect(reachFromModelArns({ sourceRegion: 'us-east-1', modelArns })).toEqual(['*']);
  });

  it('reads ARNs of other partitions', () => {
    const modelArns = ['arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/m'];
    expect(reachFromModelArns({ sourceRegion: 'us-gov-east-1', modelArns })).toEqual([
      'us-gov-east-1',
      'us-gov-west-1',
    ]);
  });

  it('is unknown without an ARN, and with one that is malformed among good ones', () => {
    expect(reachFromModelArns({ sourceRegion: 'us-east-1', modelArns: [] })).toBeUndefined();
    const malformed = [
      undefined,
      '',
      'nonsense',
      'arn:aws:bedrock',
      'arn:aws:bedrock:us-east-1',
      'arn:aws:s3:us-east-1::foundation-model/m',
      'arn:aws:bedrock:US-EAST-1::foundation-model/m',
      'arn:aws:bedrock:*::foundation-model/m',
      'arn:aws:bedrock:us-east-1:111111111111:inference-profile/us.m',
      'arn::bedrock:us-east-1::foundation-model/m',
      'urn:aws:bedrock:us-east-1::foundation-model/m',
    ];
    for (const wrong of malformed) {
      expect(
        reachFromModelArns({ sourceRegion: 'us-east-1', modelArns: [arn('us-east-1'), wrong] }),
        wrong,
      ).toBeUndefined();
    }
  });

  it('is unknown when the source is not a region', () => {
    expect(reachFromModelArns({ sourceRegion: '', modelArns: [arn('us-east-1')] })).toBeUndefined();
  });
});

describe('the prefix of an id', () => {
  it('is what stands before the first dot', () => {
    expect(geoPrefixOf('eu.amazon.nova-lite-v1:0')).toBe('eu');
    expect(geoPrefixOf('no-dot')).toBe('');
    expect(geoPrefixOf('')).toBe('');
  });
});
