import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BulkClients, openBulkClients } from '#test/builders/bulk-clients.ts';

describe('a bucket with object lock', () => {
  let clients: BulkClients;
  const Bucket = 'locked';
  // The client's own overloads know what each command answers; here only whether it is refused.
  const send = (command: object): Promise<unknown> => clients.s3.send(command as never);
  const rule = (Mode: string, Days = 10) =>
    new PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: Mode as never, Days } },
      },
    });
  const put = async (Key: string, Body: string) =>
    (await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
  const versions = async (Prefix: string) =>
    (await clients.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }))).Versions ?? [];

  beforeAll(async () => {
    clients = await openBulkClients();
    await send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  });
  afterAll(() => clients.close());

  it('locks what is put there, by its rule', async () => {
    await send(rule('COMPLIANCE'));
    await put('a', 'one');
    const { ObjectLockMode, ObjectLockRetainUntilDate } = await clients.s3.send(
      new HeadObjectCommand({ Bucket, Key: 'a' }),
    );
    expect(ObjectLockMode).toBe('COMPLIANCE');
    expect((ObjectLockRetainUntilDate?.getTime() ?? 0) - Date.now()).toBeGreaterThan(9.9 * 86_400_000);
  });

  it('keeps what is replaced or deleted, and gives up no version that is locked', async () => {
    await send(rule('COMPLIANCE'));
    const first = await put('b', 'one');
    const second = await put('b', 'two');
    await send(new DeleteObjectCommand({ Bucket, Key: 'b' }));
    await expect(send(new GetObjectCommand({ Bucket, Key: 'b' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    expect((await versions('b')).map(({ VersionId }) => VersionId)).toEqual([second, first]);
    const old = await clients.s3.send(new GetObjectCommand({ Bucket, Key: 'b', VersionId: first ?? '' }));
    expect(await old.Body?.transformToString()).toBe('one');
    const remove = { Bucket, Key: 'b', VersionId: first ?? '', BypassGovernanceRetention: true };
    await expect(send(new DeleteObjectCommand(remove))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  });

  it('gives up a version under governance to who asks for it by name', async () => {
    await send(rule('GOVERNANCE'));
    const first = await put('c', 'one');
    const second = await put('c', 'two');
    const remove = { Bucket, Key: 'c', VersionId: second ?? '' };
    await expect(send(new DeleteObjectCommand(remove))).rejects.toMatchObject({ name: 'AccessDenied' });
    await send(new DeleteObjectCommand({ ...remove, BypassGovernanceRetention: true }));
    expect(await versions('c')).toMatchObject([{ VersionId: first, IsLatest: true }]);
    const again = await clients.s3.send(new GetObjectCommand({ Bucket, Key: 'c' }));
    expect(await again.Body?.transformToString()).toBe('one');
    await expect(
      send(new GetObjectCommand({ Bucket, Key: 'c', VersionId: second ?? '' })),
    ).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  it('lists what marks a deletion, and brings back what it hid when the mark is deleted', async () => {
    await put('d', 'one');
    const { VersionId = '' } = await clients.s3.send(new DeleteObjectCommand({ Bucket, Key: 'd' }));
    const listed = await clients.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'd' }));
    expect(listed.DeleteMarkers).toMatchObject([{ Key: 'd', VersionId, IsLatest: true }]);
    expect(listed.Versions).toMatchObject([{ Key: 'd', IsLatest: false }]);
    await expect(send(new GetObjectCommand({ Bucket, Key: 'd', VersionId }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 405 },
    });
    await send(new DeleteObjectCommand({ Bucket, Key: 'd', VersionId }));
    const again = await clients.s3.send(new GetObjectCommand({ Bucket, Key: 'd' }));
    expect(await again.Body?.transformToString()).toBe('one');
  });

  it('lists a page at a time', async () => {
    for (const text of ['one', 'two', 'three']) await put('e', text);
    const whole = (await versions('e')).map(({ VersionId }) => VersionId);
    const first = await clients.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'e', MaxKeys: 2 }));
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = first;
    expect(first.IsTruncated).toBe(true);
    const next = { Bucket, Prefix: 'e', KeyMarker, VersionIdMarker };
    const second = await clients.s3.send(new ListObjectVersionsCommand(next));
    expect(second).toMatchObject({ IsTruncated: false });
    const both = [...(first.Versions ?? []), ...(second.Versions ?? [])];
    expect(both.map(({ VersionId }) => VersionId)).toEqual(whole);
  });

  it('refuses a rule that is none, and one for a bucket without', async () => {
    await expect(send(rule('STRICT'))).rejects.toMatchObject({ name: 'MalformedXML' });
    await expect(send(rule('COMPLIANCE', 0))).rejects.toMatchObject({ name: 'MalformedXML' });
    const other = { Bucket: clients.bucket };
    await expect(send(new GetObjectLockConfigurationCommand(other))).rejects.toMatchObject({
      name: 'ObjectLockConfigurationNotFoundError',
    });
    const wish = { ...other, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } as const };
    await expect(send(new PutObjectLockConfigurationCommand(wish))).rejects.toMatchObject({
      name: 'InvalidBucketState',
    });
  });
});
