/** Who calls. Keys are secrets: an adapter keeps and compares hashes, and never logs a key. */
export interface Tenant {
  readonly name: string;
  /** The public part of the key that was shown; undefined for a key of the configuration. */
  readonly keyId?: string | undefined;
  /** Names of residencies that the tenant may choose among; nothing in a request can widen them. */
  readonly residencies: readonly string[];
  readonly defaultResidency?: string | undefined;
  /** Logical models; `*` is all of the configuration. */
  readonly models: readonly string[];
}

export interface TenantDirectory {
  /**
   * `unknown`: the directory is sure that nobody has this key. `unavailable`: it cannot tell now. Never throws; an
   * answer for a key that it knows needs no network.
   */
  identify(apiKey: string): Promise<Tenant | 'unknown' | 'unavailable'>;
}
