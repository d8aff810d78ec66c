/** What an account may ask of a model in a minute. */
export interface PoolQuota {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  /** Tokens of the quota that one token of output takes. */
  readonly outputBurndown: number;
}

/** What a call asks for, or has used. */
export interface PoolCall {
  readonly inputTokens: number;
  readonly outputTokensMax: number;
}

const MINUTE_MS = 60_000;

/**
 * The requests and tokens of one quota of Bedrock, which several targets may share: a call takes its input and the longest
 * answer that it allows when it begins; when it is over, it has taken input and burned-down output, and the rest comes back
 * (Bedrock User Guide, quotas-token-burndown). More output than was taken is owed: the level may fall below nothing.
 *
 * Assumed, since AWS does not say how a minute is measured: what is taken comes back evenly over a minute, and never more
 * than a minute’s worth is there.
 */
export class QuotaPool {
  readonly #quota: PoolQuota;
  #requests: number;
  #tokens: number;
  #atMs: number;

  constructor(quota: PoolQuota, startMs = 0) {
    this.#quota = quota;
    this.#requests = quota.requestsPerMinute;
    this.#tokens = quota.tokensPerMinute;
    this.#atMs = startMs;
  }

  /** False, and nothing is taken, where a request or the tokens are not there. */
  take(atMs: number, { inputTokens, outputTokensMax }: PoolCall): boolean {
    this.#refill(atMs);
    const tokens = inputTokens + outputTokensMax;
    if (this.#requests < 1 || this.#tokens < tokens) return false;
    this.#requests -= 1;
    this.#tokens -= tokens;
    return true;
  }

  /** A call that took is over. @param used its input without what was cached, and the output that it has */
  settle(
    atMs: number,
    taken: PoolCall,
    used: { readonly inputTokens: number; readonly outputTokens: number },
  ): void {
    this.#refill(atMs);
    const usedTokens = used.inputTokens + used.outputTokens * this.#quota.outputBurndown;
    const back = taken.inputTokens + taken.outputTokensMax - usedTokens;
    this.#tokens = Math.min(this.#quota.tokensPerMinute, this.#tokens + back);
  }

  /** Tokens that are there; below 0 while more was used than taken. */
  tokens(atMs: number): number {
    this.#refill(atMs);
    return this.#tokens;
  }

  #refill(atMs: number): void {
    const { requestsPerMinute, tokensPerMinute } = this.#quota;
    const minutes = (atMs - this.#atMs) / MINUTE_MS;
    this.#requests = Math.min(requestsPerMinute, this.#requests + requestsPerMinute * minutes);
    this.#tokens = Math.min(tokensPerMinute, this.#tokens + tokensPerMinute * minutes);
    this.#atMs = atMs;
  }
}
