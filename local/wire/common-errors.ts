/**
 * Errors that every AWS API may answer beside the ones its model lists, with their status
 * (AWS API references, section "Common Errors").
 */
export const commonErrorStatus: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AccessDeniedException: 403,
  ExpiredToken: 403,
  ExpiredTokenException: 403,
  IncompleteSignature: 403,
  InternalFailure: 500,
  InvalidClientTokenId: 403,
  InvalidSignatureException: 403,
  MissingAuthenticationToken: 403,
  MissingAuthenticationTokenException: 403,
  OptInRequired: 403,
  RequestEntityTooLargeException: 413,
  RequestExpired: 400,
  RequestTimeoutException: 408,
  SerializationException: 400,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  Throttling: 400,
  ThrottlingException: 400,
  UnknownOperationException: 404,
  UnrecognizedClientException: 403,
  ValidationError: 400,
  ValidationException: 400,
};
