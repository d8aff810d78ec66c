/** SDK errors in the house's own words: the one place that knows AWS's names for what goes wrong. */
import { type ErrorCode, houseError } from '#core/errors/catalogue.ts';
import { isHouseError } from '#core/errors/house-error.ts';

const CODE_OF_NAME: ReadonlyMap<string, ErrorCode> = new Map([
  ['ThrottlingException', 'throttled'],
  ['Throttling', 'throttled'],
  ['TooManyRequestsException', 'throttled'],
  ['RequestLimitExceeded', 'throttled'],
  ['LimitExceededException', 'throttled'],
  ['ProvisionedThroughputExceededException', 'throttled'],
  ['SlowDown', 'throttled'],
  ['RequestThrottled', 'throttled'],
  ['AccessDeniedException', 'access_denied'],
  ['AccessDenied', 'access_denied'],
  ['UnauthorizedOperation', 'access_denied'],
  ['ExpiredTokenException', 'credentials_unavailable'],
  ['ExpiredToken', 'credentials_unavailable'],
  ['UnrecognizedClientException', 'credentials_unavailable'],
  ['InvalidClientTokenId', 'credentials_unavailable'],
  ['InvalidSignatureException', 'credentials_unavailable'],
  ['IncompleteSignature', 'credentials_unavailable'],
  ['CredentialsProviderError', 'credentials_unavailable'],
  ['ResourceNotFoundException', 'resource_missing'],
  ['NoSuchResourceException', 'resource_missing'],
  ['NoSuchBucket', 'resource_missing'],
  ['QueueDoesNotExist', 'resource_missing'],
  ['ConditionalCheckFailedException', 'condition_lost'],
  ['ReplicatedWriteConflictException', 'condition_lost'],
  ['TimeoutError', 'timed_out'],
  ['AbortError', 'timed_out'],
  ['SyntaxError', 'answer_malformed'],
]);

/** What Node and the SDK call a connection that did not come about or broke off. */
const NETWORK_CODES =
  /^(ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR|CERT_|ERR_TLS|HPE_)/;

/** `call` is AWS's operation, for people. Errors that are none of AWS's (our own mistakes) come back unchanged. */
export function toHouseError(error: unknown, call: string): unknown {
  if (isHouseError(error) || !(error instanceof Error)) return error;
  const { name, message } = error;
  const httpStatus = statusOf(error);
  // The SDK calls a reset connection a TimeoutError: the socket's own code knows better.
  const code =
    codeOfConnection(error) ?? CODE_OF_NAME.get(name) ?? codeOfKey(name) ?? codeOfStatus(httpStatus);
  if (code === undefined) return error;
  const facts = { operation: call, errorName: name, ...(httpStatus === undefined ? {} : { httpStatus }) };
  return houseError(code, { message: `${call}: ${name}: ${message}`, facts, cause: error });
}

/** Runs an SDK call and throws HouseErrors only, programmer errors aside. */
export async function translated<T>(call: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toHouseError(error, call);
  }
}

function codeOfConnection(error: Error): ErrorCode | undefined {
  const code: unknown = 'code' in error ? error.code : undefined;
  const cause: unknown = error.cause;
  if (typeof code === 'string' && NETWORK_CODES.test(code)) return 'upstream_unavailable';
  return cause instanceof Error ? codeOfConnection(cause) : undefined;
}

/** What services say when a key of ours cannot be used: disabled, about to go, or closed to the caller. */
function codeOfKey(name: string): ErrorCode | undefined {
  if (!/^kms/i.test(name)) return undefined;
  return /throttl/i.test(name) ? 'throttled' : 'access_denied';
}

function codeOfStatus(status: number | undefined): ErrorCode | undefined {
  if (status === undefined) return undefined;
  if (status === 429) return 'throttled';
  if (status === 403) return 'access_denied';
  if (status >= 500) return 'upstream_unavailable';
  return status >= 400 ? 'upstream_rejected' : 'answer_malformed';
}

function statusOf(error: Error): number | undefined {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  const { httpStatusCode } = metadata;
  return typeof httpStatusCode === 'number' ? httpStatusCode : undefined;
}
