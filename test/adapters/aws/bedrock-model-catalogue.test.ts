import { BedrockClient } from '@aws-sdk/client-bedrock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBedrockModelCatalogue } from '#adapters/aws/bedrock-model-catalogue.ts';
import { type LocalClients, openLocalClients } from '#test/builders/local-clients.ts';

let local: LocalClients;
beforeAll(async () => {
  local = await openLocalClients();
});
afterEach(() => local.control('DELETE', '/_local/faults'));
afterAll(() => local.close());

const lite = 'amazon.nova-lite-v1:0';
const { signal } = new AbortController();
const catalogue = (region = 'us-east-1') =>
  createBedrockModelCatalogue(new BedrockClient(local.settings(region)));
const fault = (rule: object) => local.control('PUT', '/_local/faults', [{ service: 'bedrock', ...rule }]);

describe('Bedrock’s catalogue', () => {
  it('lists models with their types and lifecycle, dates as ISO 8601', async () => {
    const models = await catalogue().listModels(signal);
    expect(models.find((model) => model.modelId === lite)).toMatchObject({
      inferenceTypes: expect.arrayContaining(['ON_DEMAND']),
      lifecycle: 'ACTIVE',
      inputModalities: expect.arrayContaining(['TEXT']),
    });
    const ending = models.flatMap((model) => model.endOfLifeTime ?? []);
    expect(ending.length).toBeGreaterThan(0);
    expect(ending.every((time) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(time))).toBe(true);
  });

  it('lists profiles of all pages, with the destinations of this source and the empty region of global ones', async () => {
    const profiles = await catalogue('eu-central-1').listProfiles({ applicationProfiles: false }, signal);
    const arns = profiles.find((profile) => profile.profileId === `eu.${lite}`)?.modelArns ?? [];
    expect(arns.length).toBeGreaterThan(1);
    expect(arns.every((arn) => arn.startsWith('arn:aws:bedrock:eu-'))).toBe(true);
    const global = profiles.find((profile) => profile.profileId.startsWith('global.'));
    expect(global?.modelArns.some((arn) => arn.startsWith('arn:aws:bedrock:::'))).toBe(true);
    expect(new Set(profiles.map((profile) => profile.type))).toEqual(new Set(['SYSTEM_DEFINED']));
  });

  it('tells access field by field, and undefined for a model that nobody knows', async () => {
    await local.control('PATCH', '/_local/catalogue', {
      region: 'us-west-2',
      modelId: lite,
      authorizationStatus: 'NOT_AUTHORIZED',
    });
    expect(await catalogue('us-west-2').loadAvailability(lite, signal)).toEqual({
      modelId: lite,
      agreement: 'AVAILABLE',
      authorization: 'NOT_AUTHORIZED',
      entitlement: 'AVAILABLE',
      region: 'AVAILABLE',
    });
    expect(await catalogue().loadAvailability('no.such-model-v1:0', signal)).toBeUndefined();
  });

  it.each([
    [{ kind: 'throttle' }, 'throttled'],
    [{ kind: 'error', error: 'AccessDeniedException' }, 'access_denied'],
    [{ kind: 'error', error: 'InternalServerException' }, 'upstream_unavailable'],
    [{ kind: 'refuse' }, 'upstream_unavailable'],
  ])('under the fault %j throws %s and never answers an empty list', async (rule, code) => {
    await fault(rule);
    await expect(catalogue().listModels(signal)).rejects.toMatchObject({ code });
    await expect(catalogue().listProfiles({ applicationProfiles: false }, signal)).rejects.toMatchObject({
      code,
    });
    await expect(catalogue().loadAvailability(lite, signal)).rejects.toMatchObject({ code });
  });

  it('calls once: the caller retries', async () => {
    await fault({ kind: 'throttle' });
    await local.control('DELETE', '/_local/journal');
    await expect(catalogue().listModels(signal)).rejects.toMatchObject({ code: 'throttled' });
    expect(await local.control('GET', '/_local/journal')).toHaveLength(1);
  });

  it('ends a hanging call when its signal aborts', async () => {
    await fault({ kind: 'hang' });
    await expect(catalogue().listModels(AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'timed_out',
    });
  });
});
