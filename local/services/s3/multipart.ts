import { createHash, randomUUID } from 'node:crypto';
import type {
  AbortMultipartUploadCommandInput,
  CompletedPart,
  CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommandInput,
  ListMultipartUploadsCommandInput,
  ListPartsCommandInput,
  UploadPartCommandInput,
} from '@aws-sdk/client-s3';
import type { CallContext, Operation } from '../../service.ts';
import type { Bucket, Buckets, Part, StoredObject, Upload } from './buckets.ts';
import {
  type Checksum,
  checkBody,
  checksumMembers,
  checksumOf,
  compositeOf,
  readAlgorithm,
  shownChecksum,
} from './checksums.ts';
import { checkWrite } from './conditions.ts';
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
      complete(buckets.reach(input, context), input),
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
  const startedAt = wholeSecond(new Date());
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

function uploadOf(
  bucket: Bucket,
  { UploadId, Key }: { UploadId?: string | undefined; Key?: string | undefined },
): Upload {
  const upload = bucket.uploads.get(UploadId ?? '');
  if (upload !== undefined && upload.key === Key) return upload;
  throw storeError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  );
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

function complete(bucket: Bucket, input: CompleteMultipartUploadCommandInput): unknown {
  const conditions = ['IfMatch', 'IfNoneMatch', 'MpuObjectSize'];
  refuseOthers(input, ['UploadId', 'MultipartUpload', 'ChecksumType', ...checksumMembers, ...conditions]);
  const upload = uploadOf(bucket, input);
  const parts = chosenParts(upload, input.MultipartUpload?.Parts ?? []);
  checkWrite(bucket.get(upload.key), input);
  const object = join(upload, parts);
  checkWhole(object, input);
  bucket.put(object);
  bucket.uploads.delete(upload.id);
  return {
    Location: `/${bucket.name}/${upload.key}`,
    Bucket: bucket.name,
    Key: upload.key,
    ETag: object.etag,
    ...shownChecksum(object.checksum),
    ...shownEncryption(object.encryption),
  };
}

/** Every part but the last must have at least this. */
const partBytesMin = 5 * 1024 * 1024;

function chosenParts({ parts }: Upload, chosen: readonly CompletedPart[]): Part[] {
  if (chosen.length === 0) throw storeError('MalformedXML', 'CompleteMultipartUpload must name its parts.');
  const numbers = chosen.map(({ PartNumber = 0 }) => PartNumber);
  if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0)))
    throw storeError('InvalidPartOrder', 'The list of parts was not in ascending order.');
  const found = chosen.map((wish) => {
    const part = parts.get(wish.PartNumber ?? 0);
    if (part !== undefined && part.etag === quoted(wish.ETag) && sameChecksum(part.checksum, wish))
      return part;
    throw storeError(
      'InvalidPart',
      `Part ${wish.PartNumber} could not be found, or its entity tag or checksum differs.`,
    );
  });
  if (found.slice(0, -1).some(({ body }) => body.length < partBytesMin))
    throw storeError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  return found;
}

const quoted = (etag = ''): string => `"${etag.replaceAll('"', '')}"`;

function sameChecksum({ algorithm, value }: Checksum, wish: CompletedPart): boolean {
  const given = (wish as Readonly<Record<string, unknown>>)[`Checksum${algorithm}`];
  return given === undefined || given === value;
}

function join(upload: Upload, parts: readonly Part[]): StoredObject {
  const body = Buffer.concat(parts.map((part) => part.body));
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex')));
  const { key, headers, encryption, algorithm, checksumType } = upload;
  const checksum: Checksum =
    checksumType === 'FULL_OBJECT'
      ? { algorithm, value: checksumOf(algorithm, body), type: checksumType }
      : compositeOf(
          algorithm,
          parts.map((part) => part.checksum.value),
        );
  const etag = `"${createHash('md5').update(digests).digest('hex')}-${parts.length}"`;
  return { key, body, etag, modifiedAt: wholeSecond(new Date()), headers, encryption, checksum };
}

/** What the caller says of the whole must be so. */
function checkWhole({ body, checksum }: StoredObject, input: CompleteMultipartUploadCommandInput): void {
  const given = (input as unknown as Readonly<Record<string, unknown>>)[`Checksum${checksum.algorithm}`];
  const isSame =
    given === undefined || given === checksum.value || `${given}` === checksum.value.split('-')[0];
  if (!isSame) throw storeError('BadDigest', `The ${checksum.algorithm} you specified did not match.`);
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== body.length)
    throw storeError(
      'InvalidRequest',
      `x-amz-mp-object-size is ${input.MpuObjectSize}; the object has ${body.length}.`,
    );
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
