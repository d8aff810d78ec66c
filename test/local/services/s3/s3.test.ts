import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { callControl, clientOptions, credentialsOf, readJournal } from '#test/builders/local-test-server.ts';

const MiB = 1024 * 1024;
let aws: LocalAws;
let s3: S3Client;
let Bucket: string;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0, timeScale: 0 });
  s3 = new S3Client(clientOptions(aws));
  Bucket = await makeBucket();
});
afterAll(async () => {
  s3.destroy();
  await aws.close();
});

async function makeBucket(client = s3): Promise<string> {
  const name = `b-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: name }));
  return name;
}

const put = (Key: string, Body: string | Uint8Array) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));

async function read(Key: string, more: { Range?: string } = {}): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error) => error,
  );

describe('objects', () => {
  it('come back as they went in, with type, metadata, encryption and a checked checksum', async () => {
    const Key = 'a b/ü+&=?#.jsonl';
    const written = await s3.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: 'line\n',
        ContentType: 'application/jsonl',
        Metadata: { tenant: 'demo' },
      }),
    );
    expect(written).toMatchObject({ ChecksumCRC32: expect.any(String), ServerSideEncryption: 'AES256' });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('line\n');
    expect(got).toMatchObject({
      ContentType: 'application/jsonl',
      Metadata: { tenant: 'demo' },
      ETag: written.ETag,
    });
    expect(got.ChecksumCRC32).toBe(written.ChecksumCRC32);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ContentLength: 5, ETag: written.ETag, Metadata: { tenant: 'demo' } });
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    const gone = await Promise.all([
      refusal(s3.send(new GetObjectCommand({ Bucket, Key }))),
      refusal(s3.send(new HeadObjectCommand({ Bucket, Key }))),
    ]);
    expect(gone.map(({ name }) => name)).toEqual(['NoSuchKey', 'NotFound']);
  });

  it('of 20 MB go up and down', async () => {
    const bytes = randomBytes(20_000_000);
    await put('large', bytes);
    expect((await read('large')).equals(bytes)).toBe(true);
  });

  it('come in as a stream, in chunks with the checksum behind', async () => {
    const text = 'x'.repeat(200_000);
    const Body = Readable.from([text.slice(0, 70_000), text.slice(70_000)]);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'streamed', Body, ContentLength: text.length }));
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'streamed' }));
    expect([got.ContentEncoding, await got.Body?.transformToString()]).toEqual([undefined, text]);
  });

  it('are read in part', async () => {
    await put('ranged', '0123456789');
    expect((await read('ranged', { Range: 'bytes=2-4' })).toString()).toBe('234');
    expect((await read('ranged', { Range: 'bytes=7-' })).toString()).toBe('789');
    expect((await read('ranged', { Range: 'bytes=-2' })).toString()).toBe('89');
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'ranged', Range: 'bytes=0-99' }));
    expect([got.$metadata.httpStatusCode, got.ContentRange]).toEqual([206, 'bytes 0-9/10']);
    await got.Body?.transformToByteArray();
    const behind = await refusal(
      s3.send(new GetObjectCommand({ Bucket, Key: 'ranged', Range: 'bytes=10-' })),
    );
    expect([behind.name, behind.$metadata.httpStatusCode]).toEqual(['InvalidRange', 416]);
  });

  it('are written once where a writer asks so, whoever else writes at the same time', async () => {
    const once = () =>
      s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: randomUUID(), IfNoneMatch: '*' }));
    const errors = await Promise.all(Array.from({ length: 5 }, () => refusal(once())));
    const lost = errors.filter((error) => error !== undefined);
    expect(lost.map((error) => [error.name, error.$metadata.httpStatusCode])).toEqual(
      Array.from({ length: 4 }, () => ['PreconditionFailed', 412]),
    );
    const { ETag } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'once' }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'next', IfMatch: ETag }));
    const stale = await refusal(
      s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'late', IfMatch: ETag })),
    );
    expect(stale.name).toBe('PreconditionFailed');
  });

  it('are refused with a wrong checksum, a member that is not offered, or a key of another region', async () => {
    const body = { Bucket, Key: 'refused', Body: 'x' };
    const key = 'arn:aws:kms:eu-west-1:111111111111:key/1';
    const errors = await Promise.all([
      refusal(s3.send(new PutObjectCommand({ ...body, ChecksumCRC32: 'AAAAAA==' }))),
      refusal(s3.send(new PutObjectCommand({ ...body, ACL: 'public-read' }))),
      refusal(s3.send(new PutObjectAclCommand({ ...body, ACL: 'private' }))),
      refusal(s3.send(new PutObjectCommand({ ...body, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key }))),
    ]);
    expect(errors.map(({ name }) => name)).toEqual([
      'BadDigest',
      'NotImplemented',
      'NotImplemented',
      'KMS.NotFoundException',
    ]);
  });

  it('are listed in pages, by prefix and by folder, and deleted many at a time', async () => {
    const own = { Bucket: await makeBucket() };
    const keys = ['a/1', 'a/2', 'b', 'c/1', 'z'];
    for (const Key of [...keys].reverse()) await s3.send(new PutObjectCommand({ ...own, Key, Body: Key }));
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(new ListObjectsV2Command({ ...own, MaxKeys: 2, ContinuationToken }));
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(keys);
    const folders = await s3.send(new ListObjectsV2Command({ ...own, Delimiter: '/', MaxKeys: 2 }));
    expect(folders.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
    expect(folders.Contents?.map(({ Key }) => Key)).toEqual(['b']);
    const after = { ContinuationToken: folders.NextContinuationToken };
    const next = await s3.send(new ListObjectsV2Command({ ...own, Delimiter: '/', ...after }));
    expect([next.CommonPrefixes, next.KeyCount, next.IsTruncated]).toEqual([[{ Prefix: 'c/' }], 2, false]);
    const inside = await s3.send(new ListObjectsV2Command({ ...own, Prefix: 'a/', StartAfter: 'a/1' }));
    expect(inside.Contents).toMatchObject([{ Key: 'a/2', Size: 3, ETag: expect.any(String) }]);
    expect((await refusal(s3.send(new DeleteBucketCommand(own)))).name).toBe('BucketNotEmpty');
    const Objects = keys.map((Key) => ({ Key }));
    const deleted = await s3.send(new DeleteObjectsCommand({ ...own, Delete: { Objects } }));
    expect(deleted.Deleted).toHaveLength(5);
    await s3.send(new DeleteBucketCommand(own));
    expect((await refusal(s3.send(new HeadBucketCommand(own)))).name).toBe('NotFound');
  });
});

describe('objects in parts', () => {
  const startUpload = async (Key: string) =>
    (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/plain' }))).UploadId;

  it('are put together in order and checked', async () => {
    const upload = { Bucket, Key: 'parts', UploadId: await startUpload('parts') };
    const bodies = [randomBytes(5 * MiB), randomBytes(10)];
    const Parts: CompletedPart[] = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const part = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
      Parts.push({ PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 });
    }
    const listed = await s3.send(new ListPartsCommand(upload));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 5 * MiB],
      [2, 10],
    ]);
    const complete = (chosen: typeof Parts, more = {}) =>
      s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: chosen }, ...more }));
    expect((await refusal(complete([...Parts].reverse()))).name).toBe('InvalidPartOrder');
    expect((await refusal(complete([{ ...Parts[0], PartNumber: 9 } as never]))).name).toBe('InvalidPart');
    const { ETag } = await complete(Parts, { IfNoneMatch: '*' });
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect((await read('parts')).equals(Buffer.concat(bodies))).toBe(true);
    expect((await refusal(complete(Parts))).name).toBe('NoSuchUpload');
  });

  it('are refused with small parts, over an object that must not be there, and after an abort', async () => {
    const upload = { Bucket, Key: 'small', UploadId: await startUpload('small') };
    const Parts: CompletedPart[] = [];
    for (const PartNumber of [1, 2]) {
      const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body: 'small' }));
      Parts.push({ PartNumber, ETag });
    }
    const complete = (chosen: typeof Parts) =>
      s3.send(
        new CompleteMultipartUploadCommand({
          ...upload,
          MultipartUpload: { Parts: chosen },
          IfNoneMatch: '*',
        }),
      );
    expect((await refusal(complete(Parts))).name).toBe('EntityTooSmall');
    await put('small', 'there already');
    expect((await refusal(complete(Parts.slice(0, 1)))).name).toBe('PreconditionFailed');
    await s3.send(new AbortMultipartUploadCommand(upload));
    expect((await refusal(complete(Parts))).name).toBe('NoSuchUpload');
  });
});

describe('buckets', () => {
  it('forget an object at the midnight that follows the days of a rule for its key', async () => {
    let at = Date.UTC(2026, 10, 1, 18, 30);
    const own = await createLocalAws({ port: 0, timeScale: 0, now: () => new Date(at) });
    const client = new S3Client(clientOptions(own));
    await client.send(new CreateBucketCommand({ Bucket: 'old' }));
    const Rules = [
      { ID: 'one', Status: 'Enabled' as const, Filter: { Prefix: 'batches/' }, Expiration: { Days: 2 } },
      { ID: 'off', Status: 'Disabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 1 } },
    ];
    const lifecycle = { Bucket: 'old', LifecycleConfiguration: { Rules } };
    await client.send(new PutBucketLifecycleConfigurationCommand(lifecycle));
    for (const Key of ['batches/a', 'kept'])
      await client.send(new PutObjectCommand({ Bucket: 'old', Key, Body: 'x' }));
    const keys = async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'old' }));
      return Contents.map(({ Key }) => Key);
    };
    at = Date.UTC(2026, 10, 3, 23, 59);
    expect(await keys()).toEqual(['batches/a', 'kept']);
    at = Date.UTC(2026, 10, 4);
    const gone = await refusal(client.send(new GetObjectCommand({ Bucket: 'old', Key: 'batches/a' })));
    expect([gone.name, await keys()]).toEqual(['NoSuchKey', ['kept']]);
    client.destroy();
    await own.close();
  });

  it('keep lifecycle and encryption, and have a default for the latter', async () => {
    const own = { Bucket: await makeBucket() };
    const none = await refusal(s3.send(new GetBucketLifecycleConfigurationCommand(own)));
    expect([none.name, none.$metadata.httpStatusCode]).toEqual(['NoSuchLifecycleConfiguration', 404]);
    const Rules = [
      { ID: 'expire', Status: 'Enabled' as const, Filter: { Prefix: 'batches/' }, Expiration: { Days: 30 } },
    ];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ ...own, LifecycleConfiguration: { Rules } }));
    expect((await s3.send(new GetBucketLifecycleConfigurationCommand(own))).Rules).toEqual(Rules);
    const initial = (await s3.send(new GetBucketEncryptionCommand(own))).ServerSideEncryptionConfiguration;
    expect(initial?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' });
    const key = 'arn:aws:kms:us-east-1:111111111111:key/1';
    const wished = [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: key },
        BucketKeyEnabled: true,
      },
    ];
    await s3.send(
      new PutBucketEncryptionCommand({ ...own, ServerSideEncryptionConfiguration: { Rules: wished } }),
    );
    const written = await s3.send(new PutObjectCommand({ ...own, Key: 'k', Body: 'x' }));
    expect(written).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: key,
      BucketKeyEnabled: true,
    });
  });

  it('belong to one account and one region', async () => {
    const frankfurt = new S3Client(clientOptions(aws, { region: 'eu-central-1' }));
    const stranger = new S3Client(clientOptions(aws, { account: '222222222222' }));
    const name = await makeBucket(frankfurt);
    expect((await frankfurt.send(new HeadBucketCommand({ Bucket: name }))).BucketRegion).toBe('eu-central-1');
    const away = await refusal(s3.send(new PutObjectCommand({ Bucket: name, Key: 'k', Body: 'x' })));
    expect([away.name, away.$metadata.httpStatusCode]).toEqual(['PermanentRedirect', 301]);
    const foreign = await refusal(stranger.send(new GetObjectCommand({ Bucket, Key: 'k' })));
    expect([foreign.name, foreign.$metadata.httpStatusCode]).toEqual(['AccessDenied', 403]);
    const taken = await refusal(stranger.send(new CreateBucketCommand({ Bucket })));
    expect(taken.name).toBe('BucketAlreadyExists');
    const wished = { LocationConstraint: 'eu-west-1' as const };
    const misplaced = new CreateBucketCommand({
      Bucket: `b-${randomUUID()}`,
      CreateBucketConfiguration: wished,
    });
    expect((await refusal(frankfurt.send(misplaced))).name).toBe('IllegalLocationConstraintException');
    expect((await stranger.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    const mine = await frankfurt.send(new ListBucketsCommand({ BucketRegion: 'eu-central-1' }));
    expect(mine.Buckets?.map(({ Name }) => Name)).toEqual([name]);
    frankfurt.destroy();
    stranger.destroy();
  });
});

describe('faults and journal', () => {
  it('strike objects as every service, and the journal names bucket, key, region and rule', async () => {
    await put('struck', 'body');
    const target = `${Bucket}/struck`;
    const rules = [
      { service: 's3', operation: 'GetObject', target, kind: 'throttle', count: 1 },
      { service: 's3', operation: 'GetObject', target, kind: 'error', error: 'InternalError', count: 1 },
      { service: 's3', operation: 'GetObject', target, kind: 'refuse', count: 1 },
      { service: 's3', operation: 'GetObject', target, kind: 'reset', count: 1 },
      { service: 's3', operation: 'GetObject', target, kind: 'latency', milliseconds: 1, count: 1 },
      { service: 's3', operation: 'ListObjectsV2', target: Bucket, kind: 'empty', count: 1 },
      { service: 's3', operation: 'HeadObject', target, kind: 'hang' },
    ];
    expect(await callControl(aws, 'PUT', 'faults', rules)).toMatchObject({ status: 200 });
    const get = () => refusal(read('struck'));
    const throttled = await get();
    expect([throttled.name, throttled.$metadata.httpStatusCode]).toEqual(['SlowDown', 503]);
    expect((await get()).name).toBe('InternalError');
    expect((await get()).code).toBe('ECONNRESET');
    expect(await get()).toBeInstanceOf(Error);
    expect((await read('struck')).toString()).toBe('body');
    const empty = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(empty.Contents ?? []).toEqual([]);
    const hung = new HeadObjectCommand({ Bucket, Key: 'struck' });
    expect((await refusal(s3.send(hung, { abortSignal: AbortSignal.timeout(50) }))).name).toBe('AbortError');
    await callControl(aws, 'DELETE', 'faults');
    const entries = (await readJournal(aws, '?service=s3')).filter((entry) => entry.target === target);
    expect(entries.map(({ operation, status, error, rule }) => [operation, status, error, rule])).toEqual([
      ['PutObject', 200, undefined, undefined],
      ['GetObject', 503, 'SlowDown', 0],
      ['GetObject', 500, 'InternalError', 1],
      ['GetObject', 0, undefined, 2],
      ['GetObject', 200, undefined, 3],
      ['GetObject', 200, undefined, 4],
      ['HeadObject', 0, undefined, 6],
    ]);
    expect(entries[0]).toMatchObject({ region: 'us-east-1', account: '111111111111', reach: ['us-east-1'] });
  });

  it('refuses a wrong secret and an unknown key by their own names', async () => {
    const given = [
      { ...credentialsOf(), secretAccessKey: 'wrong' },
      { accessKeyId: 'NOBODY', secretAccessKey: 'x' },
    ];
    const clients = given.map((credentials) => new S3Client({ ...clientOptions(aws), credentials }));
    const errors = await Promise.all(
      clients.map((client) => refusal(client.send(new GetObjectCommand({ Bucket, Key: 'k' })))),
    );
    expect(errors.map((error) => [error.name, error.$metadata.httpStatusCode])).toEqual([
      ['SignatureDoesNotMatch', 403],
      ['InvalidAccessKeyId', 403],
    ]);
    for (const client of clients) client.destroy();
  });
});
