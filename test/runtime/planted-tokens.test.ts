import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEmfGatewayMetrics } from '#adapters/aws/emf-gateway-metrics.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { tableName } from '#contract/resources.ts';
import { openTappedGateway, type TappedGateway } from '#test/builders/a-tapped-gateway.ts';
import { aTracedRequest } from '#test/builders/a-traced-request.ts';
import { eventually } from '#test/builders/loopback-upstream.ts';
import { plantedCalls, refusedRequests, upstreamFaults } from '#test/builders/planted-calls.ts';
import { createPlanting } from '#test/builders/planted-tokens.ts';

const planting = createPlanting();
const { word } = planting;
const headers = {
  ...{ authorization: 'Bearer sk-local', 'content-type': 'application/json', 'x-spillway-residency': 'us' },
  'user-agent': word('user agent'),
};
const post = (body: unknown, more: Record<string, string> = {}): RequestInit => ({
  ...{ method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) },
});

let world: TappedGateway;
let printed = '';
beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  world = await openTappedGateway();
}, 30_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await world.close();
});

async function leaks() {
  return planting.leaksIn([...(await world.sinks()), { name: 'standard output', bytes: printed }]);
}

/** What the log tells of attempts. */
const requestLines = (): string => world.logged.filter((line) => line.includes('"event":"request"')).join('');

describe('of what callers and models wrote no word comes into logs, metrics, spans, tables, records or files', () => {
  it('from calls in any wire format that are answered', async () => {
    const failed: string[] = [];
    for (const model of ['chat-small', 'chat-large'])
      for (const { name, path, body } of plantedCalls(word, model)) {
        const { status, text } = await world.ask(path, post(body));
        if (status !== 200 || text.startsWith('broken')) failed.push(`${name}: ${status} ${text}`);
      }
    expect(failed).toEqual([]);
    expect(await leaks()).toEqual([]);
    const holding = (await world.sinks()).filter(({ bytes }) => bytes.length > 100).map(({ name }) => name);
    expect(holding).toEqual(
      expect.arrayContaining([
        ...['log', 'embedded metrics', 'Prometheus', 'spans', 'live events'],
        ...['audit trail', 'last good file', 'table acme-capacity', 'table acme-ledger'],
      ]),
    );
  }, 30_000);

  it('from calls that are refused before a model hears of them', async () => {
    const statuses = new Set<number>();
    for (const { path, init } of refusedRequests(word, 'sk-local'))
      statuses.add((await world.ask(path, init)).status);
    expect([...statuses].sort()).toEqual([200, 400, 401, 403, 404]);
    expect(await leaks()).toEqual([]);
  }, 30_000);

  it('from files and batches of them, but for what names them in their own table', async () => {
    const line = (id: string, content: unknown) =>
      JSON.stringify({
        ...{ custom_id: word(`${id} custom id`), method: 'POST', url: '/v1/chat/completions' },
        body: { model: 'chat-small', messages: [{ role: 'user', content }], user: word(`${id} user`) },
      });
    const good = await batchOf('good', line('good', word('batch prompt')));
    expect(good.request_counts).toMatchObject({ completed: 1, failed: 0 });
    const answers = await world.ask(`/v1/files/${good.output_file_id}/content`, { headers });
    expect(answers.text).toContain(word('batch prompt'));
    const bad = await batchOf('bad', line('bad', { [word('member')]: word('bad prompt') }));
    expect(bad.request_counts).not.toMatchObject({ completed: 1 });
    const found = await leaks();
    const named = found.filter(({ sink }) => sink === ownTable()).map(({ planted }) => planted);
    expect([...new Set(named)].sort()).toEqual([
      'bad file name',
      'bad metadata',
      'good file name',
      'good metadata',
    ]);
    expect(found.filter(({ sink }) => sink !== ownTable())).toEqual([]);
  }, 30_000);

  it('from calls that upstreams fail, quoting what they were sent, before an answer and inside one', async () => {
    onTestFinished(() => world.setFaults([]));
    const calls = [
      ...plantedCalls(word, 'chat-small').filter(({ name }) => name.startsWith('chat ')),
      ...plantedCalls(word, 'chat-large').filter(({ name }) => name.startsWith('messages ')),
    ];
    for (const { name, rules } of upstreamFaults(word)) {
      await world.setFaults(rules);
      const more: Record<string, string> =
        name === 'hang' ? { 'x-spillway-deadline-ms': '100' } : { 'x-spillway-resume': 'continue' };
      for (const { path, body } of calls) await world.ask(path, post(body, more));
    }
    for (const outcome of [
      ...['invalid-request', 'server-error', 'incomplete-answer', 'malformed-answer'],
      ...['first-content-timeout', 'access-denied', 'throttled'],
    ])
      expect(requestLines()).toContain(` ${outcome}`);
    expect((await leaks()).filter(({ sink }) => sink !== ownTable())).toEqual([]);
  }, 30_000);

  it('and where one came, in any form, it would be found in every place that is looked at', async () => {
    const planted = word('defect');
    const { log, metricsOut, telemetry, dynamodb, s3, bucket, lastGoodDirectory, config } = world;
    log.write('info', 'defect', { base64: Buffer.from(`a prompt: ${planted}`).toString('base64') });
    metricsOut(`{"hex":"${Buffer.from(planted).toString('hex')}"}\n`);
    const defective = { ...aTracedRequest({ record: { tenant: planted } }) };
    telemetry.spans?.ended(defective);
    createEmfGatewayMetrics({
      clock: systemClock,
      write: (line) => telemetry.takeLine(line),
    }).record(defective.record);
    const item = { tenant: { S: `limit#${planted.toLowerCase()}` }, item: { S: 'x' } };
    await dynamodb.send(new PutItemCommand({ TableName: tableName(config.name, 'ledger'), Item: item }));
    const packed = { accountRegion: { S: 'x' }, item: { S: 'x' }, body: { B: gzipSync(planted) } };
    await dynamodb.send(
      new PutItemCommand({ TableName: tableName(config.name, 'observations'), Item: packed }),
    );
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'defect', Body: encodeURIComponent(`é ${planted}`) }),
    );
    writeFileSync(join(lastGoodDirectory, 'defect'), `\\u00e9${planted}`);
    process.stdout.write(planted);
    const found = await leaks();
    const places = found.filter((leak) => leak.planted === 'defect').map(({ sink }) => sink);
    expect([...new Set(places)].sort()).toEqual(
      [
        ...['Prometheus', 'audit trail', 'embedded metrics', 'last good file', 'log', 'spans'],
        ...['standard output', 'table acme-ledger', 'table acme-observations'],
      ].sort(),
    );
  });
});

const ownTable = (): string => `table ${tableName(world.config.name, 'batches')}`;

/** Brings a file of one line, has it made, and waits for its end. */
async function batchOf(name: string, line: string) {
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([`${line}\n`]), `${word(`${name} file name`)}.jsonl`);
  const { 'content-type': _, ...others } = headers;
  const upload = await world.ask('/v1/files', { method: 'POST', headers: others, body: form });
  const order = { endpoint: '/v1/chat/completions', completion_window: '24h' };
  const metadata = { note: word(`${name} metadata`) };
  const body = { ...order, metadata, input_file_id: JSON.parse(upload.text).id };
  const { id } = JSON.parse((await world.ask('/v1/batches', post(body))).text);
  const look = async () => JSON.parse((await world.ask(`/v1/batches/${id}`, { headers })).text);
  await eventually(
    async () => ['completed', 'failed'].includes((await look()).status),
    `end of ${id}`,
    15_000,
  );
  return look();
}
