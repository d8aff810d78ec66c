import { randomUUID } from 'node:crypto';
import type {
  AbortMultipartUploadCommandInput,
  CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommandInput,
  ListMultipartUploadsCommandInput,
  ListPartsCommandInput,
  UploadPartCommandInput,
} from '@aws-sdk/client-s3';
import type { CallContext, Operation } from '../../service.ts';
import type { Bucket, Buckets, Part, Upload } from './buckets.ts';
import { checkBody, checksumMembers, readAlgorithm, shownChecksum } from './checksums.ts';
import { completeUpload, uploadOf } from './complete-upload.ts';
import { encryptionOf, shownEncryption } from './encryption.ts';
import { checkKey, etagOf, headersOf, wholeSecond, writeMembers } from './object-operations.ts';
import { refuseOthers, storeError } from './store-error.ts';

/** Objects that come in parts. */
export function multipartOperations(buckets: Buckets): Record<string, Operation> {
  return {
    CreateMultipartUpload: (input: CreateMultipartUploadCommandInput, context) =>
      start(buckets.reach(input, context), input),
    UploadPart: (input: UploadPartCommandInput, context) =>
      takePart(uploadOf(buckets.reach(input, context), input), input, context),
    CompleteMultipartUpload: (input: CompleteMultipartUploadCommandInput, context) =>
      completeUpload(buckets.reach(input, context), input),
    AbortMultipartUpload: (input: AbortMultipartUploadCommandInput, context) => {
      refuseOthers(input, ['UploadId']);
      const bucket = buckets.reach(input, context);
      bucket.uploads.delete(uploadOf(bucket, input).id);
      return {};
    },
    ListParts: (input: ListPartsCommandInput, context) => listParts(buckets.reach(input, context), input),
    ListMultipartUploads: (input: ListMultipartUploadsCommandInput, context) =>
      listUploads(buckets.reach(input, context), input),
  };
}

function start(bucket: Bucket, input: CreateMultipartUploadCommandInput): unknown {
  refuseOthers(input, [...writeMembers, 'ChecksumType']);
  const key = input.Key ?? '';
  checkKey(key);
  const algorithm = readAlgorithm(input.ChecksumAlgorithm) ?? 'CRC32';
  const checksumType = input.ChecksumType ?? 'COMPOSITE';
  if (checksumType === 'FULL_OBJECT' && algorithm !== 'CRC32')
    throw storeError('InvalidRequest', `The FULL_OBJECT checksum type cannot be used with ${algorithm}.`);
  const id = randomUUID();
  const encryption = encryptionOf(bucket, input);
  const headers = headersOf(input);
  const startedAt = wholeSecond(bucket.now());
  bucket.uploads.set(id, {
    id,
    key,
    startedAt,
    headers,
    encryption,
    algorithm,
    checksumType,
    parts: new Map(),
  });
  return {
    Bucket: bucket.name,
    Key: key,
    UploadId: id,
    ChecksumAlgorithm: algorithm,
    ChecksumType: checksumType,
    ...shownEncryption(encryption),
  };
}

const partNumberMax = 10_000;

function takePart(upload: Upload, input: UploadPartCommandInput, { body }: CallContext): unknown {
  refuseOthers(input, ['UploadId', 'PartNumber', 'Body', 'ContentMD5', ...checksumMembers]);
  const number = input.PartNumber ?? 0;
  if (!(Number.isInteger(number) && number >= 1 && number <= partNumberMax))
    throw storeError(
      'InvalidArgument',
      `Part number must be an integer between 1 and ${partNumberMax}, inclusive`,
    );
  const given = checkBody(input, body);
  if (given.algorithm !== upload.algorithm)
    throw storeError('InvalidRequest', `Checksum type mismatch: the upload is ${upload.algorithm}.`);
  const part: Part = {
    body: Buffer.from(body),
    etag: etagOf(body),
    checksum: given,
    modifiedAt: wholeSecond(new Date()),
  };
  upload.parts.set(number, part);
  const { ChecksumType: _, ...checksum } = shownChecksum(given);
  return { ETag: part.etag, ...checksum, ...shownEncryption(upload.encryption) };
}

const pageMax = 1000;

function listParts(bucket: Bucket, input: ListPartsCommandInput): unknown {
  refuseOthers(input, ['UploadId', 'PartNumberMarker', 'MaxParts']);
  const { id, key, parts, algorithm, checksumType } = uploadOf(bucket, input);
  const marker = Number(input.PartNumberMarker ?? 0);
  const count = Math.min(input.MaxParts ?? pageMax, pageMax);
  const found = [...parts].filter(([number]) => number > marker).sort(([left], [right]) => left - right);
  const page = found.slice(0, count);
  return {
    Bucket: bucket.name,
    Key: key,
    UploadId: id,
    MaxParts: count,
    IsTruncated: found.length > count,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(page.at(-1)?.[0] ?? 0),
    ChecksumAlgorithm: algorithm,
    ChecksumType: checksumType,
    Parts: page.map(([number, { body, etag, checksum, modifiedAt }]) => {
      const { ChecksumType: _, ...shown } = shownChecksum(checksum);
      return { PartNumber: number, ETag: etag, Size: body.length, LastModified: modifiedAt, ...shown };
    }),
  };
}

function listUploads(bucket: Bucket, input: ListMultipartUploadsCommandInput): unknown {
  refuseOthers(input, ['Prefix']);
  const { Prefix = '' } = input;
  const found = [...bucket.uploads.values()].filter(({ key }) => key.startsWith(Prefix));
  return {
    Bucket: bucket.name,
    Prefix,
    IsTruncated: false,
    Uploads: found.map(({ id, key, startedAt }) => ({ UploadId: id, Key: key, Initiated: startedAt })),
  };
}
