import {
  BedrockClient,
  GetFoundationModelAvailabilityCommand,
  GetInferenceProfileCommand,
  ListFoundationModelsCommand,
  ListInferenceProfilesCommand,
  paginateListInferenceProfiles,
  ResourceNotFoundException,
  ValidationException,
} from '@aws-sdk/client-bedrock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAws } from '#local/local-aws.ts';
import { clientConfig, control, startLocalAws } from '../local-clients.ts';

let aws: LocalAws;
const clients: BedrockClient[] = [];

function client(region = 'us-east-1', account?: string): BedrockClient {
  const made = new BedrockClient(clientConfig(aws, region, account));
  clients.push(made);
  return made;
}

async function profilesOf(bedrock: BedrockClient) {
  const found = [];
  for await (const page of paginateListInferenceProfiles({ client: bedrock }, {})) {
    found.push(page.inferenceProfileSummaries ?? []);
  }
  return found;
}

beforeAll(async () => {
  aws = await startLocalAws();
});
afterEach(async () => {
  for (const made of clients.splice(0)) made.destroy();
  await control(aws, 'DELETE', 'catalogue');
  await control(aws, 'DELETE', 'profiles');
});
afterAll(() => aws.close());

describe('bedrock, called by the SDK client', () => {
  it('lists models with every documented field', async () => {
    const { modelSummaries = [] } = await client().send(new ListFoundationModelsCommand({}));
    const opus = modelSummaries.find((one) => one.modelId === 'anthropic.claude-opus-4-1-20250805-v1:0');
    expect(opus).toEqual({
      modelArn: 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-1-20250805-v1:0',
      modelId: 'anthropic.claude-opus-4-1-20250805-v1:0',
      modelName: 'Claude Opus 4.1',
      providerName: 'Anthropic',
      inputModalities: expect.arrayContaining(['TEXT']),
      outputModalities: ['TEXT'],
      responseStreamingSupported: true,
      customizationsSupported: [],
      inferenceTypesSupported: ['INFERENCE_PROFILE'],
      modelLifecycle: {
        status: 'LEGACY',
        legacyTime: new Date('2026-07-08'),
        publicExtendedAccessTime: new Date('2026-10-08'),
        endOfLifeTime: new Date('2027-01-08'),
      },
    });
  });

  it('lists profiles over several pages, each profile once, with destinations as model ARNs', async () => {
    const pages = await profilesOf(client());
    expect(pages.length).toBeGreaterThan(1);
    const all = pages.flat();
    expect(new Set(all.map((one) => one.inferenceProfileId)).size).toBe(all.length);
    const lite = 'amazon.nova-lite-v1:0';
    expect(all.find((one) => one.inferenceProfileId === `us.${lite}`)).toMatchObject({
      inferenceProfileArn: `arn:aws:bedrock:us-east-1:111111111111:inference-profile/us.${lite}`,
      status: 'ACTIVE',
      type: 'SYSTEM_DEFINED',
      models: ['us-east-1', 'us-east-2', 'us-west-2'].map((region) => ({
        modelArn: `arn:aws:bedrock:${region}::foundation-model/${lite}`,
      })),
    });
  });

  it('gives a global profile the ARN of the source and one without a region', async () => {
    const id = 'global.amazon.nova-2-lite-v1:0';
    const profile = await client('eu-west-1').send(
      new GetInferenceProfileCommand({ inferenceProfileIdentifier: id }),
    );
    expect(profile.models).toEqual([
      { modelArn: 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-2-lite-v1:0' },
      { modelArn: 'arn:aws:bedrock:::foundation-model/amazon.nova-2-lite-v1:0' },
    ]);
    const arn = profile.inferenceProfileArn;
    const again = await client('eu-west-1').send(
      new GetInferenceProfileCommand({ inferenceProfileIdentifier: arn }),
    );
    expect(again.inferenceProfileId).toBe(id);
    await expect(
      client('us-east-1').send(new GetInferenceProfileCommand({ inferenceProfileIdentifier: arn })),
    ).rejects.toThrow(ResourceNotFoundException);
  });

  it('has no application profiles, and refuses bad tokens, sizes and types', async () => {
    const list = (input: object) => client().send(new ListInferenceProfilesCommand(input));
    expect((await list({ typeEquals: 'APPLICATION' })).inferenceProfileSummaries).toEqual([]);
    const { nextToken } = await list({ maxResults: 1 });
    for (const bad of [
      { nextToken: 'no' },
      { nextToken, typeEquals: 'SYSTEM_DEFINED' },
      { maxResults: 0 },
      { maxResults: 1_001 },
      { typeEquals: 'ANY' },
    ]) {
      await expect(list(bad), JSON.stringify(bad)).rejects.toThrow(ValidationException);
    }
  });

  it('loses and doubles nothing when a profile goes between two pages', async () => {
    const whole = (await profilesOf(client())).flat().map((one) => one.inferenceProfileId);
    const first = await client().send(new ListInferenceProfilesCommand({ maxResults: 10 }));
    const gone = first.inferenceProfileSummaries?.[3]?.inferenceProfileId;
    await control(aws, 'PATCH', 'profiles', { region: 'us-east-1', profileId: gone, offered: false });
    const rest = await client().send(
      new ListInferenceProfilesCommand({ maxResults: 1_000, nextToken: first.nextToken }),
    );
    const seen = [...(first.inferenceProfileSummaries ?? []), ...(rest.inferenceProfileSummaries ?? [])];
    expect(seen.map((one) => one.inferenceProfileId)).toEqual(whole);
  });

  it('answers availability per account, region and model, and 404 for a model that nobody knows', async () => {
    const ask = (region: string, account: string, modelId: string) =>
      client(region, account).send(new GetFoundationModelAvailabilityCommand({ modelId }));
    const modelId = 'amazon.nova-lite-v1:0';
    const fine = {
      modelId,
      agreementAvailability: { status: 'AVAILABLE' },
      authorizationStatus: 'AUTHORIZED',
      entitlementAvailability: 'AVAILABLE',
      regionAvailability: 'AVAILABLE',
    };
    await control(aws, 'PATCH', 'catalogue', [
      {
        region: 'us-east-1',
        account: '222222222222',
        modelId,
        authorizationStatus: 'NOT_AUTHORIZED',
        agreementAvailability: 'PENDING',
      },
    ]);
    expect(await ask('us-east-1', '111111111111', modelId)).toMatchObject(fine);
    expect(await ask('us-east-1', '222222222222', modelId)).toMatchObject({
      ...fine,
      authorizationStatus: 'NOT_AUTHORIZED',
      agreementAvailability: { status: 'PENDING' },
    });
    expect(await ask('ap-northeast-3', '111111111111', modelId)).toMatchObject({
      ...fine,
      regionAvailability: 'NOT_AVAILABLE',
    });
    for (const unknown of ['nobody.knows-it', `us.${modelId}`]) {
      await expect(ask('us-east-1', '111111111111', unknown)).rejects.toThrow(ResourceNotFoundException);
    }
  });

  it('offers a model, a profile and a region that stand in no data file once it is told so', async () => {
    const region = 'eu-new-9';
    const modelId = 'acme.thinker-v9:0';
    await control(aws, 'PATCH', 'catalogue', {
      region,
      modelId,
      offered: true,
      inferenceTypes: ['INFERENCE_PROFILE'],
    });
    const modelArns = [`arn:aws:bedrock:${region}::foundation-model/${modelId}`];
    await control(aws, 'PATCH', 'profiles', { region, profileId: `eu.${modelId}`, modelArns });
    const models = await client(region).send(new ListFoundationModelsCommand({}));
    expect(models.modelSummaries).toMatchObject([
      { modelId, inferenceTypesSupported: ['INFERENCE_PROFILE'] },
    ]);
    const profiles = (await profilesOf(client(region))).flat();
    expect(profiles).toMatchObject([
      { inferenceProfileId: `eu.${modelId}`, models: [{ modelArn: modelArns[0] }] },
    ]);
  });
});
