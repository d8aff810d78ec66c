import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDynamodbObservationStore } from '#adapters/aws/dynamodb-observation-store.ts';
import { createDynamodbOperatorStore } from '#adapters/aws/dynamodb-operator-store.ts';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { createDynamodbVerificationStore } from '#adapters/aws/dynamodb-verification-store.ts';
import { pointsOfEmfLine } from '#adapters/aws/emf-gateway-metrics.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { availabilitySchema, explanationSchema } from '#contract/http.ts';
import { tableName } from '#contract/resources.ts';
import { routeDifferenceSchema, routeHistorySchema } from '#contract/route-history.ts';
import type { GatewayRuntime } from '#runtime/gateway-runtime.ts';
import { anObservation } from '#test/builders/an-observation.ts';
import { chatPost, type GatewayWorld, localKeys, openGatewayWorld } from '#test/builders/gateway-world.ts';
import { eventually } from '#test/builders/loopback-upstream.ts';
import { bedrockTarget } from '#test/builders/model-call.ts';
import { sealedRoute } from '#test/builders/route.ts';

let world: GatewayWorld;
let folder: string;

/** Ohio, which no baseline of the example names: an answer from there proves that the table's route was used. */
const ohio = bedrockTarget({
  id: '111111111111/us-east-2/amazon.nova-lite-v1:0',
  region: 'us-east-2',
  reach: ['us-east-2'],
});
/** Stockholm, in another account than the gateway of us-east-1. */
const stockholm = bedrockTarget({
  id: '222222222222/eu-north-1/amazon.nova-lite-v1:0',
  account: '222222222222',
  region: 'eu-north-1',
  reach: ['eu-north-1'],
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-test-'));
  world = await openGatewayWorld();
  const client = new DynamoDBClient({
    region: world.config.home.region,
    endpoint: world.awsUrl,
    credentials: localKeys(world.config.home.account),
  });
  const store = createDynamodbRouteStore({
    client,
    table: tableName(world.config.name, 'routes'),
    models: Object.keys(world.config.models),
    region: world.config.home.region,
    regions: [],
    digest: cryptoDigest,
  });
  await store.publish(sealedRoute({ residency: 'us', targets: [ohio] }));
  await store.publish(sealedRoute({ residency: 'anywhere', targets: [stockholm, ohio] }));
  await store.publish(sealedRoute({ model: 'chat-large', residency: 'anywhere', targets: [stockholm] }));
  const limited = { ...ohio, share: { 'us-east-1': 1 } };
  await store.publish(sealedRoute({ model: 'chat-large', residency: 'us', targets: [limited] }));
  await store.publish(sealedRoute({ model: 'embed', residency: 'anywhere', targets: [ohio] }));
  await store.publish(
    sealedRoute({ model: 'embed', residency: 'anywhere', version: 2, targets: [ohio, stockholm] }),
  );
  const hold = { model: 'embed', residency: 'anywhere', by: 'ada', reason: 'a release' };
  await store.saveHold({ ...hold, until: '9999-01-01T00:00:00.000Z' });
  await saveDenied(client);
  client.destroy();
});

/** Discovery lists Virginia as available; verify's last call was refused. */
async function saveDenied(client: DynamoDBClient): Promise<void> {
  const target = anObservation();
  const { id, account, region } = target;
  const at = Date.now();
  const table = tableName(world.config.name, 'observations');
  const observations = createDynamodbObservationStore({ client, table, places: [{ account, region }] });
  await observations.save({ account, region, at, failures: [], targets: [target] });
  const proof = {
    target: id,
    at,
    outcome: 'refused',
    errorName: 'AccessDeniedException',
    refusals: 1,
  } as const;
  await createDynamodbVerificationStore({ client, table }).save(proof);
}

afterEach(async () => {
  await world.setFaults([]);
  await world.closeGateways();
});

afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true });
});

const us = { 'x-spillway-residency': 'us' };

/** How long this process, AWS's stand-in included, had nothing to do: a busy machine makes nobody wait for an answer. */
const waitedSince = (before: ReturnType<typeof performance.eventLoopUtilization>): number =>
  performance.eventLoopUtilization(before).idle;

async function ask(
  runtime: GatewayRuntime,
  headers: Readonly<Record<string, string>> = us,
  model = 'chat-small',
) {
  const before = performance.eventLoopUtilization();
  const response = await runtime.gateway.handle(chatPost({ model }, headers));
  const body = await response.json();
  return {
    status: response.status,
    region: response.headers.get('x-spillway-region'),
    tier: response.headers.get('x-spillway-tier'),
    attempts: response.headers.get('x-spillway-attempts'),
    body,
    waitedMs: waitedSince(before),
  };
}

