/** What a token says of itself, before anything of it is believed. */
interface TokenPeek {
  readonly issuer: string;
  readonly audiences: readonly string[];
}

/** What is pinned: a token that says otherwise is invalid. */
export interface TokenExpectation {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
}

/** A JSON Web Key Set (RFC 7517) as it came: public keys. */
export interface KeySet {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** Signatures of tokens (RFC 7519). No network: the public keys are handed in. */
export interface TokenVerifier {
  /** Undefined for a text that is no token. */
  peek(token: string): TokenPeek | undefined;
  /**
   * The claims of a token that is signed by one of the keys, says what is expected and is valid at `at` (30 s of skew
   * allowed); a token without an end is invalid. `unknown-key`: none of the keys is the one that it names.
   */
  verify(
    token: string,
    expected: TokenExpectation,
    use: { readonly keySet: KeySet; readonly at: number },
  ): Promise<Readonly<Record<string, unknown>> | 'invalid' | 'unknown-key'>;
}
