/** What it must show, 6: files and batches by the official client, over real sockets, under kills and faults. */
import OpenAI, { toFile } from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import regions from '#data/regions.json' with { type: 'json' };
import { serveGateway } from '#server/node-server.ts';
import { aBulkGateway } from '#test/builders/a-bulk-gateway.ts';
import {
  type BatchWorld,
  batchEnd,
  batchWhere,
  chatLines,
  linesOf,
  openBatchWorld,
  startBatch,
} from '#test/builders/batch-world.ts';
import { runKilledBatch } from '#test/builders/killed-batch.ts';
import { type MortalDispatcher, startMortalDispatcher } from '#test/builders/mortal-dispatcher.ts';

const messagesMax = 4;
const pace = { leaseMs: 900, lookMs: 300 };
let world: BatchWorld;
const dispatchers: MortalDispatcher[] = [];

beforeAll(async () => {
  world = await openBatchWorld();
});
afterEach(async () => {
  for (const dispatcher of dispatchers.splice(0)) dispatcher.kill();
  await world.world.setFaults([]);
});
afterAll(() => world?.close());

function startDispatcher(): MortalDispatcher {
  const { config } = world.world;
  const dispatcher = startMortalDispatcher(world.runtime, { config, pace, hiddenSeconds: 2, messagesMax });
  dispatchers.push(dispatcher);
  return dispatcher;
}

const slowly = (milliseconds: number) =>
  world.world.setFaults([{ service: 'bedrock-runtime', kind: 'latency', milliseconds }]);

describe('a batch whose dispatcher is killed five times', () => {
  it('has one result for each line in the order of the file, and counts what may have been called twice', async () => {
    await slowly(30);
    const lines = 800;
    const kills = 5;
    const found = await runKilledBatch(world, { lines, kills, startDispatcher });
    expect(found.batch.status).toBe('completed');
    expect(found.errors).toEqual([]);
    expect(found.output).toEqual(Array.from({ length: lines }, (_, index) => `line-${index}`));
    const underWay = kills * messagesMax * world.world.config.batches.linesInFlight;
    const usage = found.batch.usage;
    expect(usage?.output_tokens).toBeGreaterThanOrEqual(lines);
    expect(usage?.total_tokens).toBe((usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0));
    expect(found.callsMadeTwice).toBeGreaterThan(0);
    expect(found.callsMadeTwice).toBeLessThanOrEqual(found.batch.spillway.repeated_calls);
    expect(found.batch.spillway.repeated_calls).toBeLessThanOrEqual(underWay);
    const journal = (await world.world.journal('bedrock-runtime')) as readonly {
      reach?: readonly string[];
    }[];
    const inside = new Set(regions.regions.filter(({ country }) => country === 'US').map(({ code }) => code));
    const reached = new Set(journal.flatMap(({ reach = [] }) => reach));
    expect([...reached].filter((region) => !inside.has(region))).toEqual([]);
  }, 120_000);
});

