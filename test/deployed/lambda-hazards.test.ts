/**
 * What befalls functions in Lambda, befalling the gateway's own bundle: each caller hears a clear end, and no slot stays
 * taken. What is simulated of a freeze: the processes are stopped for real, the calendar jumps ten minutes on both sides,
 * connections die under the process; the time that sockets and timers count by does not jump, which is the harder case.
 */
import Anthropic from '@anthropic-ai/sdk';
import {
  BedrockRuntimeClient,
  BedrockRuntimeServiceException,
  ConverseCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type HazardGateway, type HazardWorld, openHazardWorld } from '#test/builders/hazard-world.ts';
import { failure } from '#test/main-job/clients/failure.ts';

/** What callers hear of a function that failed, and of one that Lambda did not call. */
const failedAtDoor = { type: 'error', error: { code: 'internal_error', message: 'The gateway failed.' } };
const refusedAtDoor = {
  type: 'error',
  error: {
    code: 'not_ready',
    message: 'The gateway takes no more requests at this moment, or this one is larger than 6 MB.',
  },
};

let world: HazardWorld;
/** Ends what a test leaves open. */
let leave: AbortController;

/** Answers of the endpoint begin, and stand still then for so long. */
const stalled = (milliseconds: number) => ({
  ...{ service: 'sagemaker-runtime', kind: 'stall-stream', afterChunks: 3, milliseconds },
});
const LONG_MS = 20_000;
/** A machine that pauses is no defect of the product. */
const patiently = { timeout: 20_000 };
const FROZEN_MS = 600_000;
/** Longer than a lease lasts that nobody gives back, whosever clock is wrong. */
const LEASE_OVER_MS = 33_000;
const streaming = { body: { stream: true } };

beforeAll(async () => {
  world = await openHazardWorld();
  leave = new AbortController();
});

afterEach(async () => {
  await world.closeGateways();
  await world.setFaults([]);
  // What nobody is left to give back is over by then.
  world.clock.move(LEASE_OVER_MS);
  await world.clearJournal();
});

afterAll(async () => {
  leave?.abort();
  await world?.close();
});

const [firstOf, statesOf] = [
  ({ host, arn }: HazardGateway) => host.environmentsAt(arn)[0],
  ({ host, arn }: HazardGateway) => host.environments(arn).map(({ state }) => state),
];

/** Answers from the table of routes: a machine that pauses may take what was compiled in for its first request. */
async function warmGateway(...options: Parameters<HazardWorld['openGateway']>): Promise<HazardGateway> {
  const gateway = await world.openGateway(...options);
  const tier = async () => {
    const answer = await gateway.chat();
    await answer.text();
    // The end of an answer comes before the end of its invocation: who asks in between gets an environment more.
    await untilIdle(gateway);
    return answer.headers.get('x-spillway-tier');
  };
  await expect.poll(tier, patiently).toBe('dedicated');
  await world.clearJournal();
  return gateway;
}

/**
 * A stream of the endpoint that has begun. On a busy machine the table of slots may be heard too late, and the call goes
 * elsewhere: then it is asked again.
 */
async function begun(
  gateway: HazardGateway,
  ask: Parameters<HazardGateway['chat']>[0] = streaming,
): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  for (const until = performance.now() + patiently.timeout; ; ) {
    const answer = await gateway.chat(ask);
    const tier = answer.headers.get('x-spillway-tier');
    if (tier === 'dedicated' && answer.body !== null) {
      const reader = answer.body.getReader();
      await reader.read();
      return reader;
    }
    const text = await answer.text();
    if (performance.now() > until) throw new Error(`${answer.status} ${tier}: ${text}`);
  }
}

async function rest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
  return Buffer.concat(chunks).toString();
}

const untilIdle = (gateway: HazardGateway) =>
  expect.poll(() => statesOf(gateway), patiently).toEqual(['idle']);
/** Ten minutes by everybody's calendar. The process is let go for the moment in which it reads that, and stopped again. */
async function passFrozen(gateway: HazardGateway): Promise<void> {
  const environment = firstOf(gateway);
  world.clock.move(FROZEN_MS);
  environment?.signal('SIGUSR2');
  environment?.hold(false);
  await expect.poll(() => world.clock.isHeardBy(environment?.pid), patiently).toBe(true);
  environment?.hold(true);
}

