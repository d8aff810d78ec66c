/** Bedrock's control plane of one account and region, through the SDK's own client. */
import {
  type BedrockClient,
  type FoundationModelSummary,
  GetFoundationModelAvailabilityCommand,
  type InferenceProfileSummary,
  ListFoundationModelsCommand,
  ListInferenceProfilesCommand,
} from '@aws-sdk/client-bedrock';
import { houseError } from '#core/errors/catalogue.ts';
import type {
  ListedModel,
  ListedProfile,
  ModelAvailability,
  ModelCatalogue,
} from '#usecases/ports/model-catalogue.ts';
import { translated } from './to-house-error.ts';

const PAGE_SIZE = 100;
/** A service that never ends its pages must not keep a run for ever: 10,000 profiles are ten quotas' worth. */
const PAGES_MAX = 100;

export function createBedrockModelCatalogue(client: BedrockClient): ModelCatalogue {
  return {
    async listModels(signal) {
      const { modelSummaries = [] } = await translated('ListFoundationModels', () =>
        client.send(new ListFoundationModelsCommand({}), { abortSignal: signal }),
      );
      return modelSummaries.flatMap((row) => listedModel(row) ?? []);
    },
    async listProfiles({ applicationProfiles }, signal) {
      const system = await allPages(client, 'SYSTEM_DEFINED', signal);
      const application = applicationProfiles ? await allPages(client, 'APPLICATION', signal) : [];
      return [...system, ...application];
    },
    async loadAvailability(modelId, signal) {
      const call = new GetFoundationModelAvailabilityCommand({ modelId });
      try {
        const answer = await client.send(call, { abortSignal: signal });
        return availabilityOf(modelId, answer);
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
        return await translated('GetFoundationModelAvailability', () => Promise.reject(error));
      }
    },
  };
}

function listedModel(row: FoundationModelSummary): ListedModel | undefined {
  const { modelId, modelName, providerName, inputModalities, outputModalities, responseStreamingSupported } =
    row;
  if (modelId === undefined) return undefined;
  const endOfLifeTime = row.modelLifecycle?.endOfLifeTime?.toISOString();
  const legacyTime = row.modelLifecycle?.legacyTime?.toISOString();
  return {
    modelId,
    name: modelName ?? '',
    provider: providerName ?? '',
    inputModalities: inputModalities ?? [],
    outputModalities: outputModalities ?? [],
    ...(responseStreamingSupported === undefined ? {} : { streaming: responseStreamingSupported }),
    inferenceTypes: row.inferenceTypesSupported ?? [],
    lifecycle: row.modelLifecycle?.status ?? 'UNKNOWN',
    ...(endOfLifeTime === undefined ? {} : { endOfLifeTime }),
    ...(legacyTime === undefined ? {} : { legacyTime }),
  };
}

async function allPages(
  client: BedrockClient,
  type: 'SYSTEM_DEFINED' | 'APPLICATION',
  signal: AbortSignal,
): Promise<readonly ListedProfile[]> {
  const rows: ListedProfile[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const call = new ListInferenceProfilesCommand({
      typeEquals: type,
      maxResults: PAGE_SIZE,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    const answer = await translated('ListInferenceProfiles', () =>
      client.send(call, { abortSignal: signal }),
    );
    rows.push(...(answer.inferenceProfileSummaries ?? []).flatMap((row) => listedProfile(row) ?? []));
    nextToken = answer.nextToken;
    if (nextToken === undefined || nextToken === '') return rows;
  }
  throw houseError('answer_malformed', {
    message: `ListInferenceProfiles: more than ${PAGES_MAX} pages`,
    facts: { operation: 'ListInferenceProfiles', errorName: 'EndlessPages' },
  });
}

function listedProfile(row: InferenceProfileSummary): ListedProfile | undefined {
  const { inferenceProfileId, type, status, models } = row;
  if (inferenceProfileId === undefined) return undefined;
  return {
    profileId: inferenceProfileId,
    type: type ?? '',
    status: status ?? 'ACTIVE',
    // A destination without an ARN is unknown, and must not be lost: it makes the whole reach unknown.
    modelArns: (models ?? []).map((model) => model.modelArn ?? ''),
  };
}

function availabilityOf(
  modelId: string,
  answer: {
    readonly agreementAvailability?:
      | { readonly status?: string | undefined; readonly errorMessage?: string | undefined }
      | undefined;
    readonly authorizationStatus?: string | undefined;
    readonly entitlementAvailability?: string | undefined;
    readonly regionAvailability?: string | undefined;
  },
): ModelAvailability {
  const { agreementAvailability, authorizationStatus, entitlementAvailability, regionAvailability } = answer;
  const fields = [
    agreementAvailability?.status,
    authorizationStatus,
    entitlementAvailability,
    regionAvailability,
  ];
  const [agreement, authorization, entitlement, region] = fields;
  if (
    agreement === undefined ||
    authorization === undefined ||
    entitlement === undefined ||
    region === undefined
  ) {
    // A field that is left out says neither yes nor no, and a guess in either direction would change routes.
    throw houseError('answer_malformed', {
      message: `GetFoundationModelAvailability: the answer for ${modelId} lacks a field`,
      facts: { operation: 'GetFoundationModelAvailability', errorName: 'IncompleteAnswer' },
    });
  }
  const agreementMessage = agreementAvailability?.errorMessage;
  return {
    modelId,
    agreement,
    ...(agreementMessage === undefined ? {} : { agreementMessage }),
    authorization,
    entitlement,
    region,
  };
}
