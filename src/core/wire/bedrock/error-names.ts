/**
 * core/wire/bedrock: Bedrock Runtime's own JSON and event streams, as callers speak them.
 *
 * Invariant: pure translation, and nothing of a Converse request is lost on the way to a Bedrock target. Errors carry
 * names that AWS's SDKs know, so that callers catch what they always caught. The folder owns no state.
 */

/**
 * AWS's name of each error code: what an SDK makes its exception of. Statuses stay Spillway's own, since SDKs choose
 * the exception by the name alone. Names are those of Bedrock Runtime's service model; `UnknownOperationException` is
 * what AWS's front ends say of a path that no operation has.
 */
const names: Readonly<Record<string, string>> = {
  invalid_request: 'ValidationException',
  unknown_residency: 'ValidationException',
  residency_required: 'ValidationException',
  request_too_large: 'ValidationException',
  wrong_gateway_region: 'ValidationException',
  invalid_api_key: 'AccessDeniedException',
  principal_not_allowed: 'AccessDeniedException',
  operation_not_allowed: 'AccessDeniedException',
  residency_not_allowed: 'AccessDeniedException',
  model_not_allowed: 'AccessDeniedException',
  no_lawful_target: 'AccessDeniedException',
  not_found: 'UnknownOperationException',
  method_not_allowed: 'UnknownOperationException',
  operation_refused: 'ConflictException',
  model_not_found: 'ResourceNotFoundException',
  rate_limited: 'ThrottlingException',
  capacity_exhausted: 'ThrottlingException',
  budget_exhausted: 'ServiceQuotaExceededException',
  internal_error: 'InternalServerException',
  upstream_failed: 'ModelErrorException',
  stream_interrupted: 'ModelStreamErrorException',
  auth_unavailable: 'ServiceUnavailableException',
  not_ready: 'ServiceUnavailableException',
  deadline_exceeded: 'ModelTimeoutException',
};

/** By the status where a code is new: a caller's fault or ours. */
export function bedrockErrorName({
  code,
  status,
}: {
  readonly code: string;
  readonly status: number;
}): string {
  const known = Object.hasOwn(names, code) ? names[code] : undefined;
  return known ?? (status >= 500 ? 'InternalServerException' : 'ValidationException');
}

/** Exceptions that a stream can end in, as ConverseStream and InvokeModelWithResponseStream both know them. */
type StreamExceptionName =
  | 'modelStreamErrorException'
  | 'throttlingException'
  | 'serviceUnavailableException'
  | 'internalServerException'
  | 'validationException';

/** By outcome of the failure table. Every other break is one of the model's stream. */
const exceptionOfOutcome: ReadonlyMap<string, StreamExceptionName> = new Map([
  ['throttled', 'throttlingException'],
  ['quota-exceeded', 'throttlingException'],
  ['container-throttled', 'throttlingException'],
  ['model-not-ready', 'serviceUnavailableException'],
  ['service-unavailable', 'serviceUnavailableException'],
  ['container-unavailable', 'serviceUnavailableException'],
  ['server-error', 'internalServerException'],
  ['unclassified', 'internalServerException'],
  ['invalid-request', 'validationException'],
  ['context-too-long', 'validationException'],
]);

/** What a stream ends in that broke after its first content. */
export function streamExceptionName(outcome: string): StreamExceptionName {
  return exceptionOfOutcome.get(outcome) ?? 'modelStreamErrorException';
}