const untilNoSlots = () => expect.poll(() => world.slotsHeld(), patiently).toBe(0);

describe('an environment that was frozen for ten minutes', () => {
  it.each(['silent', 'reset'] as const)(
    'answers its next request although its connections died (%s) and its word of the world is old',
    async (how) => {
      const gateway = await warmGateway();
      expect(world.proxy.open).toBeGreaterThan(0);
      await passFrozen(gateway);
      world.proxy.cut(how);
      const { made, sentToDead } = world.proxy;
      const startedAt = performance.now();
      const answer = await gateway.chat(streaming);
      expect(await answer.text()).toContain('[DONE]');
      expect(answer.status).toBe(200);
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      // By connections of its own: to the tables and to the model's endpoint.
      expect(world.proxy.made - made).toBeGreaterThanOrEqual(2);
      expect(world.proxy.sentToDead).toBe(sentToDead);
      expect(gateway.host.environments(gateway.arn)).toHaveLength(1);
      await untilNoSlots();
    },
  );

  it('is stopped for real in between, and runs nothing', async () => {
    const gateway = await warmGateway();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const calls = await Promise.all(['dynamodb', 'sagemaker-runtime', 'bedrock-runtime'].map(world.journal));
    expect(calls.flat()).toEqual([]);
    expect((await gateway.chat()).status).toBe(200);
  });
});

describe('an environment that is killed', () => {
  it('breaks off an answer that has begun; its slot is free when its lease is over', async () => {
    const gateway = await warmGateway();
    await world.setFaults([stalled(LONG_MS)]);
    const reader = await begun(gateway);
    expect(await world.slotsHeld()).toBe(1);
    firstOf(gateway)?.signal('SIGKILL');
    await expect(rest(reader)).rejects.toThrow('terminated');
    await world.setFaults([]);
    // Nobody is left who could give it back; by the calendar it is over half a minute later.
    world.clock.move(LEASE_OVER_MS);
    expect(await world.slotsHeld()).toBe(0);
    await rest(await begun(gateway));
    await untilNoSlots();
  });

  it('answers 502 before its first byte', async () => {
    const gateway = await warmGateway();
    const services = ['sagemaker-runtime', 'bedrock-runtime'];
    await world.setFaults(services.map((service) => ({ service, kind: 'hang' })));
    const answer = gateway.chat();
    const called = async () => (await Promise.all(services.map(world.journal))).flat().length;
    await expect.poll(called, patiently).toBeGreaterThan(0);
    firstOf(gateway)?.signal('SIGKILL');
    expect([(await answer).status, await (await answer).json()]).toMatchObject([502, failedAtDoor]);
  });

  it('ends at once when it is told to, thawed or in the middle of a request', async () => {
    const gateway = await warmGateway();
    await world.setFaults([stalled(LONG_MS)]);
    const reader = await begun(gateway);
    firstOf(gateway)?.signal('SIGTERM');
    await expect(rest(reader)).rejects.toThrow('terminated');
    await world.setFaults([]);
    expect((await gateway.chat()).status).toBe(200);
    await untilIdle(gateway);
    firstOf(gateway)?.signal('SIGTERM');
    firstOf(gateway)?.hold(false);
    await expect.poll(() => firstOf(gateway)?.pid, patiently).toBeUndefined();
    expect((await gateway.chat()).status).toBe(200);
  });
});

