/** What Lambda itself answers a call with, before any function has seen it. */
export class LambdaError extends Error {
  readonly status: number;
  /** Lambda's word for why it throttled, where it did. */
  reason: string | undefined;

  constructor(name: string, status: number, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

export const functionMissing = (arn: string): LambdaError =>
  new LambdaError('ResourceNotFoundException', 404, `Function not found: ${arn}`);

export const requestTooLarge = (bytes: number, bytesMax: number): LambdaError =>
  new LambdaError(
    'RequestTooLargeException',
    413,
    `${bytes} byte payload is too large for the Invoke operation (limit ${bytesMax} bytes)`,
  );

export const invalidParameter = (message: string): LambdaError =>
  new LambdaError('InvalidParameterValueException', 400, message);

/** @param ofFunction whether the function's own reserved concurrency is used up, or what its account shares */
export function tooManyRequests(ofFunction: boolean): LambdaError {
  const reason = ofFunction
    ? 'ReservedFunctionConcurrentInvocationLimitExceeded'
    : 'ConcurrentInvocationLimitExceeded';
  return Object.assign(new LambdaError('TooManyRequestsException', 429, 'Rate Exceeded.'), { reason });
}
