import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTableClient } from '#adapters/aws/account-probe.ts';
import { provisionBulk } from '#adapters/aws/bulk-provisioner.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import {
  batchBucketName,
  batchQueueName,
  deadQueueName,
  type TableKind,
  tableArn,
  tableName,
} from '#contract/resources.ts';
import { tableDefinitions } from '#contract/tables.ts';
import acme from '#examples/acme.config.ts';
import { bundledConfigFile, functionNodeOptions, writeBundle } from '#lib/constructs/function-bundling.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { type LambdaSandbox, openLambdaSandbox } from '#test/builders/lambda-sandbox.ts';
import { callPaths } from '#usecases/gateway/endpoints.ts';

/**
 * The function as it is deployed: bundled by the stack's own settings, in a process of its own, driven through the
 * Runtime API by real events, against the stand-in. The sources prove nothing here: bundles break where sources run.
 */
let folder: string;
let bundle: string;
let aws: LocalAws;
let sandbox: LambdaSandbox;

const BUNDLE_BYTES_MAX = 2_000_000;
const account = '111111111111';

function environmentOf(awsUrl: string): Record<string, string> {
  return {
    SPILLWAY_CONFIG: bundledConfigFile,
    SPILLWAY_ACCOUNT: account,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'LKIA111111111111',
    AWS_SECRET_ACCESS_KEY: 'local-LKIA111111111111',
    AWS_ENDPOINT_URL: awsUrl,
    LAMBDA_TASK_ROOT: folder,
    TMPDIR: folder,
    NODE_OPTIONS: functionNodeOptions.join(' '),
  };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-bundle-'));
  bundle = writeBundle('lambdas/gateway/handler.ts', folder);
  // The configuration with its keys in clear, which a deployment leaves out: here they let a caller in.
  writeFileSync(join(folder, bundledConfigFile), JSON.stringify(acme));
  aws = await createLocalAws({ port: 0, timeScale: 0 });
  sandbox = await openLambdaSandbox({ bundle, environment: environmentOf(aws.url) });
}, 60_000);

afterAll(async () => {
  await sandbox?.close();
  await aws?.close();
  rmSync(folder, { recursive: true });
});

/** Every file of the function's code. */
const code = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => join(folder, name));

const chat = (body: object) =>
  JSON.stringify({ model: 'chat-small', messages: [{ role: 'user', content: 'hello' }], ...body });

function urlEvent(
  overrides: { readonly body?: string; readonly path?: string; readonly method?: string } = {},
) {
  const { body, path = '/v1/chat/completions', method = 'POST' } = overrides;
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-local',
      'x-spillway-residency': 'us',
    },
    requestContext: { http: { method, path } },
    body: body === undefined ? undefined : Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

function proxyEvent(body: string) {
  const headers = {
    'content-type': 'application/json',
    authorization: 'Bearer sk-local',
    'x-spillway-residency': 'us',
  };
  return {
    httpMethod: 'POST',
    path: '/v1/chat/completions',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    body,
    isBase64Encoded: false,
    requestContext: { stage: 'prod' },
  };
}

async function provisionOwn(kind: TableKind): Promise<void> {
  const definition = tableDefinitions.find((table) => table.kind === kind);
  if (definition === undefined) throw new Error(`there is no table ${kind}`);
  const place = { deployment: 'acme', kind, account, region: 'us-east-1' } as const;
  const plan = { definition, name: tableName('acme', kind), arn: tableArn(place), region: 'us-east-1' };
  const access = { endpoint: aws.url, credentials: localCredentials(account) };
  await provisionTable({ ...plan, replicaRegions: [], guestAccounts: [] }, access);
}

