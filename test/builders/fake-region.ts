/** Bedrock, SageMaker and Service Quotas of one account and region, as a test says: what is listed, what fails. */
import { houseError } from '#core/errors/catalogue.ts';
import type { EndpointInventory, EndpointStatus } from '#usecases/ports/endpoint-inventory.ts';
import type {
  ListedModel,
  ListedProfile,
  ModelAvailability,
  ModelCatalogue,
} from '#usecases/ports/model-catalogue.ts';
import type { QuotaInventory } from '#usecases/ports/quota-inventory.ts';

type FakeOperation = 'listModels' | 'listProfiles' | 'loadAvailability' | 'loadEndpoint' | 'listQuotas';

const QUOTA_PAGE_SIZE = 2;

export interface FakeRegion {
  readonly models: Map<string, ListedModel>;
  readonly profiles: Map<string, ListedProfile>;
  /** What differs from "all is well" for models that are listed, and what is said of those that are not. */
  readonly availability: Map<string, Partial<ModelAvailability> | 'missing'>;
  readonly endpoints: Map<string, EndpointStatus>;
  /** Values by the name of the quota, in the order in which pages of two hold them. */
  readonly quotas: Map<string, number>;
  /** Operations that fail, and how. */
  readonly failing: Map<FakeOperation, 'throttled' | 'timed_out' | 'access_denied' | 'hang'>;
  /** Lists that come back empty. */
  readonly emptied: Set<'listModels' | 'listProfiles' | 'listQuotas'>;
  readonly calls: string[];
  readonly catalogue: ModelCatalogue;
  readonly inventory: EndpointInventory;
  readonly quotaInventory: QuotaInventory;
}

export function plainModel(modelId: string, overrides: Partial<ListedModel> = {}): ListedModel {
  return {
    modelId,
    name: modelId,
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
  const quotas = new Map([['Batch inference job size (in GB)', 5]]);
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
  const quotaInventory: QuotaInventory = {
    listQuotas: async (token, signal) => {
      await enter('listQuotas', token ?? '', signal);
      const from = Number(token ?? 0);
      const rows = emptied.has('listQuotas') ? [] : [...quotas].map(([name, value]) => ({ name, value }));
      const next = from + QUOTA_PAGE_SIZE;
      return {
        quotas: rows.slice(from, next),
        ...(next < rows.length ? { nextToken: String(next) } : {}),
      };
    },
  };
  return {
    models,
    profiles,
    availability,
    endpoints,
    quotas,
    failing,
    emptied,
    calls,
    catalogue,
    inventory,
    quotaInventory,
  };
}
