import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provisionBulk } from '#adapters/aws/bulk-provisioner.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { batchBucketName, batchQueueName, deadQueueName } from '#contract/resources.ts';
import {
  account,
  type BundledGateway,
  chat,
  openBundledGateway,
  proxyEvent,
  urlEvent,
} from '#test/builders/bundled-gateway.ts';
import { type LambdaSandbox, openLambdaSandbox } from '#test/builders/lambda-sandbox.ts';
import { callPaths } from '#usecases/gateway/endpoints.ts';

const BUNDLE_BYTES_MAX = 2_000_000;

let world: BundledGateway;
let sandbox: LambdaSandbox;

beforeAll(async () => {
  world = await openBundledGateway();
  ({ sandbox } = world);
}, 60_000);

afterAll(() => world?.close());

describe('the parts of the bundled gateway function', () => {
  it('is small enough to start fast', () => {
    const bytes = world.code.reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes).toBeLessThan(BUNDLE_BYTES_MAX);
  });

  it('is written in characters of one byte: a single other one makes V8 keep two for each of its file', () => {
    for (const file of world.code)
      expect(/[\u0100-\uffff]/.exec(readFileSync(file, 'utf8')), file).toBeNull();
  });

  it('has every part that it loads later', () => {
    const script = `globalThis.awslambda = { streamifyResponse: (handler) => handler };
      for (const file of ${JSON.stringify(world.code)}) await import(file);`;
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: '/', env: {} });
    expect(world.code.length).toBeGreaterThan(10);
  });

  it('keeps a file and gives it back, with the clients that it loads for the first of them', async () => {
    const access = { endpoint: world.awsUrl, credentials: localCredentials(account) };
    await world.provisionOwn('batches');
    const bucket = batchBucketName('acme', account, 'us-east-1');
    const queues = [batchQueueName('acme')];
    const plan = {
      ...{ region: 'us-east-1', bucket, queues, deadQueue: deadQueueName('acme'), receiptsMax: 5 },
      lifecycleDays: 29,
    };
    await provisionBulk(plan, access);
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob(['{"custom_id":"one"}\n']), 'in.jsonl');
    const upload = new Request('http://gateway.test', { method: 'POST', body: form });
    const event = urlEvent({ path: '/v1/files', body: await upload.text() });
    const type = upload.headers.get('content-type');
    const kept = await sandbox.invoke({ ...event, headers: { ...event.headers, 'content-type': type } });
    expect(kept.statusCode, kept.body).toBe(200);
    const path = `/v1/files/${JSON.parse(kept.body).id}/content`;
    const given = await sandbox.invoke(urlEvent({ method: 'GET', path }));
    expect([given.statusCode, given.body]).toEqual([200, '{"custom_id":"one"}\n']);
  });

  it('answers in every wire format, each loaded with its first call', async () => {
    const messages = [{ role: 'user', content: 'hello' }];
    const said = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] };
    const nova = { schemaVersion: 'messages-v1', ...said };
    const bodies: Readonly<Record<string, object>> = {
      '/v1/chat/completions': { model: 'chat-small', messages },
      '/v1/responses': { model: 'chat-small', input: 'hello' },
      '/v1/messages': { model: 'chat-small', max_tokens: 64, messages },
      '/v1/messages/count_tokens': { model: 'chat-small', messages },
      '/model/chat-small/converse': said,
      '/model/chat-small/converse-stream': said,
      '/model/chat-small/invoke': nova,
      '/model/chat-small/invoke-with-response-stream': nova,
      '/model/chat-small/count-tokens': { input: { converse: said } },
    };
    expect(callPaths.filter((path) => !(path.replace('{name}', 'chat-small') in bodies))).toEqual([
      '/v1/embeddings',
    ]);
    for (const [path, body] of Object.entries(bodies)) {
      const answer = await sandbox.invoke(urlEvent({ path, body: JSON.stringify(body) }));
      expect(answer.statusCode, `${path}: ${answer.body}`).toBe(200);
    }
    const vectors = { model: 'chat-small', input: 'hello' };
    const refused = await sandbox.invoke(urlEvent({ path: '/v1/embeddings', body: JSON.stringify(vectors) }));
    expect([refused.statusCode, refused.body]).toEqual([400, expect.stringContaining('makes no embeddings')]);
  });

  it('answers without the web client that Node loads for its own Headers, Request and Response', async () => {
    const script = `
      import { PassThrough } from 'node:stream';
      const HttpResponseStream = { from: (stream, { statusCode }) => Object.assign(stream, { statusCode }) };
      globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream };
      const { handler } = await import(${JSON.stringify(world.bundle)});
      const stream = new PassThrough().resume();
      await handler(${JSON.stringify(proxyEvent(chat({})))}, stream, { getRemainingTimeInMillis: () => 40_000 });
      const loaded = process.moduleLoadList.some((name) => name.includes('undici'));
      console.log('told', stream.statusCode, loaded);
      process.exit(0);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: world.environment,
    });
    expect(stdout).toContain('told 200 false');
  });

  it('reaches the models of another account, by the client of STS that it loads for it', async () => {
    const abroad = await openLambdaSandbox({
      bundle: world.bundle,
      environment: { ...world.environment, AWS_REGION: 'eu-central-1' },
    });
    try {
      const event = urlEvent({ body: chat({}) });
      const headers = { ...event.headers, 'x-spillway-residency': 'eu' };
      const answer = await abroad.invoke({ ...event, headers });
      expect(answer.statusCode, answer.body).toBe(200);
      expect(answer.headers['x-spillway-target']).toMatch(/^222222222222/);
      const journal = await (await fetch(`${world.awsUrl}/_local/journal?service=sts`)).json();
      expect(journal).toContainEqual(expect.objectContaining({ operation: 'AssumeRole' }));
    } finally {
      await abroad.close();
    }
  });

  it('carries no key of a tenant in itself', () => {
    for (const file of world.code) expect(readFileSync(file, 'utf8'), file).not.toContain('sk-local');
  });
});