async function setFaults(rules: readonly object[]): Promise<void> {
  const answer = await fetch(`${aws.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(rules) });
  if (!answer.ok) throw new Error(await answer.text());
}

describe('the bundled gateway function', () => {
  it('is small enough to start fast', () => {
    const bytes = code().reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes).toBeLessThan(BUNDLE_BYTES_MAX);
  });

  it('is written in characters of one byte: a single other one makes V8 keep two for each of its file', () => {
    for (const file of code()) expect(/[\u0100-\uffff]/.exec(readFileSync(file, 'utf8')), file).toBeNull();
  });

  it('has every part that it loads later', () => {
    const script = `globalThis.awslambda = { streamifyResponse: (handler) => handler };
      for (const file of ${JSON.stringify(code())}) await import(file);`;
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: '/', env: {} });
    expect(code().length).toBeGreaterThan(10);
  });

  it('answers a plain chat behind API Gateway', async () => {
    const answer = await sandbox.invoke(proxyEvent(chat({})));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.headers['x-spillway-region']).toMatch(/^us-/);
    const completion = JSON.parse(answer.body);
    expect(completion.choices[0].message.content.length).toBeGreaterThan(0);
    expect(completion.usage.total_tokens).toBeGreaterThan(0);
  });

  it('streams a chat behind a function URL, piece by piece', async () => {
    const answer = await sandbox.invoke(urlEvent({ body: chat({ stream: true }) }));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/event-stream');
    expect(answer.pieces.length).toBeGreaterThan(1);
    expect(answer.body.trimEnd().endsWith('data: [DONE]')).toBe(true);
  });

  it('keeps a file and gives it back, with the clients that it loads for the first of them', async () => {
    const access = { endpoint: aws.url, credentials: localCredentials(account) };
    await provisionOwn('batches');
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

  it('answers a GET and a path that does not exist', async () => {
    expect((await sandbox.invoke(urlEvent({ method: 'GET', path: '/healthz' }))).statusCode).toBe(200);
    expect((await sandbox.invoke(urlEvent({ method: 'GET', path: '/nothing' }))).statusCode).toBe(404);
  });

  it("refuses garbage in OpenAI's error format", async () => {
    const cut = await sandbox.invoke(urlEvent({ body: '{"model":' }));
    expect(cut.statusCode).toBe(400);
    expect(JSON.parse(cut.body).error.code).toBe('invalid_request');
    const alien = await sandbox.invoke({ Records: [{ eventSource: 'aws:sqs' }] });
    expect(alien.statusCode).toBe(400);
    expect(JSON.parse(alien.body).error.code).toBe('invalid_event');
  });

  it('ends a stream that breaks half-way with an error event and lives on', async () => {
    await setFaults([{ service: 'bedrock-runtime', kind: 'reset', afterChunks: 4 }]);
    const answer = await sandbox.invoke(urlEvent({ body: chat({ stream: true }) }));
    await setFaults([]);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('stream_interrupted');
    expect(sandbox.isRunning()).toBe(true);
    expect((await sandbox.invoke(proxyEvent(chat({})))).statusCode).toBe(200);
  });

  it('writes its metrics into its log, and nothing that a caller said', async () => {
    await sandbox.invoke(proxyEvent(chat({ messages: [{ role: 'user', content: 'a very private word' }] })));
    expect(sandbox.output()).toContain('"Namespace":"Spillway/Gateway"');
    expect(sandbox.output()).not.toContain('private');
    expect(sandbox.output()).not.toContain('sk-local');
  });

  it('answers without the web client that Node loads for its own Headers, Request and Response', async () => {
    const script = `
      import { PassThrough } from 'node:stream';
      const HttpResponseStream = { from: (stream, { statusCode }) => Object.assign(stream, { statusCode }) };
      globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream };
      const { handler } = await import(${JSON.stringify(bundle)});
      const stream = new PassThrough().resume();
      await handler(${JSON.stringify(proxyEvent(chat({})))}, stream, { getRemainingTimeInMillis: () => 40_000 });
      const loaded = process.moduleLoadList.some((name) => name.includes('undici'));
      console.log('told', stream.statusCode, loaded);
      process.exit(0);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: environmentOf(aws.url),
    });
    expect(stdout).toContain('told 200 false');
  });

  it('answers its first request while tables, STS and the control plane hang', async () => {
    await setFaults(
      ['dynamodb', 'sts', 'bedrock', 'monitoring'].map((service) => ({ service, kind: 'hang' })),
    );
    const cold = await openLambdaSandbox({ bundle, environment: environmentOf(aws.url) });
    try {
      const answer = await cold.invoke(proxyEvent(chat({})));
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['x-spillway-tier']).toBe('baseline');
    } finally {
      await cold.close();
      await setFaults([]);
    }
  });

  it('explains a wrong environment and starts once it is right', async () => {
    const { SPILLWAY_ACCOUNT: _, ...rest } = environmentOf(aws.url);
    const broken = await openLambdaSandbox({ bundle, environment: rest });
    try {
      expect((await broken.invoke(proxyEvent(chat({})))).statusCode).toBe(500);
      expect(broken.output()).toContain('SPILLWAY_ACCOUNT');
    } finally {
      await broken.close();
    }
  });

  it('carries no key of a tenant in itself', () => {
    for (const file of code()) expect(readFileSync(file, 'utf8'), file).not.toContain('sk-local');
  });
});

