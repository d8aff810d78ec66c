/** Who calls. Keys are secrets: an adapter keeps and compares hashes, and never logs a key. */
import type { FrontDoorPrincipal } from '#core/keys/principal.ts';

/**
 * By what a caller was known, to trace a leaked credential by: parts that are no secret and, of people, nothing that
 * names them. It stands in the log line of each request.
 */
export type Credential =
  /** A key of the table, with its public part. */
  | { readonly kind: 'key'; readonly keyId: string; readonly label: string }
  /** A key of the configuration, by the first twelve digits of its SHA-256. */
  | { readonly kind: 'configured-key'; readonly hashStart: string }
  /** `subjectMark`: a keyed hash, because a subject may be an address of a person. Absent without a pepper or subject. */
  | { readonly kind: 'token'; readonly issuer: string; readonly subjectMark?: string | undefined }
  /** `arn`: the configured role or user, without a session's name. */
  | { readonly kind: 'principal'; readonly arn: string };

export interface Tenant {
  readonly name: string;
  /** Names of residencies that the tenant may choose among; nothing in a request can widen them. */
  readonly residencies: readonly string[];
  readonly defaultResidency?: string | undefined;
  /** Logical models; `*` is all of the configuration. */
  readonly models: readonly string[];
  readonly credential?: Credential | undefined;
}

/** `unknown`: the directory is sure that nobody has this key. `unavailable`: it cannot tell now. */
export type Identity = Tenant | 'unknown' | 'unavailable';

export interface TenantDirectory {
  /** Never throws; an answer for a key that it knows needs no network, and may be no promise. */
  identify(apiKey: string): Identity | Promise<Identity>;
  /** Absent where the front door verifies no signatures: then a principal says nothing. */
  readonly identifyPrincipal?: ((principal: FrontDoorPrincipal) => Tenant | 'unknown') | undefined;
}