describe('an init that fails', () => {
  it('calls nobody, whatever the module loads', async () => {
    const gateway = await world.openGateway();
    const { payload, functionError } = await gateway.host.invoke(gateway.arn, '{}');
    expect([functionError, payload.toString()]).toEqual([
      undefined,
      expect.stringContaining('invalid_event'),
    ]);
    const calls = await Promise.all(['dynamodb', 'sts', 's3', 'bedrock-runtime'].map(world.journal));
    expect(calls.flat()).toEqual([]);
  });

  it('is done again within the request that waits for it', async () => {
    const gateway = await world.openGateway({ preload: onceInTwo("throw new Error('not yet');") });
    expect((await gateway.chat()).status).toBe(200);
  });

  it('that never succeeds is 502 to every caller, until the function is mended', async () => {
    const gateway = await world.openGateway({ spec: { handler: 'other.handler' } });
    for (const answer of [await gateway.chat(), await gateway.chat()])
      expect([answer.status, await answer.json()]).toMatchObject([502, failedAtDoor]);
    expect((await gateway.chatAtUrl()).status).toBe(502);
    gateway.mend({ handler: 'index.handler' });
    expect((await gateway.chat()).status).toBe(200);
  });

  it('that takes too long is cut off, and done again within the request', async () => {
    const slow = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);';
    const gateway = await world.openGateway({ preload: onceInTwo(slow), host: { initMsMax: 500 } });
    expect((await gateway.chat()).status).toBe(200);
  });

  it('that always takes too long ends with the time of the function', async () => {
    const slow = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);';
    const short = { timeoutSeconds: 1 };
    const gateway = await world.openGateway({ preload: slow, host: { initMsMax: 200 }, spec: short });
    const answer = await gateway.chat();
    expect([answer.status, await answer.json()]).toMatchObject([502, failedAtDoor]);
  });

  it('for want of its configuration is told in the wire format, and not to the caller in detail', async () => {
    const environment = { SPILLWAY_CONFIG: 'nowhere.json', SPILLWAY_ACCOUNT: '111111111111' };
    const gateway = await world.openGateway({ spec: { environment } });
    const answer = await gateway.chat();
    const error = { code: 'internal_error', message: 'the gateway failed' };
    expect([answer.status, await answer.json()]).toMatchObject([500, { error }]);
    const [{ log } = { log: '' }] = gateway.host.environments(gateway.arn);
    expect(log).toContain('nowhere.json');
  });
});

/** Fails the first time in each temporary storage. */
const onceInTwo = (what: string) => `import { existsSync, writeFileSync } from 'node:fs';
  const mark = process.env.TMPDIR + '/begun';
  if (!existsSync(mark)) { writeFileSync(mark, ''); ${what} }`;

describe('concurrency', () => {
  it('that is used up is an error of the platform at once, and holds no slot', async () => {
    const gateway = await warmGateway({ spec: { reservedConcurrency: 2 } });
    await world.setFaults([stalled(LONG_MS)]);
    const caller = new AbortController();
    const ask = { ...streaming, signal: caller.signal };
    await Promise.all([begun(gateway, ask), begun(gateway, ask)]);
    const refused = await gateway.chat();
    expect([refused.status, await refused.json()]).toMatchObject([503, refusedAtDoor]);
    const throttled = await gateway.chatAtUrl();
    expect([throttled.status, await throttled.json()]).toMatchObject([429, { message: 'Rate Exceeded.' }]);
    expect(await world.slotsHeld()).toBe(2);
    for (const environment of gateway.host.environmentsAt(gateway.arn)) environment.signal('SIGKILL');
    await world.setFaults([]);
    await expect.poll(async () => (await gateway.chat()).status, patiently).toBe(200);
  });
});

