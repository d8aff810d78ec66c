import { createHash } from 'node:crypto';
import type { CompletedPart, CompleteMultipartUploadCommandInput } from '@aws-sdk/client-s3';
import type { Bucket, Part, StoredObject, Upload } from './buckets.ts';
import { type Checksum, checksumMembers, checksumOf, compositeOf, shownChecksum } from './checksums.ts';
import { checkWrite } from './conditions.ts';
import { shownEncryption } from './encryption.ts';
import { versionMembers, wholeSecond } from './object-operations.ts';
import { refuseOthers, storeError } from './store-error.ts';

/** The upload that a call is about. Throws NoSuchUpload (404). */
export function uploadOf(
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

/** Makes one object of the parts that the caller names, in their order. */
export function completeUpload(bucket: Bucket, input: CompleteMultipartUploadCommandInput): unknown {
  const conditions = ['IfMatch', 'IfNoneMatch', 'MpuObjectSize'];
  refuseOthers(input, ['UploadId', 'MultipartUpload', 'ChecksumType', ...checksumMembers, ...conditions]);
  const upload = uploadOf(bucket, input);
  const parts = chosenParts(upload, input.MultipartUpload?.Parts ?? []);
  checkWrite(bucket.get(upload.key), input);
  const object = { ...join(upload, parts, bucket.now()), ...versionMembers(bucket) };
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

function join(upload: Upload, parts: readonly Part[], now: Date): StoredObject {
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
  return { key, body, etag, modifiedAt: wholeSecond(now), headers, encryption, checksum };
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
