import { expect, it } from 'vitest';
import { checkPipeline } from '#core/config/check-pipeline.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const connectionOf = (account: string) => ({
  arn: `arn:aws:codeconnections:us-east-1:${account}:connection/1c72e9ec-0000-4000-8000-000000000000`,
  repository: 'acme/spillway',
});

it('takes a configuration without a pipeline, an archive, and a connection of the home account', () => {
  for (const pipeline of [
    undefined,
    { archive: { bucket: 'acme-sources', key: 'spillway.zip' } },
    { connection: connectionOf('111111111111') },
  ])
    expect(checkPipeline(acmeConfig(pipeline === undefined ? {} : { pipeline }))).toEqual({
      errors: [],
      warnings: [],
    });
});

it('refuses a connection of another account', () => {
  expect(
    checkPipeline(acmeConfig({ pipeline: { connection: connectionOf('222222222222') } })).errors,
  ).toEqual([
    {
      path: 'pipeline.connection.arn',
      message:
        'is of account 222222222222; the pipeline stands in 111111111111 and needs a connection of that account',
    },
  ]);
});
