/** What one run was told, call by call. The ports' types fit these shapes; core knows no port. */

/** A call's answer, or why there is none (an error's name, for people). */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: string };

/** One row of ListFoundationModels. Every field is an open string: SDK enums lag the service. */
export interface ModelListing {
  readonly modelId: string;
  /** `modelName` and `providerName` as AWS spells them, e.g. `Nova Lite` of `Amazon`; empty where it gives none. */
  readonly name: string;
  readonly provider: string;
  readonly inputModalities: readonly string[];
  readonly outputModalities: readonly string[];
  readonly streaming?: boolean | undefined;
  readonly inferenceTypes: readonly string[];
  readonly lifecycle: string;
  /** ISO 8601 UTC. */
  readonly endOfLifeTime?: string | undefined;
}

/** One row of ListInferenceProfiles, as its source region lists it. */
export interface ProfileListing {
  readonly profileId: string;
  readonly type: string;
  readonly status: string;
  readonly modelArns: readonly string[];
}

/** GetFoundationModelAvailability. */
export interface AvailabilityAnswer {
  readonly agreement: string;
  readonly authorization: string;
  readonly entitlement: string;
  readonly region: string;
}

/** DescribeEndpoint and DescribeInferenceComponent together. */
export interface EndpointAnswer {
  readonly status: string;
  readonly copiesInService: number;
  readonly copiesDesired: number;
}

/** One row of Service Quotas' ListServiceQuotas for Bedrock. */
export interface QuotaListing {
  /** A sentence for people, e.g. `On-demand model inference tokens per minute for Amazon Nova Micro`. */
  readonly name: string;
  /** Undefined where the row has none. */
  readonly value?: number | undefined;
}

/** A dedicated target that the configuration names in this account and region. */
export interface DedicatedName {
  readonly endpoint: string;
  readonly component?: string | undefined;
  /** The model name that its container serves. */
  readonly servedModel: string;
}

export interface RegionAnswers {
  readonly models: Answer<readonly ModelListing[]>;
  readonly profiles: Answer<readonly ProfileListing[]>;
  /** By base model id; a model that was not asked about is absent. Undefined inside: AWS answered 404. */
  readonly availability: ReadonlyMap<string, Answer<AvailabilityAnswer | undefined>>;
  /** By `dedicatedKey`. Undefined inside: no such endpoint. */
  readonly endpoints: ReadonlyMap<string, Answer<EndpointAnswer | undefined>>;
  /** All rows. Undefined: not asked in this run. */
  readonly quotas?: Answer<readonly QuotaListing[]> | undefined;
}

/** The key of a dedicated target's answer: `<endpoint>` or `<endpoint>:<component>`. */
export function dedicatedKey(name: Pick<DedicatedName, 'endpoint' | 'component'>): string {
  return name.component === undefined ? name.endpoint : `${name.endpoint}:${name.component}`;
}
