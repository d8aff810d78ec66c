/** Objects in one bucket of S3. What is written as it comes goes up in parts of a multipart upload. */
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { houseError } from '#core/errors/catalogue.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import type { ByteRange, ObjectStore, ObjectWriter } from '#usecases/ports/object-store.ts';
import { toHouseError, translated } from './to-house-error.ts';

export interface S3ObjectStoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Of one call; of a read's body until its next bytes. @default 20000 */
  readonly callMsMax?: number | undefined;
}

const CALL_MS_MAX = 20_000;
/** S3 takes no part below 5 MiB but the last one. */
const PART_BYTES = 8 * 1024 * 1024;
const DELETE_MAX = 1_000;

export function createS3ObjectStore(options: S3ObjectStoreOptions): ObjectStore {
  return new S3ObjectStore(options);
}

class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #callMsMax: number;

  constructor({ client, bucket, callMsMax = CALL_MS_MAX }: S3ObjectStoreOptions) {
    this.#client = client;
    this.#bucket = bucket;
    this.#callMsMax = callMsMax;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const call = new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: bytes });
    await translated('PutObject', () => this.#client.send(call, this.#limits()));
  }

  openWriter(key: string): ObjectWriter {
    return new PartWriter({
      client: this.#client,
      bucket: this.#bucket,
      key,
      limits: () => this.#limits(),
      putWhole: (bytes) => this.put(key, bytes),
    });
  }

  async read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | undefined> {
    const Range = range === undefined ? undefined : `bytes=${range.offset}-${range.offset + range.bytes - 1}`;
    const call = new GetObjectCommand({ Bucket: this.#bucket, Key: key, Range });
    // The signal ends a body too, which may take as long as its reader does.
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), this.#callMsMax);
    try {
      const { Body } = await this.#client.send(call, { abortSignal: stop.signal });
      return new ObjectBody(Body as Readable, this.#callMsMax);
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw toHouseError(error, 'GetObject');
    } finally {
      clearTimeout(timer);
    }
  }

  async list(prefix: string): Promise<readonly string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const call: ListObjectsV2Command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: prefix,
        ContinuationToken: token,
      });
      const page: { keys: string[]; next: string | undefined } = await translated(
        'ListObjectsV2',
        async () => {
          const { Contents = [], NextContinuationToken: next } = await this.#client.send(
            call,
            this.#limits(),
          );
          return { keys: Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key])), next };
        },
      );
      keys.push(...page.keys);
      token = page.next;
    } while (token !== undefined);
    return keys;
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += DELETE_MAX) {
      const Objects = keys.slice(start, start + DELETE_MAX).map((Key) => ({ Key }));
      const call = new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } });
      await translated('DeleteObjects', () => this.#client.send(call, this.#limits()));
    }
  }

  #limits(): { readonly abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(this.#callMsMax) };
  }
}

/** What an object holds, read once. Whoever stops, even before the first byte, frees its connection. */
class ObjectBody implements AsyncIterable<Uint8Array> {
  readonly #body: Readable;
  readonly #silenceMsMax: number;

  constructor(body: Readable, silenceMsMax: number) {
    this.#body = body;
    this.#silenceMsMax = silenceMsMax;
    // What breaks before anybody reads it would end the process; a reader is told all the same.
    body.on('error', () => undefined);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    const bytes = translatedBytes(this.#body);
    return {
      next: async () => {
        const timer = setTimeout(() => this.#body.destroy(silentTooLong()), this.#silenceMsMax);
        try {
          return await bytes.next();
        } finally {
          clearTimeout(timer);
        }
      },
      return: async () => {
        this.#body.destroy();
        await bytes.return(undefined);
        return { done: true, value: undefined };
      },
    };
  }
}

function silentTooLong(): Error {
  return Object.assign(new Error('no bytes came for too long'), { name: 'TimeoutError' });
}

async function* translatedBytes(body: Readable): AsyncGenerator<Uint8Array, undefined, undefined> {
  try {
    yield* body as AsyncIterable<Uint8Array>;
  } catch (error) {
    const known = toHouseError(error, 'GetObject');
    // A connection that was lost, or a checksum that does not match: the client has no names for them.
    if (isHouseError(known)) throw known;
    const message = 'GetObject: the object broke off on its way, or is not what was stored';
    throw houseError('upstream_unavailable', { message, facts: { operation: 'GetObject' }, cause: error });
  }
  return undefined;
}

interface PartWriterOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly limits: () => { readonly abortSignal: AbortSignal };
  readonly putWhole: (bytes: Uint8Array) => Promise<void>;
}

/** Holds one part. What fits into one is put whole, and costs one call. */
class PartWriter implements ObjectWriter {
  readonly #options: PartWriterOptions;
  #held = new Uint8Array(64 * 1024);
  #heldBytes = 0;
  #upload: string | undefined;
  readonly #parts: CompletedPart[] = [];

  constructor(options: PartWriterOptions) {
    this.#options = options;
  }

  async write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      const taken = rest.subarray(0, PART_BYTES - this.#heldBytes);
      this.#hold(taken);
      rest = rest.subarray(taken.length);
      if (this.#heldBytes === PART_BYTES) await this.#sendPart();
    }
  }

  async finish(): Promise<void> {
    if (this.#upload === undefined) return this.#options.putWhole(this.#held.subarray(0, this.#heldBytes));
    if (this.#heldBytes > 0) await this.#sendPart();
    const { client } = this.#options;
    const call = new CompleteMultipartUploadCommand({
      ...this.#place(),
      MultipartUpload: { Parts: this.#parts },
    });
    await translated('CompleteMultipartUpload', () => client.send(call, this.#options.limits()));
  }

  async abandon(): Promise<void> {
    if (this.#upload === undefined) return;
    const { client } = this.#options;
    await client
      .send(new AbortMultipartUploadCommand(this.#place()), this.#options.limits())
      // The bucket's own rule removes uploads that nobody finished.
      .catch(() => undefined);
  }

  #hold(bytes: Uint8Array): void {
    const needed = this.#heldBytes + bytes.length;
    if (needed > this.#held.length) {
      const grown = new Uint8Array(Math.min(PART_BYTES, Math.max(needed, 2 * this.#held.length)));
      grown.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = grown;
    }
    this.#held.set(bytes, this.#heldBytes);
    this.#heldBytes = needed;
  }

  async #sendPart(): Promise<void> {
    const { client, bucket, key, limits } = this.#options;
    this.#upload ??= await translated('CreateMultipartUpload', async () => {
      const { UploadId } = await client.send(
        new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }),
        limits(),
      );
      return UploadId;
    });
    const PartNumber = this.#parts.length + 1;
    const Body = this.#held.subarray(0, this.#heldBytes);
    const call = new UploadPartCommand({ ...this.#place(), PartNumber, Body });
    const { ETag } = await translated('UploadPart', () => client.send(call, limits()));
    this.#parts.push({ PartNumber, ETag });
    this.#heldBytes = 0;
  }

  #place() {
    const { bucket, key } = this.#options;
    return { Bucket: bucket, Key: key, UploadId: this.#upload };
  }
}
