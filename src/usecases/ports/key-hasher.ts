/** Keyed hashes under one pepper, which the port's adapter holds and never shows. */
export interface KeyHasher {
  /** Tells this pepper from another one, and says nothing of it: 12 lower-case hex digits. */
  readonly pepperId: string;
  /** HMAC-SHA-256 of the key's UTF-8 bytes under the pepper, as 64 lower-case hex digits. */
  hash(apiKey: string): string;
  /** True when `apiKey` has this hash. How long it takes depends on neither: no byte of either can be guessed by time. */
  matches(apiKey: string, hash: string): boolean;
}