describe('a gateway, put together', () => {
  it('answers from the route that the table holds', async () => {
    const runtime = await world.openGateway('us-east-1');
    // A start waits 250 ms for its table, which a busy machine may need longer for.
    await runtime.gateway.refresh();
    expect(await ask(runtime)).toMatchObject({ status: 200, region: 'us-east-2', tier: 'serverless' });
  });

  it('reads the replica of its own region, in an account that does not own the table', async () => {
    const runtime = await world.openGateway('eu-central-1');
    await eventually(async () => {
      const answer = await ask(runtime, { 'x-spillway-residency': 'anywhere' });
      return answer.region === 'eu-north-1' && answer.tier === 'serverless';
    }, 'the replica has the route');
  });

  it('tells the history of a route and the difference of versions from the replica of its own region', async () => {
    const { gateway } = await world.openGateway('eu-central-1');
    const read = async (path: string): Promise<unknown> => {
      const request = new Request(`http://gateway.test/spillway/v1/routes/embed/${path}&residency=anywhere`, {
        headers: { authorization: 'Bearer sk-local' },
      });
      return (await gateway.handle(request)).json();
    };
    const readHistory = async () => routeHistorySchema.safeParse(await read('history?')).data;
    await eventually(async () => {
      const history = await readHistory();
      return history?.versions.length === 2 && history.holds.length === 1;
    }, 'the replica has both versions and the hold');
    const history = await readHistory();
    expect(history?.versions[0]).toMatchObject({
      version: 2,
      changes: { added: [stockholm.id], removed: [] },
    });
    expect(history?.holds).toMatchObject([{ by: 'ada', region: world.config.home.region }]);
    const difference = routeDifferenceSchema.parse(await read('difference?from=2&to=1'));
    expect(difference).toMatchObject({ changes: { added: [], removed: [stockholm.id] }, forbidden: [] });
  });

  it('leases a slot in the table of its region, and has given it back when it is settled', async () => {
    const runtime = await world.openGateway('us-east-1');
    const since = (await world.journal('dynamodb')).length;
    // A busy machine may hear of the lease too late, and its call goes elsewhere.
    await eventually(
      async () => (await ask(runtime, us, 'chat-large')).region === 'us-east-2',
      'a call goes to the target whose slot was leased',
    );
    await runtime.gateway.settled();
    const calls = (await world.journal('dynamodb')).slice(since);
    const writes = calls.filter(({ operation }) => operation === 'UpdateItem');
    // A lease and its return; one that is not heard of in time is asked for again.
    expect(writes.length).toBeGreaterThanOrEqual(2);
    expect(new Set(writes.map(({ target }) => target))).toEqual(new Set(['acme-capacity']));
  });

  it('takes a block of slots where its shell serves many requests, and lends from it without a further write', async () => {
    const runtime = await world.openGateway('us-east-1', { servesMany: true });
    const since = (await world.journal('dynamodb')).length;
    // A busy machine may hear of the first block too late, and its call goes elsewhere.
    for (let call = 0; call < 8; call += 1)
      expect(await ask(runtime, us, 'chat-large')).toMatchObject({ status: 200 });
    await runtime.gateway.settled();
    const calls = (await world.journal('dynamodb')).slice(since);
    // What was learned is told there as well, once.
    const asked = calls.filter(({ target }) => target === 'acme-capacity');
    expect(asked.length).toBeGreaterThanOrEqual(1);
    expect(asked.length).toBeLessThan(8);
  });

  it('counts a chain with the other processes of its region, in the table that they share', async () => {
    const lines: string[] = [];
    const metricsOut = (line: string) => void lines.push(line);
    const traced = { ...us, traceparent: `00-${'7'.repeat(32)}-00000000000000ab-01` };
    const follow = async () => {
      const runtime = await world.openGateway('us-east-1', { metricsOut });
      expect(await ask(runtime, traced)).toMatchObject({ status: 200 });
      await runtime.gateway.settled();
    };
    // On a busy machine a note may come too late to count: the next one begins the chain then.
    await eventually(async () => {
      await follow();
      return lines.filter((line) => line.includes('"event":"chain-call"')).length >= 2;
    }, 'two calls of the chain are counted');
    const calls = lines.filter((line) => line.includes('"event":"chain-call"'));
    expect(calls.filter((line) => line.includes('"Chains":1')).length).toBeLessThanOrEqual(1);
  });

  it('keeps slots to itself where it is the one process of its region', async () => {
    const runtime = await world.openGateway('us-east-1', { capacityLedger: 'memory' });
    const since = (await world.journal('dynamodb')).length;
    expect(await ask(runtime, us, 'chat-large')).toMatchObject({ status: 200, region: 'us-east-2' });
    const calls = (await world.journal('dynamodb')).slice(since);
    expect(calls.filter(({ operation }) => operation === 'UpdateItem')).toEqual([]);
  });

  it('assumes the role of another account for its targets', async () => {
    const runtime = await world.openGateway('us-east-1');
    await runtime.gateway.refresh();
    const answer = await ask(runtime, { 'x-spillway-residency': 'anywhere' }, 'chat-large');
    expect(answer).toMatchObject({ status: 200, region: 'eu-north-1', tier: 'serverless' });
    const assumed = (await world.journal('sts')).filter(({ operation }) => operation === 'AssumeRole');
    expect(assumed.length).toBeGreaterThanOrEqual(1);
  });

  it('shows what verify was refused as denied, from an account that does not own the table', async () => {
    const runtime = await world.openGateway('eu-central-1');
    const response = await runtime.gateway.handle(
      new Request('http://gateway.test/spillway/v1/availability?region=us-east-1', {
        headers: { authorization: 'Bearer sk-local' },
      }),
    );
    const { targets } = availabilitySchema.parse(await response.json());
    expect(targets).toMatchObject([
      { state: 'denied', reasons: ['denied-by-verification-AccessDeniedException'] },
    ]);
  });

  it('writes a line of metrics for each request', async () => {
    const lines: string[] = [];
    const runtime = await world.openGateway('us-east-1', { metricsOut: (line) => lines.push(line) });
    await ask(runtime);
    const names = () => lines.flatMap(pointsOfEmfLine).map(({ name }) => name);
    await eventually(() => names().includes('Requests'), 'a line of the request');
    expect(names()[0]).toBe('GatewayStartTime');
  });

  it('holds no line once an answer is read, because a function may be frozen then', async () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    onTestFinished(() => written.mockRestore());
    const runtime = await world.openGateway('us-east-1', { log: undefined, metricsOut: undefined });
    await ask(runtime);
    const lines = written.mock.calls.map(([text]) => String(text)).join('');
    expect(lines).toContain('"Namespace":"Spillway/Gateway"');
    expect(lines).toContain('"level":"info","event":"request"');
  });

  it('joins lines where it may hold them, and writes the rest when it is closed', async () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    onTestFinished(() => written.mockRestore());
    // Others in this process may write too: these are the gateway's own.
    const aRequest = '"event":"request"';
    const lines = () =>
      written.mock.calls.map(([text]) => String(text)).filter((text) => text.includes(aRequest));
    const held = { log: undefined, metricsOut: undefined, linesHeldMsMax: 60_000 };
    const runtime = await world.openGateway('us-east-1', held);
    for (let count = 0; count < 3; count += 1) await ask(runtime);
    expect(lines()).toEqual([]);
    await runtime.close();
    expect(lines()).toHaveLength(1);
    const metrics = lines()
      .join('')
      .match(/"Namespace":"Spillway\/Gateway"/g);
    expect(metrics?.length).toBeGreaterThanOrEqual(3);
  });

  it('leaves nothing open when it is closed', async () => {
    const runtime = await world.openGateway('us-east-1');
    await ask(runtime);
    await runtime.close();
    const answer = await ask(runtime);
    expect(answer.status).toBe(502);
  });
});

