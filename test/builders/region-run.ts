/** Runs of discovery for tests of core/discovery: everything well unless a test says otherwise. */
import type {
  Answer,
  AvailabilityAnswer,
  EndpointAnswer,
  ModelListing,
  ProfileListing,
  QuotaListing,
} from '#core/discovery/answers.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import { observeRegion } from '#core/discovery/observe-region.ts';
import type { RegionRun } from '#core/discovery/run-context.ts';
import { geoProfile, plainModel } from '#test/builders/fake-region.ts';

export const runAccount = '111111111111';
export const runRegion = 'us-east-1';
export const lite = 'amazon.nova-lite-v1:0';
export const liteId = `${runAccount}/${runRegion}/${lite}`;
export const usLite = `us.${lite}`;
export const usLiteId = `${runAccount}/${runRegion}/${usLite}`;
const runStart = Date.UTC(2026, 7, 21);

export const good: AvailabilityAnswer = {
  agreement: 'AVAILABLE',
  authorization: 'AUTHORIZED',
  entitlement: 'AVAILABLE',
  region: 'AVAILABLE',
};

export const failed = (failure = 'ThrottlingException'): Answer<never> => ({ ok: false, failure });
export const answered = <T>(value: T): Answer<T> => ({ ok: true, value });

export interface RunChanges {
  readonly previous?: RegionObservations | undefined;
  readonly models?: Answer<readonly ModelListing[]>;
  readonly profiles?: Answer<readonly ProfileListing[]>;
  /** Of `lite`. @default - all well; null: not asked */
  readonly availability?: Answer<AvailabilityAnswer | undefined> | null;
  readonly endpoint?: Answer<EndpointAnswer | undefined>;
  /** @default - not asked */
  readonly quotas?: Answer<readonly QuotaListing[]>;
  readonly tracked?: readonly string[];
  readonly dedicated?: RegionRun['dedicated'];
  readonly at?: number;
}

/** Lists that hold another model too, so that they are never empty by accident. */
export const listing = (...models: readonly ModelListing[]): Answer<readonly ModelListing[]> =>
  answered([plainModel('other.model-v1:0'), ...models]);
export const profileListing = (...profiles: readonly ProfileListing[]): Answer<readonly ProfileListing[]> =>
  answered([geoProfile('us.other.model-v1:0', 'other.model-v1:0', ['us-east-1', 'us-west-2']), ...profiles]);

export function run(changes: RunChanges = {}): RegionObservations {
  const { previous, availability = answered(good), endpoint, tracked = [lite], dedicated = [] } = changes;
  return observeRegion({
    account: runAccount,
    region: runRegion,
    at: changes.at ?? (previous?.at ?? runStart) + 60_000,
    previous,
    tracked: new Set(tracked),
    dedicated,
    answers: {
      models: changes.models ?? listing(plainModel(lite)),
      profiles: changes.profiles ?? profileListing(geoProfile(usLite, lite, ['us-east-1', 'us-west-2'])),
      availability: availability === null ? new Map() : new Map([[lite, availability]]),
      endpoints: endpoint === undefined ? new Map() : new Map([['gpu', endpoint]]),
      quotas: changes.quotas,
    },
  });
}

export function targetOf(report: RegionObservations, id: string): Observation {
  const found = report.targets.find((target) => target.id === id);
  if (found === undefined) throw new Error(`${id} was not observed`);
  return found;
}
