import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { storeError } from './store-error.ts';

/** What the stand-in can compute. The SDK's own choice is CRC32. */
export type ChecksumAlgorithm = 'CRC32' | 'SHA1' | 'SHA256';

/** A checksum as S3 keeps it beside an object. `COMPOSITE` is one over the checksums of parts. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

const algorithms: readonly ChecksumAlgorithm[] = ['CRC32', 'SHA1', 'SHA256'];
const notComputed = ['CRC32C', 'CRC64NVME', 'SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128'];

type Members = Readonly<Record<string, unknown>>;

/** Checksums as members of inputs and outputs: `ChecksumCRC32`, ... */
export const checksumMembers = algorithms.map((algorithm) => `Checksum${algorithm}`);

/** The base64 checksum of bytes. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  if (algorithm !== 'CRC32') return createHash(algorithm).update(bytes).digest('base64');
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc32(bytes));
  return digest.toString('base64');
}

/** Checks a body against every checksum that came with it, and answers the one to keep. Throws BadDigest. */
export function checkBody(given: object, body: Uint8Array): Checksum {
  const input = given as Members;
  const md5 = input.ContentMD5;
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64')) {
    throw storeError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const algorithm = givenAlgorithm(input) ?? 'CRC32';
  const value = checksumOf(algorithm, body);
  const wanted = input[`Checksum${algorithm}`];
  if (wanted !== undefined && wanted !== value) {
    throw storeError(
      'BadDigest',
      `The ${algorithm} you specified did not match the calculated checksum: ${wanted} is not ${value}.`,
    );
  }
  return { algorithm, value, type: 'FULL_OBJECT' };
}

function givenAlgorithm(input: Members): ChecksumAlgorithm | undefined {
  const other = notComputed.find((name) => input[`Checksum${name}`] !== undefined);
  if (other !== undefined) throw storeError('NotImplemented', `The local AWS does not compute ${other}.`);
  const given = algorithms.filter((algorithm) => input[`Checksum${algorithm}`] !== undefined);
  if (given.length > 1) throw storeError('InvalidRequest', 'Expecting a single x-amz-checksum- header.');
  return given[0] ?? readAlgorithm(input.ChecksumAlgorithm);
}

/** The algorithm that a caller names; `undefined` where it names none. */
export function readAlgorithm(name: unknown): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined;
  const known = algorithms.find((algorithm) => algorithm === name);
  if (known === undefined) throw storeError('NotImplemented', `The local AWS does not compute ${name}.`);
  return known;
}

/** The checksum of checksums of an object that came in parts. */
export function compositeOf(algorithm: ChecksumAlgorithm, parts: readonly string[]): Checksum {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
  return { algorithm, value: `${checksumOf(algorithm, bytes)}-${parts.length}`, type: 'COMPOSITE' };
}

/** A checksum as members of an output. */
export function shownChecksum({ algorithm, value, type }: Checksum): Record<string, string> {
  return { [`Checksum${algorithm}`]: value, ChecksumType: type };
}
