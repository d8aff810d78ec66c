import { describe, expect, it } from 'vitest';
import { parseSynthContext, unreadContext } from '#lib/synth-context.ts';

const parse = (values: Readonly<Record<string, unknown>>) => parseSynthContext((name) => values[name]);

describe('parseSynthContext', () => {
  it('leaves out what is not set', () => {
    expect(parse({})).toEqual({});
  });

  it('reads strings as the command line gives them', () => {
    expect(parse({ config: 'my.config.ts', organization: 'o-a1b2c3d4e5', gatewayConcurrency: '40' })).toEqual(
      {
        config: 'my.config.ts',
        organizationId: 'o-a1b2c3d4e5',
        gatewayConcurrency: 40,
      },
    );
  });

  it.each(['0', '-1', '1.5', 'many', ''])('rejects a concurrency of %j', (gatewayConcurrency) => {
    expect(() => parse({ gatewayConcurrency })).toThrow(
      /context gatewayConcurrency: .*must be a whole number from 1/,
    );
  });

  it('rejects an organization that is none', () => {
    expect(() => parse({ organization: 'acme' })).toThrow(
      'context organization: acme must be an organization id such as o-a1b2c3d4e5',
    );
  });
});

it('names settings that nothing reads, and none of the CDK’s own', () => {
  const names = ['config', '@aws-cdk/core:checkSecretUsage', 'aws:cdk:bundling-stacks', 'gatewayConcurency'];
  expect(unreadContext(names)).toEqual([
    'context gatewayConcurency: nothing reads it; there are config, organization, gatewayConcurrency',
  ]);
});
