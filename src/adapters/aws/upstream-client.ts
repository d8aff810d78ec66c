/** The data path's HTTP client: address, credentials, signature and exchange of one call, all from one target. */
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { Target, TargetKind } from '#core/target.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';
import type { AccountCredentials } from './account-credentials.ts';
import { type AwsCredentials, signUpstreamRequest } from './sigv4-signer.ts';
import { type UpstreamAddress, upstreamAddress } from './upstream-address.ts';
import { signalOfErrorAnswer } from './upstream-error-answer.ts';
import { exchange, type UpstreamAnswer } from './upstream-exchange.ts';
import { UpstreamPools } from './upstream-pools.ts';

interface UpstreamCall {
  readonly target: Target;
  /** Percent-encoded once. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connectMsMax: number;
  readonly traceparent?: string | undefined;
  readonly onSent?: (() => void) | undefined;
  readonly signal: AbortSignal;
}

export interface UpstreamClient {
  /** The answer of a call that succeeded (2xx). @throws UpstreamFailure otherwise, or the signal's reason */
  send(call: UpstreamCall): Promise<UpstreamAnswer>;
  /** Fetches the credentials that calls of the target's account will need. Sends the target nothing; never throws. */
  prepare(target: Target): void;
  /** Epoch milliseconds of the client's clock. */
  now(): number;
  /** Ends every connection; calls in flight and later ones fail. */
  close(): Promise<void>;
}

const upstreamServices = {
  bedrock: 'bedrock-runtime',
  sagemaker: 'sagemaker-runtime',
} as const satisfies Record<TargetKind, UpstreamSignal['service']>;

/** Error names that say the credentials or the signature, not the call, are wrong: these credentials serve no more. */
const credentialErrors = new Set([
  'ExpiredTokenException',
  'ExpiredToken',
  'RequestExpired',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'IncompleteSignature',
  'IncompleteSignatureException',
]);

interface UpstreamClientOptions {
  readonly credentials: AccountCredentials;
  /** One origin for every service and region, instead of AWS's own. */
  readonly endpoint?: string | undefined;
  readonly now?: (() => number) | undefined;
  readonly pools?: UpstreamPools | undefined;
}

export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  return new SigningClient(options);
}

const unending = new AbortController().signal;

class SigningClient implements UpstreamClient {
  readonly now: () => number;
  readonly #credentials: AccountCredentials;
  readonly #endpoint: string | undefined;
  readonly #pools: UpstreamPools;
  #closed = false;

  constructor({ credentials, endpoint, now = Date.now, pools = new UpstreamPools() }: UpstreamClientOptions) {
    this.now = now;
    this.#credentials = credentials;
    this.#endpoint = endpoint;
    this.#pools = pools;
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#pools.close();
  }

  prepare({ account }: Target): void {
    // What fails is told to the call that needs it.
    const loading = this.#credentials.load(account, unending);
    if (loading instanceof Promise) loading.catch(() => undefined);
  }

  async send(call: UpstreamCall): Promise<UpstreamAnswer> {
    if (this.#closed) {
      const service = upstreamServices[call.target.kind];
      throw new UpstreamFailure({
        service,
        kind: 'connect',
        phase: 'before',
        message: 'the client is closed',
      });
    }
    const address = upstreamAddress(call.target, this.#endpoint);
    const loading = this.#credentials.load(address.account, call.signal);
    const identity = loading instanceof Promise ? await explained(loading, address, call) : loading;
    const answer = await this.#exchange(call, address, identity);
    if (answer.status < 300) return answer;
    const failure = await this.#failureOf(answer, call);
    if (!credentialErrors.has(failure.signal.errorName ?? '')) throw failure;
    this.#credentials.forget(address.account);
    // Refused before anything was read: with other credentials it is the same one call. Never more than once.
    const fresh = await explained(this.#credentials.load(address.account, call.signal), address, call).catch(
      () => identity,
    );
    call.signal.throwIfAborted();
    if (isSame(fresh, identity)) throw failure;
    const second = await this.#exchange(call, address, fresh);
    if (second.status < 300) return second;
    throw await this.#failureOf(second, call);
  }

  async #failureOf(answer: UpstreamAnswer, { target, signal }: UpstreamCall): Promise<UpstreamFailure> {
    const told = await signalOfErrorAnswer(answer, upstreamServices[target.kind], this.now());
    signal.throwIfAborted();
    return new UpstreamFailure(told);
  }

  #exchange(call: UpstreamCall, address: UpstreamAddress, identity: AwsCredentials): Promise<UpstreamAnswer> {
    const service = upstreamServices[call.target.kind];
    const { path, body, connectMsMax, signal, onSent } = call;
    const headers = this.#signedHeaders(call, address, identity);
    const { dispatcher, release } = this.#pools.take(address.origin);
    const { origin } = address;
    return exchange({
      dispatcher,
      service,
      origin,
      path,
      headers,
      body,
      connectMsMax,
      signal,
      onSent,
      onEnd: release,
    });
  }

  #signedHeaders(
    call: UpstreamCall,
    address: UpstreamAddress,
    identity: AwsCredentials,
  ): Record<string, string> {
    const { path, headers, body } = call;
    const signed = signUpstreamRequest({ address, path, headers, body }, identity, new Date(this.now()));
    // Left out of the signature: what stands between may rewrite it.
    if (call.traceparent !== undefined) signed.traceparent = call.traceparent;
    return signed;
  }
}

function isSame(one: AwsCredentials, other: AwsCredentials): boolean {
  return one.accessKeyId === other.accessKeyId && one.sessionToken === other.sessionToken;
}

/** Says in whose name the call could not be signed. */
async function explained(
  loading: AwsCredentials | Promise<AwsCredentials>,
  address: UpstreamAddress,
  call: UpstreamCall,
): Promise<AwsCredentials> {
  try {
    return await loading;
  } catch (error) {
    call.signal.throwIfAborted();
    const service = upstreamServices[call.target.kind];
    const message = `no credentials for account ${address.account}: ${error instanceof Error ? error.message : error}`;
    throw new UpstreamFailure({ service, kind: 'credentials', phase: 'before', message }, error);
  }
}
