/**
 * Credentials per account: the gateway's own, or those of the access role that it assumes in another account.
 *
 * They are fetched once for all callers that wait, kept while they are valid even when STS fails, refreshed in the
 * background before they end, and given up on within a second: no account's trouble may hold up another's requests.
 */
import type { AwsCredentials } from './sigv4-signer.ts';

export interface AccountCredentials {
  /**
   * No promise where they are known. Rejects with an Error that says why there are none, or with the signal's reason when
   * it aborts first.
   */
  load(account: string, signal: AbortSignal): AwsCredentials | Promise<AwsCredentials>;
  /** The service refused them: the next `load` fetches new ones. */
  forget(account: string): void;
}

export interface AccountCredentialsOptions {
  readonly ownAccount: string;
  /** The process's own credentials. */
  readonly own: () => Promise<AwsCredentials>;
  /** AssumeRole in another account. The signal ends it at the deadline. */
  readonly assume: (account: string, signal: AbortSignal) => Promise<AwsCredentials>;
  /** Epoch milliseconds. */
  readonly now?: (() => number) | undefined;
  /** How long a call waits for credentials. @default 1000 */
  readonly waitMsMax?: number | undefined;
}

const WAIT_MS_MAX = 1_000;
/** Refreshed from here on, while the old ones still serve. */
const REFRESH_BEFORE_MS = 5 * 60_000;
/** Not used any more: a request signed now must still be valid when it arrives. */
const UNUSABLE_BEFORE_MS = 10_000;
/** After a failure the next attempt waits: doubled for each failure in a row, so that a dead STS costs requests nothing. */
const BACKOFF_MS_MIN = 1_000;
const BACKOFF_MS_MAX = 10_000;

interface AccountState {
  credentials?: AwsCredentials | undefined;
  flight?: Promise<AwsCredentials> | undefined;
  failures: number;
  retryAt: number;
  lastError?: unknown;
}

export function createAccountCredentials(options: AccountCredentialsOptions): AccountCredentials {
  return new CredentialsBook(options);
}

class CredentialsBook implements AccountCredentials {
  readonly #options: AccountCredentialsOptions;
  readonly #now: () => number;
  readonly #states = new Map<string, AccountState>();

  constructor(options: AccountCredentialsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  load(account: string, signal: AbortSignal): AwsCredentials | Promise<AwsCredentials> {
    const state = this.#stateOf(account);
    const { credentials } = state;
    if (credentials !== undefined && remainingMs(credentials, this.#now()) > UNUSABLE_BEFORE_MS) {
      this.#refreshInTime(account, credentials);
      return credentials;
    }
    if (state.flight === undefined && this.#now() < state.retryAt) return Promise.reject(state.lastError);
    return unlessAborted(this.#fetchOnce(account), signal);
  }

  forget(account: string): void {
    this.#stateOf(account).credentials = undefined;
  }

  #stateOf(account: string): AccountState {
    const known = this.#states.get(account);
    if (known !== undefined) return known;
    const state: AccountState = { failures: 0, retryAt: 0 };
    this.#states.set(account, state);
    return state;
  }

  #refreshInTime(account: string, credentials: AwsCredentials): void {
    const isDue = remainingMs(credentials, this.#now()) < REFRESH_BEFORE_MS;
    // Its failure is kept for those who come when nothing valid is left.
    if (isDue && this.#now() >= this.#stateOf(account).retryAt)
      this.#fetchOnce(account).catch(() => undefined);
  }

  /** One fetch for everybody who needs these credentials now. */
  #fetchOnce(account: string): Promise<AwsCredentials> {
    const state = this.#stateOf(account);
    state.flight ??= this.#fetch(account).then(
      (credentials) => {
        Object.assign(state, {
          credentials,
          flight: undefined,
          failures: 0,
          retryAt: 0,
          lastError: undefined,
        });
        return credentials;
      },
      (error: unknown) => {
        const backoffMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** state.failures);
        const failures = state.failures + 1;
        Object.assign(state, {
          flight: undefined,
          failures,
          retryAt: this.#now() + backoffMs,
          lastError: error,
        });
        throw error;
      },
    );
    return state.flight;
  }

  async #fetch(account: string): Promise<AwsCredentials> {
    const { ownAccount, own, assume, waitMsMax = WAIT_MS_MAX } = this.#options;
    const deadline = new AbortController();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const error = new Error(`credentials did not arrive within ${waitMsMax} ms`);
      deadline.abort(error);
      late.reject(error);
    }, waitMsMax);
    try {
      return await Promise.race([
        account === ownAccount ? own() : assume(account, deadline.signal),
        late.promise,
      ]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function remainingMs(credentials: AwsCredentials, at: number): number {
  return credentials.expiration === undefined
    ? Number.POSITIVE_INFINITY
    : credentials.expiration.getTime() - at;
}

/** Leaves the shared fetch running when one of its callers goes. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
