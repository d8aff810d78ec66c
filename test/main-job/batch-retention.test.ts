/** Prompts and answers at rest are gone within the configured days: in local mode, by its clock, through the client. */
import { createHash } from 'node:crypto';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '#adapters/system/system-clock.ts';
import { batchBucketName } from '#contract/resources.ts';
import {
  type BatchWorld,
  batchEnd,
  chatLines,
  openBatchWorld,
  startBatch,
} from '#test/builders/batch-world.ts';
import { localKeys } from '#test/builders/gateway-world.ts';
import { startMortalDispatcher } from '#test/builders/mortal-dispatcher.ts';

const DAY_MS = 86_400_000;
let aheadMs = 0;
let world: BatchWorld;
let s3: S3Client;

beforeAll(async () => {
  world = await openBatchWorld({ ...systemClock, now: () => Date.now() + aheadMs });
  const { region, account } = world;
  s3 = new S3Client({
    ...{ region, endpoint: world.world.awsUrl, credentials: localKeys(account), forcePathStyle: true },
  });
});
afterAll(async () => {
  s3?.destroy();
  await world?.close();
});

/** Of all that the bucket holds: what a disk would. */
async function keysHeld(): Promise<readonly string[]> {
  const { account, region, world: own } = world;
  const Bucket = batchBucketName(own.config.name, account, region);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key = '' }) => Key);
}

it('keeps a file and its answers for 29 days, and holds nothing of them after 30', async () => {
  const { config } = world.world;
  const pace = { leaseMs: 60_000, lookMs: 300 };
  const dispatcher = startMortalDispatcher(world.runtime, {
    ...{ config, pace, hiddenSeconds: 60, messagesMax: 4 },
  });
  const client = world.client();
  const { id } = await startBatch(client, chatLines(3));
  const { input_file_id: input, output_file_id: output } = await batchEnd(client, id);
  dispatcher.kill();
  expect(config.batches.retentionDays).toBe(30);
  const digest = async (file: string) =>
    createHash('sha256')
      .update(await (await client.files.content(file)).text())
      .digest('hex');
  const before = await digest(output ?? '');
  aheadMs = 29 * DAY_MS - 60_000;
  expect(await digest(output ?? '')).toBe(before);
  expect(await client.batches.retrieve(id)).toMatchObject({ status: 'completed' });
  aheadMs = 29 * DAY_MS;
  for (const file of [input, output ?? ''])
    await expect(client.files.content(file)).rejects.toMatchObject({ status: 404 });
  await expect(client.batches.retrieve(id)).rejects.toMatchObject({ status: 404 });
  aheadMs = 30 * DAY_MS;
  expect(await keysHeld()).toEqual([]);
});
