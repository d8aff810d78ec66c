import { expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';

const key = (region: string) => `arn:aws:kms:${region}:111111111111:key/1c72e9ec-0000-4000-8000-000000000000`;
const violationsOf = (state: unknown) => {
  const parsed = parseConfig({ ...acme, state });
  return parsed.ok ? [] : parsed.violations;
};

it('refuses a key of another region, and an alias', () => {
  const keys = {
    'us-east-1': key('eu-west-1'),
    'eu-west-1': 'arn:aws:kms:eu-west-1:111111111111:alias/mine',
  };
  const parsed = parseConfig({ ...acme, state: { keys } });
  expect(parsed).toMatchObject({
    ok: false,
    violations: [
      {
        path: 'state.keys.eu-west-1',
        message: expect.stringMatching(
          /^"arn:aws:kms:eu-west-1:111111111111:alias\/mine" must be the ARN of a key such as .*; no alias/,
        ),
      },
      { path: 'state.keys.us-east-1', message: expect.stringMatching(/^"arn:aws:kms:eu-west-1:/) },
    ],
  });
  const noArn = parseConfig({ ...acme, state: { keys: { 'us-east-1': 'alias/mine' } } });
  expect(noArn).toMatchObject({
    violations: [{ path: 'state.keys.us-east-1', message: expect.stringMatching(/^"alias\/mine" must be/) }],
  });
  expect(parseConfig({ ...acme, state: { keys: { 'us-east-1': key('eu-west-1') } } })).toMatchObject({
    violations: [
      {
        path: 'state.keys.us-east-1',
        message: expect.stringMatching(/must be a key of us-east-1, got one of eu-west-1/),
      },
    ],
  });
});

it('wants two or three regions of a set, and a stream by its ARN', () => {
  const streamArn = 'acme-observations';
  expect(
    violationsOf({ controls: { regions: ['us-east-1'] }, existing: { observations: { streamArn } } }),
  ).toEqual([
    {
      path: 'state.existing.observations.streamArn',
      message: expect.stringMatching(/ARN of a table’s stream/),
    },
    {
      path: 'state.controls.regions',
      message: expect.stringMatching(/must list three regions, or two beside a witness/),
    },
  ]);
});