describe('what the front door answers by itself', () => {
  it('is an error of their own to official clients, with its words, and asked again when it says', async () => {
    const gateway = await world.openGateway({ spec: { reservedConcurrency: 0 } });
    const { message } = refusedAtDoor.error;
    const content = 'Tell me of the sea.';
    const settings = { apiKey: 'sk-local', maxRetries: 0 };
    const openai = new OpenAI({ ...settings, baseURL: `${gateway.url}/v1` });
    const asked = { model: 'chat-small', max_tokens: 9, messages: [{ role: 'user' as const, content }] };
    const heard = await failure(openai.chat.completions.create(asked));
    expect(heard).toBeInstanceOf(OpenAI.InternalServerError);
    expect(heard).toMatchObject({ status: 503, message: `503 ${message}`, code: 'not_ready' });
    expect((heard as InstanceType<typeof OpenAI.APIError>).headers?.get('retry-after')).toBe('1');
    const anthropic = new Anthropic({ ...settings, baseURL: gateway.url });
    const said = await failure(anthropic.messages.create(asked));
    expect(said).toBeInstanceOf(Anthropic.InternalServerError);
    expect(said).toMatchObject({ status: 503, type: 'api_error', message: expect.stringContaining(message) });
    const credentials = { accessKeyId: 'sk-local', secretAccessKey: 'local' };
    const bedrock = new BedrockRuntimeClient({
      ...{ region: 'us-east-1', endpoint: gateway.url, credentials, maxAttempts: 2 },
      // A REST API speaks HTTP/1.1 to whoever asks in it.
      requestHandler: new DynamoDBClient({ region: 'us-east-1' }).config.requestHandler,
    });
    const parts = [{ role: 'user' as const, content: [{ text: content }] }];
    const told = await failure(bedrock.send(new ConverseCommand({ modelId: 'chat-small', messages: parts })));
    bedrock.destroy();
    expect(told).toBeInstanceOf(BedrockRuntimeServiceException);
    expect(told).toMatchObject({ message, $metadata: { httpStatusCode: 503, attempts: 2 } });
  });
});

describe('a caller who is gone', () => {
  it('is not told to the function, which goes on until the answer ends and gives its slot back', async () => {
    const gateway = await warmGateway();
    await world.setFaults([stalled(1_000)]);
    const caller = new AbortController();
    const reader = await begun(gateway, { ...streaming, signal: caller.signal });
    caller.abort();
    await expect(rest(reader)).rejects.toThrow();
    expect(statesOf(gateway)).toEqual(['busy']);
    expect(await world.slotsHeld()).toBe(1);
    await expect.poll(() => statesOf(gateway), patiently).toEqual(['idle']);
    expect(await world.slotsHeld()).toBe(0);
    expect(await world.journal('sagemaker-runtime')).toMatchObject([{ aborted: false }]);
  });
});

describe('the time of the function', () => {
  it('is not used up: the gateway ends the answer before, with an error the caller understands', async () => {
    const gateway = await warmGateway({ spec: { timeoutSeconds: 3 } });
    await world.setFaults([stalled(LONG_MS)]);
    const messages = [{ role: 'user', content: [{ text: 'Tell me of the sea.' }] }];
    // In its caller's own wire format: Converse has events of its own for that.
    const answer = await gateway.post('/model/chat-small/converse-stream', { messages });
    expect(await answer.text()).toContain('modelStreamErrorException');
    await untilIdle(gateway);
    expect(await world.slotsHeld()).toBe(0);
    expect(await world.journal('sagemaker-runtime')).toMatchObject([{ aborted: true }]);
  });
});

describe('sizes', () => {
  const text = (bytes: number) => ({ body: { messages: [{ role: 'user', content: 'x'.repeat(bytes) }] } });

  it('beyond 6 MB are refused by the front door before the gateway hears of them', async () => {
    const gateway = await world.openGateway();
    expect((await gateway.chatAtUrl(text(6 * 1024 * 1024))).status).toBe(413);
    const answer = await gateway.chat(text(6 * 1024 * 1024));
    expect([answer.status, await answer.json()]).toMatchObject([503, refusedAtDoor]);
    expect(gateway.host.environments(gateway.arn)).toEqual([]);
  });

  it('just below are the gateway’s to answer, in its own words', async () => {
    const gateway = await world.openGateway();
    const answer = await gateway.chat(text(5_900_000));
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect([200, 400, 413]).toContain(answer.status);
  });

  it('of a stream beyond what Lambda streams break it off, and give the slot back', async () => {
    const gateway = await warmGateway({ host: { streamedBytesMax: 2_000_000 } });
    await world.setFaults([{ service: 'sagemaker-runtime', kind: 'flood', bytes: 4_000_000 }]);
    const reader = await begun(gateway);
    await expect(rest(reader)).rejects.toThrow('terminated');
    await expect.poll(() => statesOf(gateway), patiently).toEqual(['idle']);
    await untilNoSlots();
    await world.setFaults([]);
    expect((await gateway.chat()).status).toBe(200);
  });
});
