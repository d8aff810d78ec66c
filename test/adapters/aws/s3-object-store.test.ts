import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createS3ObjectStore } from '#adapters/aws/s3-object-store.ts';
import { type BulkClients, openBulkClients } from '#test/builders/bulk-clients.ts';
import { describeObjectStore } from '../../port-suites/object-store.suite.ts';

describeObjectStore('S3', async () => {
  const { s3, bucket, close } = await openBulkClients();
  return { store: createS3ObjectStore({ client: s3, bucket }), close };
});

let clients: BulkClients;
beforeAll(async () => {
  clients = await openBulkClients();
});
afterEach(() => clients.setFaults([]));
afterAll(() => clients.close());

it('tells in the house’s own words that S3 throttles, is away, or has no such bucket', async () => {
  const store = createS3ObjectStore({ client: clients.s3, bucket: clients.bucket });
  await clients.setFaults([{ service: 's3', kind: 'throttle' }]);
  await expect(store.put('a', new Uint8Array(1))).rejects.toMatchObject({ code: 'throttled' });
  await clients.setFaults([{ service: 's3', kind: 'refuse' }]);
  await expect(store.read('a')).rejects.toMatchObject({ code: 'upstream_unavailable' });
  await clients.setFaults([]);
  const other = createS3ObjectStore({ client: clients.s3, bucket: 'no-such-bucket' });
  await expect(other.list('')).rejects.toMatchObject({ code: 'resource_missing' });
});

it('shows nothing of an upload whose part failed', async () => {
  const store = createS3ObjectStore({ client: clients.s3, bucket: clients.bucket });
  const writer = store.openWriter('broken');
  await clients.setFaults([{ service: 's3', operation: 'UploadPart', kind: 'throttle' }]);
  await expect(writer.write(new Uint8Array(9 * 1024 * 1024))).rejects.toMatchObject({ code: 'throttled' });
  await writer.abandon();
  expect(await store.read('broken')).toBeUndefined();
});

it('frees what nobody reads on, and is ended by no object that breaks before it is read', async () => {
  const open = () => new Readable({ read: () => undefined });
  const bodies = [open(), open()];
  const client = { send: async () => ({ Body: bodies.shift() }) } as unknown as BulkClients['s3'];
  const [left, broken] = [...bodies];
  const store = createS3ObjectStore({ client, bucket: 'any' });
  const bytes = (await store.read('left'))?.[Symbol.asyncIterator]();
  expect(await bytes?.return?.()).toMatchObject({ done: true });
  expect(left?.destroyed).toBe(true);
  const unread = await store.read('broken');
  broken?.destroy(new Error('the connection was lost'));
  // Not by `once`, which listens to errors too.
  await new Promise((resolve) => broken?.on('close', resolve));
  const read = async () => {
    for await (const _ of unread ?? []);
  };
  await expect(read()).rejects.toMatchObject({ code: 'upstream_unavailable' });
});

it('reads for as long as its reader takes, and waits for no bytes for longer than it may', async () => {
  const Body = new Readable({ read: () => undefined });
  const send = vi.fn(async (_call: object, _how: { readonly abortSignal: AbortSignal }) => ({ Body }));
  const client = { send } as unknown as BulkClients['s3'];
  const store = createS3ObjectStore({ client, bucket: 'any', callMsMax: 5 });
  Body.push('half');
  const bytes = (await store.read('any'))?.[Symbol.asyncIterator]();
  expect((await bytes?.next())?.value?.toString()).toBe('half');
  // A slow reader: the deadline of the call is long over.
  await new Promise((resolve) => setTimeout(resolve, 25));
  expect([send.mock.calls[0]?.[1].abortSignal.aborted, Body.destroyed]).toEqual([false, false]);
  await expect(bytes?.next()).rejects.toMatchObject({ code: 'timed_out' });
  expect(Body.destroyed).toBe(true);
});
