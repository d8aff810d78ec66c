import { WireError } from '../../wire/wire-error.ts';

/**
 * Errors of S3 and their status ("List of error codes" of the API reference). The SDK's model lists a handful; all go
 * out as code and message.
 */
export const storeErrors = {
  BadDigest: 400,
  BucketAlreadyExists: 409,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  ConditionalRequestConflict: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IllegalLocationConstraintException: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidBucketState: 409,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  'KMS.NotFoundException': 400,
  MalformedXML: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchLifecycleConfiguration: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  NotModified: 304,
  ObjectLockConfigurationNotFoundError: 404,
  PermanentRedirect: 301,
  PreconditionFailed: 412,
  RequestTimeout: 400,
  RequestTimeTooSkewed: 403,
  SlowDown: 503,
  XAmzContentSHA256Mismatch: 400,
} as const;

export function storeError(code: keyof typeof storeErrors, message: string): WireError {
  return new WireError(code, storeErrors[code], message);
}

/** Refuses members that the operation would take without effect. */
export function refuseOthers(input: object, offered: readonly string[]): void {
  const other = Object.entries(input).find(
    ([name, value]) => value !== undefined && !isOffered(name, offered),
  );
  if (other !== undefined)
    throw storeError('NotImplemented', `The local AWS does not offer ${other[0]} here.`);
}

/** Where the members of every operation on a bucket stand apart from its own. */
const everywhere = ['Bucket', 'Key', 'ExpectedBucketOwner', 'ChecksumAlgorithm', 'ContentLength'];

function isOffered(name: string, offered: readonly string[]): boolean {
  return everywhere.includes(name) || offered.includes(name);
}
