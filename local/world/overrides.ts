import type { Lifecycle } from './facts.ts';

/** What a control request says of one model in one region, for one account or for all of them. */
export interface ModelOverride {
  readonly region: string;
  readonly account?: string;
  readonly modelId: string;
  readonly offered?: boolean;
  readonly lifecycle?: Lifecycle;
  readonly inferenceTypes?: readonly string[];
  readonly authorizationStatus?: string;
  readonly agreementAvailability?: { readonly status: string; readonly errorMessage?: string };
  readonly entitlementAvailability?: string;
  readonly regionAvailability?: string;
  /** Listed, entitled, and refused when called: what a service control policy does. */
  readonly denied?: boolean;
  /** Features of a chat that it refuses in words, whatever its facts say. */
  readonly refuses?: readonly string[];
  /** Milliseconds that the first call with a schema waits for its grammar. */
  readonly grammarCompileMs?: number;
}

/** What a control request says of one inference profile in one source region. */
export interface ProfileOverride {
  readonly region: string;
  readonly account?: string;
  readonly profileId: string;
  readonly offered?: boolean;
  readonly modelArns?: readonly string[];
}

/** Key of an override: no account stands for all of them. */
export function overrideKey(region: string, account: string | undefined, id: string): string {
  return `${region}|${account ?? ''}|${id}`;
}
