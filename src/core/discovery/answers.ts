/** What one run was told, call by call. The ports' types fit these shapes; core knows no port. */

/** A call's answer, or why there is none (an error's name, for people). */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: string };

/** One row of ListFoundationModels. Every field is an open string: SDK enums lag the service. */
export interface ModelListing {
  readonly modelId: string;
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
}

/** The key of a dedicated target's answer: `<endpoint>` or `<endpoint>:<component>`. */
export function dedicatedKey(name: Pick<DedicatedName, 'endpoint' | 'component'>): string {
  return name.component === undefined ? name.endpoint : `${name.endpoint}:${name.component}`;
}
