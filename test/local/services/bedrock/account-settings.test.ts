import {
  BedrockClient,
  GetAccountDataRetentionCommand,
  GetGuardrailCommand,
  GetModelInvocationLoggingConfigurationCommand,
  ListEnforcedGuardrailsConfigurationCommand,
  ListGuardrailsCommand,
  paginateListGuardrails,
} from '@aws-sdk/client-bedrock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAws } from '#local/local-aws.ts';
import { clientConfig, control, startLocalAws } from '../local-clients.ts';

let aws: LocalAws;
let client: BedrockClient;

beforeAll(async () => {
  aws = await startLocalAws();
  client = new BedrockClient(clientConfig(aws, 'eu-west-1'));
});
afterAll(async () => {
  client.destroy();
  await aws.close();
});

describe('settings of an account, read by the SDK client', () => {
  it('logs nothing, shares nothing and guards nothing at first', async () => {
    expect(
      (await client.send(new GetModelInvocationLoggingConfigurationCommand({}))).loggingConfig,
    ).toBeUndefined();
    expect((await client.send(new GetAccountDataRetentionCommand({}))).mode).toBe('default');
    expect((await client.send(new ListGuardrailsCommand({}))).guardrails).toEqual([]);
    expect((await client.send(new ListEnforcedGuardrailsConfigurationCommand({}))).guardrailsConfig).toEqual(
      [],
    );
  });

  it('tells what it was told, page by page', async () => {
    await control(aws, 'PATCH', 'account-settings', {
      ...{
        region: 'eu-west-1',
        logGroup: 'prompts',
        logBucket: 'prompt-logs',
        retentionMode: 'provider_data_share',
      },
      guardrails: [
        { id: 'first' },
        { id: 'second', profileId: 'eu.guardrail.v1:0', enforced: true },
        { id: 'third' },
      ],
    });
    const { loggingConfig } = await client.send(new GetModelInvocationLoggingConfigurationCommand({}));
    expect(loggingConfig).toMatchObject({
      cloudWatchConfig: { logGroupName: 'prompts' },
      s3Config: { bucketName: 'prompt-logs' },
      textDataDeliveryEnabled: true,
    });
    expect((await client.send(new GetAccountDataRetentionCommand({}))).mode).toBe('provider_data_share');
    const pages: (readonly (string | undefined)[])[] = [];
    for await (const { guardrails = [] } of paginateListGuardrails({ client }, {}))
      pages.push(guardrails.map(({ id }) => id));
    expect(pages).toEqual([['first', 'second'], ['third']]);
    const { guardrailsConfig = [] } = await client.send(new ListEnforcedGuardrailsConfigurationCommand({}));
    const [enforced] = guardrailsConfig;
    expect([guardrailsConfig.length, enforced?.guardrailId]).toEqual([1, 'second']);
    const guardrail = await client.send(
      new GetGuardrailCommand({ guardrailIdentifier: enforced?.guardrailArn }),
    );
    expect(guardrail.crossRegionDetails?.guardrailProfileId).toBe('eu.guardrail.v1:0');
    await expect(client.send(new GetGuardrailCommand({ guardrailIdentifier: 'none' }))).rejects.toThrow(
      'The guardrail none could not be found.',
    );
    await expect(client.send(new ListGuardrailsCommand({ maxResults: 2000 }))).rejects.toThrow('not valid');
  });
});
