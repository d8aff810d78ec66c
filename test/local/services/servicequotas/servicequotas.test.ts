import {
  BedrockRuntimeClient,
  ConverseCommand,
  CountTokensCommand,
  InvokeModelCommand,
  ThrottlingException,
} from '@aws-sdk/client-bedrock-runtime';
import {
  IllegalArgumentException,
  InvalidPaginationTokenException,
  ListServiceQuotasCommand,
  type ListServiceQuotasCommandInput,
  NoSuchResourceException,
  paginateListServiceQuotas,
  type ServiceQuota,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAws } from '#local/local-aws.ts';
import { clientConfig, control, startLocalAws } from '../local-clients.ts';

let aws: LocalAws;
const closing: { destroy(): void }[] = [];

function opened<Client extends { destroy(): void }>(client: Client): Client {
  closing.push(client);
  return client;
}
const quotas = (region = 'us-east-1', account?: string) =>
  opened(new ServiceQuotasClient(clientConfig(aws, region, account)));
const runtime = (region = 'us-east-1', account?: string) =>
  opened(new BedrockRuntimeClient(clientConfig(aws, region, account)));

beforeAll(async () => {
  aws = await startLocalAws();
});
afterEach(async () => {
  for (const client of closing.splice(0)) client.destroy();
  await control(aws, 'DELETE', 'quotas');
});
afterAll(() => aws.close());

async function rowsOf(client: ServiceQuotasClient): Promise<readonly ServiceQuota[]> {
  const rows: ServiceQuota[] = [];
  for await (const page of paginateListServiceQuotas({ client, pageSize: 50 }, { ServiceCode: 'bedrock' })) {
    rows.push(...(page.Quotas ?? []));
  }
  return rows;
}
const list = (input: Partial<ListServiceQuotasCommandInput>) =>
  quotas().send(new ListServiceQuotasCommand({ ServiceCode: 'bedrock', ...input }));

const lite = 'amazon.nova-lite-v1:0';
const titan = 'amazon.titan-embed-text-v2:0';
const liteTokens = (scope: string) => `${scope} model inference tokens per minute for Amazon Nova Lite`;

describe('servicequotas, called by the SDK client', () => {
  it('lists quotas of what the region offers, with every documented field, none of them zero', async () => {
    const rows = await rowsOf(quotas());
    expect(rows.find((row) => row.QuotaName === liteTokens('On-demand'))).toEqual({
      ServiceCode: 'bedrock',
      ServiceName: 'Amazon Bedrock',
      QuotaArn: expect.stringMatching(
        /^arn:aws:servicequotas:us-east-1:111111111111:bedrock\/L-[0-9A-F]{8}$/,
      ),
      QuotaCode: expect.stringMatching(/^L-[0-9A-F]{8}$/),
      QuotaName: liteTokens('On-demand'),
      Value: 200_000_000,
      Unit: 'None',
      Adjustable: true,
      GlobalQuota: false,
      QuotaAppliedAtLevel: 'ACCOUNT',
    });
    const names = rows.map((row) => row.QuotaName ?? '');
    expect(names).toContain(liteTokens('Cross-region'));
    expect(names).toContain(
      'Cross-region model inference requests per minute for Anthropic Claude Sonnet 4.5 V1',
    );
    expect(names).toContain(
      'On-demand model inference requests per minute for Amazon Titan Text Embeddings V2',
    );
    expect(names.some((name) => name.startsWith('Global cross-region model inference tokens'))).toBe(true);
    expect(names).toEqual([...new Set(names)].sort());
    expect(new Set(rows.map((row) => row.QuotaCode)).size).toBe(rows.length);
    expect(rows.filter((row) => !((row.Value ?? 0) > 0))).toEqual([]);
    expect(await rowsOf(quotas('xx-nowhere-1'))).toEqual([]);
  });

  it('pages by name, and refuses what it does not know', async () => {
    const first = await list({ MaxResults: 10 });
    expect(first.Quotas).toHaveLength(10);
    const second = await list({ MaxResults: 100, NextToken: first.NextToken });
    const names = [...(first.Quotas ?? []), ...(second.Quotas ?? [])].map((row) => row.QuotaName);
    expect(new Set(names).size).toBe(110);
    await expect(list({ NextToken: 'nonsense' })).rejects.toThrow(InvalidPaginationTokenException);
    await expect(list({ MaxResults: 101 })).rejects.toThrow(IllegalArgumentException);
    await expect(list({ ServiceCode: 'ec2' })).rejects.toThrow(NoSuchResourceException);
  });

  it('finds one quota by its code, and no quotas of single resources', async () => {
    const [row] = (await list({ MaxResults: 1 })).Quotas ?? [];
    expect((await list({ QuotaCode: row?.QuotaCode })).Quotas).toEqual([row]);
    expect((await list({ QuotaAppliedAtLevel: 'RESOURCE' })).Quotas).toEqual([]);
  });
});

describe('a quota of zero', () => {
  const say = (modelId: string, client = runtime()) =>
    client.send(new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }));

  it.each([
    ['on-demand', lite, `us.${lite}`, 'On-demand'],
    ['cross-region', `us.${lite}`, lite, 'Cross-region'],
  ])('%s throttles %s and not %s, for that account and region alone', async (scope, hit, spared, words) => {
    const body = { region: 'us-east-1', account: '111111111111', modelId: lite, scope, tokensPerMinute: 0 };
    await control(aws, 'PATCH', 'quotas', body);
    await expect(say(hit)).rejects.toThrow(ThrottlingException);
    await expect(say(hit)).rejects.toThrow('Too many tokens');
    expect((await say(spared)).stopReason).toBeDefined();
    expect((await say(hit, runtime('us-east-1', '222222222222'))).stopReason).toBeDefined();
    expect((await say(hit, runtime('us-west-2'))).stopReason).toBeDefined();
    const zero = async (account: string) =>
      (await rowsOf(quotas('us-east-1', account)))
        .filter((row) => row.Value === 0)
        .map((row) => row.QuotaName);
    expect(await zero('111111111111')).toEqual([liteTokens(words)]);
    expect(await zero('222222222222')).toEqual([]);
    await control(aws, 'DELETE', 'quotas');
    expect((await say(hit)).stopReason).toBeDefined();
  });

  it('global throttles the global profile and not the geographic one', async () => {
    const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
    await control(aws, 'PATCH', 'quotas', {
      region: 'us-east-1',
      modelId: sonnet,
      scope: 'global',
      requestsPerMinute: 0,
    });
    await expect(say(`global.${sonnet}`)).rejects.toThrow('Too many requests');
    expect((await say(`us.${sonnet}`)).stopReason).toBeDefined();
  });

  it('a day throttles InvokeModel too, and no counting of tokens', async () => {
    await control(aws, 'PATCH', 'quotas', [
      { region: 'us-east-1', modelId: titan, scope: 'on-demand', tokensPerDay: 0 },
      { region: 'us-east-1', modelId: lite, scope: 'on-demand', tokensPerDay: 0 },
    ]);
    const embed = new InvokeModelCommand({ modelId: titan, body: JSON.stringify({ inputText: 'Hi' }) });
    await expect(runtime().send(embed)).rejects.toThrow('Too many tokens per day');
    const rows = await rowsOf(quotas());
    expect(rows.map((row) => row.QuotaName)).toContain(
      'On-demand model inference tokens per day for Amazon Nova Lite',
    );
    const count = new CountTokensCommand({
      modelId: lite,
      input: { converse: { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] } },
    });
    expect((await runtime().send(count)).inputTokens).toBeGreaterThan(0);
  });
});
