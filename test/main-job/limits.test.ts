/** Limits of a tenant by the official client: gateways of two regions, two processes in each, over real sockets. */
import Anthropic from '@anthropic-ai/sdk';
import { BedrockRuntimeClient, ConverseCommand, ThrottlingException } from '@aws-sdk/client-bedrock-runtime';
import OpenAI, { RateLimitError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#adapters/system/system-clock.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { type ServedGateway, serveGateway } from '#server/node-server.ts';
import { type GatewayWorld, openGatewayWorld } from '#test/builders/gateway-world.ts';
import type { Clock } from '#usecases/ports/clock.ts';

const virginia = 'us-east-1';
const frankfurt = 'eu-central-1';

let world: GatewayWorld;
const servers: ServedGateway[] = [];
/** Of its own for each test, with full buckets. */
let tenant = '';
let tests = 0;
/** Moves when a test says so, and not otherwise. */
let passedMs = 0;
const startedAt = Date.now();
const clock: Clock = {
  ...systemClock,
  now: () => startedAt + passedMs,
  // Ten times the patience with the ledger: a busy machine is no outage.
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds * 10, signal),
};

beforeAll(async () => {
  world = await openGatewayWorld();
});
beforeEach(async () => {
  await world.setFaults([]);
  tests += 1;
  tenant = `tenant-${tests}`;
  passedMs = 0;
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await world?.close();
});

/** 30 requests a minute over two gateways: 15 in each region, 2.5 of them at once, one more every four seconds. */
function limitedConfig(): SpillwayConfig {
  const { config } = world;
  const { demo } = config.tenants;
  if (demo === undefined) throw new Error('the example has a tenant');
  const limited = { ...demo, limits: { requestsPerMinute: 30 } };
  return { ...config, gateways: [virginia, frankfurt], tenants: { [tenant]: limited } };
}

/** One process of a gateway behind a real server, with a client that retries nothing. */
async function openProcess(region: string) {
  const lines: string[] = [];
  const runtime = await world.openGateway(region, {
    config: limitedConfig(),
    clock,
    log: { write: (level, event) => void lines.push(`${level} ${event}`) },
  });
  const server = await serveGateway({ handle: (request) => runtime.gateway.answer(request), port: 0 });
  servers.push(server);
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'sk-local', maxRetries: 0 });
  const { url } = server;
  const limitLines = () => lines.filter((line) => line.includes('rate-limits'));
  return { url, ask: () => outcomeOf(client), limitLines };
}

/** `granted`, or the seconds after which the client is told to come back. */
async function outcomeOf(client: OpenAI): Promise<'granted' | number> {
  try {
    await client.chat.completions.create({
      model: 'chat-small',
      messages: [{ role: 'user', content: 'hello' }],
      max_tokens: 8,
    });
    return 'granted';
  } catch (error) {
    expect(error).toBeInstanceOf(RateLimitError);
    const { code, headers } = error as RateLimitError;
    expect(code).toBe('rate_limited');
    expect(headers?.get('x-ratelimit-limit-requests')).toBe('15');
    return Number(headers?.get('retry-after-ms')) / 1000;
  }
}

describe('a tenant with 30 requests a minute', () => {
  it('gets from each of two gateways exactly what its bucket holds, whichever process is asked', async () => {
    for (const region of [virginia, frankfurt]) {
      const [first, second] = [await openProcess(region), await openProcess(region)];
      expect([await first.ask(), await second.ask()]).toEqual(['granted', 'granted']);
      expect([await first.ask(), await second.ask()]).toEqual([2, 2]);
      passedMs += 1_999;
      expect([await first.ask(), await second.ask()]).toEqual([0.001, 0.001]);
      passedMs += 1;
      expect([await second.ask(), await first.ask()]).toEqual(['granted', 4]);
    }
  });

  it('is told so in the own words of Anthropic’s and AWS’s clients', async () => {
    const { url, ask } = await openProcess(virginia);
    expect([await ask(), await ask()]).toEqual(['granted', 'granted']);
    const anthropic = new Anthropic({ baseURL: url, apiKey: 'sk-local', authToken: null, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'hello' }];
    const refused = await anthropic.messages.create({ model: 'chat-small', max_tokens: 8, messages }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(Anthropic.RateLimitError);
    expect((refused as InstanceType<typeof Anthropic.RateLimitError>).headers.get('retry-after')).toBe('2');
    const aws = new BedrockRuntimeClient({
      endpoint: url,
      region: virginia,
      token: async () => ({ token: 'sk-local' }),
      authSchemePreference: ['httpBearerAuth'],
      maxAttempts: 1,
    });
    const converse = new ConverseCommand({
      modelId: 'chat-small',
      messages: [{ role: 'user', content: [{ text: 'hello' }] }],
    });
    await expect(aws.send(converse)).rejects.toBeInstanceOf(ThrottlingException);
    aws.destroy();
  });

  it('gets a burst and its rate in a minute of asking every second, and no more', async () => {
    const processes = [
      await openProcess(virginia),
      await openProcess(virginia),
      await openProcess(frankfurt),
      await openProcess(frankfurt),
    ];
    let granted = 0;
    for (let second = 0; second < 60; second += 1) {
      const outcomes = await Promise.all(processes.map((process) => process.ask()));
      granted += outcomes.filter((outcome) => outcome === 'granted').length;
      passedMs += 1_000;
    }
    // In each region 2.5 at once, and in the 59 s from the first to the last question 14.75 more.
    expect(granted).toBe(2 * 17);
  });
});

describe.each([
  ['error', { kind: 'error', error: 'InternalServerError' }],
  ['hang', { kind: 'hang' }],
  ['refuse', { kind: 'refuse' }],
  ['throttle', { kind: 'throttle' }],
])('while DynamoDB fails by %s', (_name, fault) => {
  it('gets what each process may have for sure, and all of it again afterwards', async () => {
    const [first, second] = [await openProcess(virginia), await openProcess(virginia)];
    // Each hears of the other.
    expect([await first.ask(), await second.ask()]).toEqual(['granted', 'granted']);
    passedMs += 20_000;
    expect(await first.ask()).toBe('granted');
    passedMs += 40_000;

    await world.setFaults([{ service: 'dynamodb', ...fault }]);
    // Half of the region's share each: one at once and a quarter, then one every eight seconds.
    expect([await first.ask(), await second.ask()]).toEqual(['granted', 'granted']);
    expect([await first.ask(), await second.ask()]).toEqual([6, 6]);
    passedMs += 6_000;
    expect([await first.ask(), await second.ask()]).toEqual(['granted', 'granted']);
    expect([first.limitLines(), second.limitLines()]).toEqual([
      ['warn rate-limits-degraded'],
      ['warn rate-limits-degraded'],
    ]);

    await world.setFaults([]);
    passedMs += 60_000;
    await first.ask();
    await expect.poll(() => first.limitLines(), { timeout: 10_000 }).toHaveLength(2);
    expect(first.limitLines()[1]).toBe('info rate-limits-restored');
    expect(await first.ask()).toBe('granted');
  });
});