describe('the official client', () => {
  it('embeds by batch, and finds in the error file what its own lines did wrong', async () => {
    startDispatcher();
    const client = world.client();
    const line = (name: string, body: object) =>
      JSON.stringify({ custom_id: name, method: 'POST', url: '/v1/embeddings', body });
    const lines = [
      line('good', { model: 'embed', input: 'A tide.' }),
      line('empty', { model: 'embed', input: 'x'.repeat(400_000) }),
      line('pair', { model: 'embed', input: ['one', 'two'] }),
    ];
    const { id } = await startBatch(client, lines.join('\n'), '/v1/embeddings');
    const batch = await batchEnd(client, id);
    expect(batch).toMatchObject({ status: 'completed', request_counts: { total: 3 } });
    const output = await linesOf(client, batch.output_file_id);
    expect(output.map(({ custom_id }) => custom_id)).toContain('good');
    expect(output[0]?.response?.body).toMatchObject({ object: 'list', data: [{ object: 'embedding' }] });
    expect(output.length + (await linesOf(client, batch.error_file_id)).length).toBe(3);
    const bodies = output.map(({ response }) => response?.body as { usage: { prompt_tokens: number } });
    const input_tokens = bodies.reduce((sum, { usage }) => sum + usage.prompt_tokens, 0);
    expect(input_tokens).toBeGreaterThan(0);
    expect(batch.usage).toMatchObject({ input_tokens, output_tokens: 0, total_tokens: input_tokens });
  });

  it('learns everything that is wrong with a file, line by line', async () => {
    startDispatcher();
    const client = world.client();
    const text = `${chatLines(1)}${chatLines(1)}{"custom_id":"cut","meth`;
    const { id } = await startBatch(client, text);
    const batch = await batchEnd(client, id);
    expect(batch.status).toBe('failed');
    expect(batch.errors?.data?.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '2 duplicate_custom_id',
      '3 invalid_json_line',
    ]);
  });

  it('cancels, and keeps what was answered', async () => {
    await slowly(100);
    startDispatcher();
    const client = world.client();
    const { id } = await startBatch(client, chatLines(600));
    await batchWhere(client, id, ({ request_counts }) => (request_counts?.completed ?? 0) > 0);
    await client.batches.cancel(id);
    const batch = await batchEnd(client, id);
    expect(batch.status).toBe('cancelled');
    const output = await linesOf(client, batch.output_file_id);
    const errors = await linesOf(client, batch.error_file_id);
    expect(output.length).toBeGreaterThan(0);
    expect(output.length + errors.length).toBe(600);
    expect(batch.request_counts).toMatchObject({ completed: output.length, failed: errors.length });
  });

  it('learns that a file broke off on its way, and never takes half of it for whole', async () => {
    const half = async function* () {
      yield Buffer.from('half of ');
      throw houseError('upstream_unavailable', { message: 'the store is gone' });
    };
    const { gateway, desk, upload } = aBulkGateway();
    const { body: file } = await upload('half of the file');
    desk.objects.read = async () => half();
    const served = await serveGateway({ handle: (request) => gateway.answer(request), port: 0 });
    const client = new OpenAI({ baseURL: `${served.url}/v1`, apiKey: 'sk-local', maxRetries: 0 });
    const reading = client.files.content(file.id).then((content) => content.text());
    await expect(reading).rejects.toThrow(/terminated|socket|connection/i);
    await served.close();
  });

  it('brings a file in parts, which is one like any other then', async () => {
    startDispatcher();
    const client = world.client();
    const bytes = Buffer.from(chatLines(40));
    const named = { bytes: bytes.length, filename: 'in.jsonl', mime_type: 'application/jsonl' };
    const upload = await client.uploads.create({ ...named, purpose: 'batch' });
    const pieces = [bytes.subarray(0, 1_500), bytes.subarray(1_500, 4_000), bytes.subarray(4_000)];
    const parts = await Promise.all(
      pieces.map(async (each) =>
        client.uploads.parts.create(upload.id, { data: await toFile(each, 'part') }),
      ),
    );
    const whole = await client.uploads.complete(upload.id, { part_ids: parts.map(({ id }) => id) });
    expect(whole).toMatchObject({ status: 'completed', file: { bytes: bytes.length, purpose: 'batch' } });
    const input_file_id = whole.file?.id ?? '';
    expect(await (await client.files.content(input_file_id)).text()).toBe(bytes.toString());
    const batch = await client.batches.create({
      ...{ input_file_id, endpoint: '/v1/chat/completions', completion_window: '24h' },
    });
    expect(await batchEnd(client, batch.id)).toMatchObject({
      ...{ status: 'completed', request_counts: { total: 40, completed: 40 } },
    });
    const other = await client.uploads.create({ ...named, purpose: 'batch' });
    expect(await client.uploads.cancel(other.id)).toMatchObject({ status: 'cancelled' });
    await expect(client.uploads.complete(other.id, { part_ids: ['part_1'] })).rejects.toMatchObject({
      status: 409,
    });
  });

  it('lists, pages and deletes', async () => {
    const client = world.client();
    const file = await client.files.create({
      file: await toFile(Buffer.from('{}'), 'a.jsonl'),
      purpose: 'batch',
    });
    const seen = [];
    for await (const each of client.files.list({ limit: 2 })) seen.push(each.id);
    expect(seen).toContain(file.id);
    expect(await client.files.delete(file.id)).toMatchObject({ id: file.id, deleted: true });
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
    const batches = [];
    for await (const each of client.batches.list({ limit: 1 })) batches.push(each.id);
    expect(batches.length).toBeGreaterThan(1);
  });
});

describe('the bulk lane', () => {
  it('comes through while queue, bucket and table fail now and then', async () => {
    startDispatcher();
    const client = world.client();
    const { id } = await startBatch(client, chatLines(150));
    await world.world.setFaults([
      { service: 's3', kind: 'throttle', probability: 0.05 },
      { service: 'sqs', kind: 'throttle', probability: 0.1 },
      { service: 'dynamodb', operation: 'PutItem', kind: 'throttle', probability: 0.05 },
    ]);
    await batchWhere(client, id, ({ request_counts }) => (request_counts?.completed ?? 0) >= 64);
    await world.world.setFaults([]);
    const batch = await batchEnd(client, id);
    expect(batch.status).toBe('completed');
    const output = await linesOf(client, batch.output_file_id);
    expect(output.map(({ custom_id }) => custom_id)).toEqual(
      Array.from({ length: 150 }, (_, index) => `line-${index}`),
    );
  });
});
