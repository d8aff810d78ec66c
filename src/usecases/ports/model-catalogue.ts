/**
 * What Bedrock's control plane says in one account and region.
 *
 * Every method throws a HouseError (`throttled`, `access_denied`, `upstream_unavailable`, `timed_out`, ...) when the
 * API failed; it never answers an empty list for a failure. Fields are open strings: the SDK's enums lag the service.
 */
export interface ModelCatalogue {
  /** One page: this API has no paging. */
  listModels(signal: AbortSignal): Promise<readonly ListedModel[]>;
  /** All pages. A page that fails fails the whole. */
  listProfiles(
    options: { readonly applicationProfiles: boolean },
    signal: AbortSignal,
  ): Promise<readonly ListedProfile[]>;
  /** Undefined when AWS answers 404 for the model. */
  loadAvailability(modelId: string, signal: AbortSignal): Promise<ModelAvailability | undefined>;
}

export interface ListedModel {
  readonly modelId: string;
  /** As AWS spells it, e.g. `Nova Lite`; empty where it gives none. */
  readonly name: string;
  readonly provider: string;
  readonly inputModalities: readonly string[];
  readonly outputModalities: readonly string[];
  readonly streaming?: boolean | undefined;
  /** `ON_DEMAND`, `PROVISIONED`, `INFERENCE_PROFILE`, ... */
  readonly inferenceTypes: readonly string[];
  readonly lifecycle: string;
  /** ISO 8601 UTC. */
  readonly endOfLifeTime?: string | undefined;
  readonly legacyTime?: string | undefined;
}

export interface ListedProfile {
  readonly profileId: string;
  readonly type: string;
  readonly status: string;
  /** As listed in this source region; an ARN may have an empty region. */
  readonly modelArns: readonly string[];
}

export interface ModelAvailability {
  readonly modelId: string;
  readonly agreement: string;
  readonly agreementMessage?: string | undefined;
  readonly authorization: string;
  readonly entitlement: string;
  readonly region: string;
}