describe('behind a front door that checks signatures', () => {
  const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
  const signed = (name: string) => ({
    accountId: account,
    userArn: `arn:aws:sts::${account}:assumed-role/${name}/ada@example.com`,
    caller: 'AROAEXAMPLE:ada@example.com',
  });
  const config = {
    ...acme,
    frontDoor: { authorization: 'iam' },
    operators: { principals: [role('ops')] },
    tenants: {
      app: {
        keys: ['sk-local'],
        residencies: ['us'],
        defaultResidency: 'us',
        models: ['chat-small'],
        principals: [role('team/app')],
      },
    },
  };
  let door: LambdaSandbox;
  beforeAll(async () => {
    await provisionOwn('routes');
    const environment = { ...environmentOf(aws.url), SPILLWAY_CONFIG: JSON.stringify(config) };
    door = await openLambdaSandbox({ bundle, environment });
  }, 60_000);
  afterAll(() => door?.close());

  interface Call {
    readonly path?: string;
    readonly body?: object;
    readonly headers?: Readonly<Record<string, string>>;
  }
  const withoutKey = { 'content-type': 'application/json' };
  const rest = (identity: object, { path = '/v1/chat/completions', body, headers = {} }: Call = {}) => ({
    ...proxyEvent(body === undefined ? chat({}) : JSON.stringify(body)),
    path,
    headers: { ...withoutKey, ...headers },
    multiValueHeaders: undefined,
    requestContext: { stage: 'live', identity },
  });
  const url = (iam: object | undefined, { path = '/v1/chat/completions', headers = {} }: Call = {}) => ({
    ...urlEvent({ body: chat({}), path }),
    headers: { ...withoutKey, ...headers },
    requestContext: { http: { method: 'POST', path }, ...(iam === undefined ? {} : { authorizer: { iam } }) },
  });
  const outcome = async (event: object) => {
    const { statusCode, body } = await door.invoke(event);
    return `${statusCode} ${JSON.parse(body).error?.code ?? ''}`.trim();
  };

  it('lets in the role that signed, by API Gateway and by a function URL, and logs which', async () => {
    expect(await outcome(rest(signed('app')))).toBe('200');
    expect(await outcome(url(signed('app')))).toBe('200');
    await expect.poll(() => door.output()).toContain(`"principal":"${role('team/app')}"`);
    expect(door.output()).not.toContain('ada@example.com');
  });

  it('lets nobody else in, whatever headers, key or case they come with', async () => {
    const forged = {
      'x-amzn-iam-user-arn': signed('app').userArn,
      'x-spillway-principal': role('team/app'),
      'x-api-key': 'sk-local',
    };
    expect(await outcome(rest(signed('App'), { headers: forged }))).toBe('403 principal_not_allowed');
    expect(await outcome(rest(signed('app/x')))).toBe('403 principal_not_allowed');
    expect(await outcome(rest({ ...signed('app'), accountId: '222222222222' }))).toBe(
      '403 principal_not_allowed',
    );
    const { 'x-api-key': _key, ...unkeyed } = forged;
    expect(await outcome(url(undefined, { headers: unkeyed }))).toBe('401 invalid_api_key');
  });

  it('takes orders of operators alone, audits each, and does not call what they disabled', async () => {
    const answer = await door.invoke(rest(signed('app')));
    const target = answer.headers['x-spillway-target'] ?? '';
    const disable = {
      path: '/spillway/v1/operations/disable',
      body: { target, reason: 'it answers slowly', hours: 1 },
    };
    expect(await outcome(rest(signed('app'), disable))).toBe('403 operation_not_allowed');
    expect(await outcome(rest({ userArn: null }, { ...disable, headers: { 'x-api-key': 'sk-local' } }))).toBe(
      '403 operation_not_allowed',
    );
    await setFaults([
      { service: 'dynamodb', operation: 'PutItem', kind: 'error', error: 'InternalServerError' },
    ]);
    expect(await outcome(rest(signed('ops'), disable))).toBe('503 not_ready');
    await setFaults([]);
    expect((await door.invoke(rest(signed('app')))).headers['x-spillway-target']).toBe(target);
    expect(await outcome(rest(signed('ops'), disable))).toBe('200');
    const moved = await door.invoke(rest(signed('app')));
    expect([moved.statusCode, moved.headers['x-spillway-target'] === target]).toEqual([200, false]);
    const client = createTableClient({
      region: 'us-east-1',
      endpoint: aws.url,
      credentials: localCredentials(account),
    });
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName('acme', 'routes'),
        KeyConditionExpression: 'model = :model',
        ExpressionAttributeValues: { ':model': { S: '#audit#us-east-1' } },
      }),
    );
    client.destroy();
    expect(Items.map((item) => [item.operation?.S, item.by?.S])).toEqual([
      ['disable', signed('ops').userArn],
    ]);
  });
});
