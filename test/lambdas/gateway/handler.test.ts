import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTableClient } from '#adapters/aws/account-probe.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { tableName } from '#contract/resources.ts';
import acme from '#examples/acme.config.ts';
import {
  account,
  type BundledGateway,
  chat,
  openBundledGateway,
  proxyEvent,
  urlEvent,
} from '#test/builders/bundled-gateway.ts';
import { type LambdaSandbox, openLambdaSandbox } from '#test/builders/lambda-sandbox.ts';

let world: BundledGateway;
let sandbox: LambdaSandbox;
const setFaults: BundledGateway['setFaults'] = (rules) => world.setFaults(rules);

beforeAll(async () => {
  world = await openBundledGateway();
  ({ sandbox } = world);
}, 60_000);

afterAll(() => world?.close());

describe('the bundled gateway function', () => {
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

  it('answers its first request while tables, STS and the control plane hang', async () => {
    await setFaults(
      ['dynamodb', 'sts', 'bedrock', 'monitoring'].map((service) => ({ service, kind: 'hang' })),
    );
    const cold = await openLambdaSandbox({ bundle: world.bundle, environment: world.environment });
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
    const { SPILLWAY_ACCOUNT: _, ...rest } = world.environment;
    const broken = await openLambdaSandbox({ bundle: world.bundle, environment: rest });
    try {
      expect((await broken.invoke(proxyEvent(chat({})))).statusCode).toBe(500);
      expect(broken.output()).toContain('SPILLWAY_ACCOUNT');
    } finally {
      await broken.close();
    }
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
    await world.provisionOwn('routes');
    const environment = { ...world.environment, SPILLWAY_CONFIG: JSON.stringify(config) };
    door = await openLambdaSandbox({ bundle: world.bundle, environment });
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
      endpoint: world.awsUrl,
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