/** What a request may wait while everything around it is broken: far below the shortest deadline of a call. */
const BROKEN_MS_MAX = 2_000;
/** `start` waits at most 250 ms for the table. */
const START_MS_MAX = 1_000;
/** A file is written off the request's path; a busy machine takes its time. */
const KEPT_MS_MAX = 5_000;

const kinds = [{ kind: 'error' }, { kind: 'hang' }, { kind: 'refuse' }, { kind: 'throttle' }] as const;

const errorNames: Readonly<Record<string, string>> = {
  dynamodb: 'InternalServerError',
  sts: 'ExpiredTokenException',
  bedrock: 'InternalServerException',
  monitoring: 'InternalServiceFault',
};

function everythingFails(kind: string): readonly object[] {
  return Object.entries(errorNames).map(([service, error]) => ({
    service,
    kind,
    ...(kind === 'error' ? { error } : {}),
  }));
}

describe.each(kinds)('while tables, STS, the control plane and monitoring all fail by $kind', ({ kind }) => {
  it('a running gateway answers from the routes that it has', async () => {
    const runtime = await world.openGateway('us-east-1');
    // A start waits 250 ms for its table, which a busy machine may need longer for.
    await runtime.gateway.refresh();
    await world.setFaults(everythingFails(kind));
    for (let request = 0; request < 5; request += 1) {
      const answer = await ask(runtime);
      expect(answer).toMatchObject({ status: 200, region: 'us-east-2', tier: 'serverless', attempts: '1' });
      expect(answer.waitedMs).toBeLessThan(BROKEN_MS_MAX);
    }
  });

  it('a gateway that has just started is ready at once and answers from its compiled baseline', async () => {
    await world.setFaults(everythingFails(kind));
    const before = performance.eventLoopUtilization();
    const runtime = await world.openGateway('us-east-1');
    expect(waitedSince(before)).toBeLessThan(START_MS_MAX);
    expect(runtime.gateway.isReady()).toEqual({ ready: true, missing: [] });
    const answer = await ask(runtime);
    expect(answer).toMatchObject({ status: 200, region: 'us-east-1', tier: 'baseline', attempts: '1' });
    expect(answer.waitedMs).toBeLessThan(BROKEN_MS_MAX);
  });

  it('a gateway that starts again answers from the last good routes of the one before', async () => {
    const lastGoodDirectory = join(folder, kind);
    const before = await world.openGateway('us-east-1', { lastGoodDirectory });
    await ask(before);
    // Routes are kept off the request's path: a busy machine may take a moment.
    await vi.waitFor(
      // A draft carries the name too, with more behind it.
      () => expect(readdirSync(lastGoodDirectory)).toContainEqual(expect.stringMatching(/-routes\.json$/)),
      KEPT_MS_MAX,
    );
    await before.close();
    await world.setFaults(everythingFails(kind));
    const after = await world.openGateway('us-east-1', { lastGoodDirectory });
    // The start waits 250 ms for the file; a busy machine may need longer, and then the baseline answers first.
    const kept = { status: 200, region: 'us-east-2', tier: 'serverless' };
    await vi.waitFor(async () => expect(await ask(after)).toMatchObject(kept), KEPT_MS_MAX);
  });

  it('a gateway passes over the accounts that it has no credentials for', async () => {
    const runtime = await world.openGateway('us-east-1');
    await world.setFaults(everythingFails(kind));
    for (let request = 0; request < 4; request += 1) {
      const answer = await ask(runtime, { 'x-spillway-residency': 'anywhere' }, 'chat-large');
      expect(answer).toMatchObject({ status: 200, tier: 'baseline', region: 'us-east-1' });
      expect(answer.waitedMs).toBeLessThan(BROKEN_MS_MAX);
    }
  });
});

