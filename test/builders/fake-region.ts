/** Bedrock and SageMaker of one account and region, as a test says: what is listed, and what fails. */
import { houseError } from '#core/errors/catalogue.ts';
import type { EndpointInventory, EndpointStatus } from '#usecases/ports/endpoint-inventory.ts';
import type {
  ListedModel,
  ListedProfile,
  ModelAvailability,
  ModelCatalogue,
} from '#usecases/ports/model-catalogue.ts';

type FakeOperation = 'listModels' | 'listProfiles' | 'loadAvailability' | 'loadEndpoint';

export interface FakeRegion {
  readonly models: Map<string, ListedModel>;
  readonly profiles: Map<string, ListedProfile>;
  /** What differs from "all is well" for models that are listed, and what is said of those that are not. */
  readonly availability: Map<string, Partial<ModelAvailability> | 'missing'>;
  readonly endpoints: Map<string, EndpointStatus>;
  /** Operations that fail, and how. */
  readonly failing: Map<FakeOperation, 'throttled' | 'timed_out' | 'access_denied' | 'hang'>;
  /** Lists that come back empty. */
  readonly emptied: Set<'listModels' | 'listProfiles'>;
  readonly calls: string[];
  readonly catalogue: ModelCatalogue;
  readonly inventory: EndpointInventory;
}

export function plainModel(modelId: string, overrides: Partial<ListedModel> = {}): ListedModel {
  return {
    modelId,
    provider: 'Test',
    inputModalities: ['TEXT'],
    outputModalities: ['TEXT'],
    streaming: true,
    inferenceTypes: ['ON_DEMAND'],
    lifecycle: 'ACTIVE',
    ...overrides,
  };
}

/** A system-defined profile of `modelId` with these destinations; `''` is an ARN without a region. */
export function geoProfile(
  profileId: string,
  modelId: string,
  destinations: readonly string[],
): ListedProfile {
  return {
    profileId,
    type: 'SYSTEM_DEFINED',
    status: 'ACTIVE',
    modelArns: destinations.map((region) => `arn:aws:bedrock:${region}::foundation-model/${modelId}`),
  };
}

export function createFakeRegion(): FakeRegion {
  const models = new Map<string, ListedModel>();
  const profiles = new Map<string, ListedProfile>();
  const availability: FakeRegion['availability'] = new Map();
  const endpoints = new Map<string, EndpointStatus>();
  const failing: FakeRegion['failing'] = new Map();
  const emptied: FakeRegion['emptied'] = new Set();
  const calls: string[] = [];
  const enter = async (operation: FakeOperation, detail: string, signal: AbortSignal): Promise<void> => {
    calls.push(detail === '' ? operation : `${operation} ${detail}`);
    const failure = failing.get(operation);
    if (failure === undefined) return;
    if (failure !== 'hang') throw houseError(failure, { message: `${operation} fails in this test` });
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
  const catalogue: ModelCatalogue = {
    listModels: async (signal) => {
      await enter('listModels', '', signal);
      return emptied.has('listModels') ? [] : [...models.values()];
    },
    listProfiles: async (_options, signal) => {
      await enter('listProfiles', '', signal);
      return emptied.has('listProfiles') ? [] : [...profiles.values()];
    },
    loadAvailability: async (modelId, signal) => {
      await enter('loadAvailability', modelId, signal);
      const said = availability.get(modelId);
      if (said === 'missing') return undefined;
      const listed = models.has(modelId) || [...profiles.keys()].some((id) => id.endsWith(modelId));
      return {
        modelId,
        agreement: 'AVAILABLE',
        authorization: 'AUTHORIZED',
        entitlement: 'AVAILABLE',
        region: listed ? 'AVAILABLE' : 'NOT_AVAILABLE',
        ...said,
      };
    },
  };
  const inventory: EndpointInventory = {
    loadEndpoint: async (name, signal) => {
      await enter('loadEndpoint', name.endpoint, signal);
      return endpoints.get(name.endpoint);
    },
  };
  return { models, profiles, availability, endpoints, failing, emptied, calls, catalogue, inventory };
}