it('sends a caller to the addresses that its configuration names', async () => {
  const gatewayUrls = { 'eu-central-1': 'https://eu.example.com' };
  const config = { ...world.config, gatewayUrls };
  const { gateway } = await world.openGateway('us-east-1', { config });
  const response = await gateway.handle(chatPost({}, { 'x-spillway-residency': 'eu' }));
  expect(response.status).toBe(421);
  expect(await response.json()).toMatchObject({
    gateways: [{ region: 'eu-central-1', url: 'https://eu.example.com' }],
  });
});

it('hears what an operator switched off at home where no gateway stands at home', async () => {
  const { config, awsUrl } = world;
  const { region } = config.home;
  const client = new DynamoDBClient({
    ...{ region, endpoint: awsUrl, credentials: localKeys(config.home.account) },
  });
  const table = tableName(config.name, 'routes');
  // As the command line writes it unless it is told otherwise.
  const words = createDynamodbOperatorStore({ client, table, region, regions: [] });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await words.saveDisabled({ target: stockholm.id, by: 'ada', reason: 'maintenance', until });
  onTestFinished(() => client.destroy());
  const away = { ...config, gateways: ['eu-central-1'] };
  const { gateway } = await world.openGateway('eu-central-1', { config: away });
  await eventually(
    async () => {
      // On a busy machine it has started before its table answered, and would look again in five seconds.
      await gateway.refresh();
      const question = chatPost({}, { 'x-spillway-residency': 'anywhere' });
      const response = await gateway.handle(
        new Request('http://gateway.invalid/spillway/v1/explain', question),
      );
      const { removed } = explanationSchema.parse(await response.json());
      return removed.some(({ target, code }) => target === stockholm.id && code === 'operator-disabled');
    },
    'the gateway leaves the target out',
    20_000,
  );
});
