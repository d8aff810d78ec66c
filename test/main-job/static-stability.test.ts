/**
 * What it must show, 5: with everything but the models gone, a gateway answers; also one that has just started. And it
 * knows its callers: by keys that stand in the table and in no configuration.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { apiKeyOf } from '#test/builders/a-key.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { openDetachedGateway } from './detached-gateway.ts';
import { chat, eventually, type SpillwayProcess, startSpillway } from './spillway-process.ts';

const dark = ['dynamodb', 'sts', 'bedrock', 'monitoring'];
/** A start takes about two seconds; in the dark it may wait for the first calls that hang, and no longer. */
const usual = { ready: 10_000, answer: 2_000 };

const rules = (kind: string): readonly unknown[] =>
  dark.map((service) => ({ service, kind, ...(kind === 'error' ? { error: errorOf(service) } : {}) }));

/** A server-side error that the service models. */
function errorOf(service: string): string {
  return (
    {
      dynamodb: 'InternalServerError',
      sts: 'RegionDisabledException',
      bedrock: 'InternalServerException',
      monitoring: 'InternalServiceFault',
    }[service] ?? ''
  );
}

const kinds = ['error', 'hang', 'refuse', 'throttle'];
const residencyOf: Record<string, string> = {
  'us-east-1': 'us',
  'eu-central-1': 'eu',
  'ap-northeast-1': 'japan',
  'eu-west-1': 'eu',
};

describe('with DynamoDB, STS, discovery and CloudWatch failing, a running gateway', () => {
  let spillway: SpillwayProcess;
  beforeAll(async () => {
    spillway = await startSpillway({ parameters: ['--discover-every', '1'] });
  });
  afterAll(() => spillway?.close());

  it.each(kinds)('goes on answering: %s', async (kind) => {
    await spillway.control('PUT', 'faults', rules(kind));
    const started = performance.now();
    for (const { url, region } of spillway.gateways) {
      const response = await chat(url);
      expect([region, response.status]).toEqual([region, 200]);
      await response.json();
    }
    expect(performance.now() - started).toBeLessThan(usual.answer * spillway.gateways.length);
  });
});

describe('with DynamoDB, STS, discovery and CloudWatch failing, a gateway that starts', () => {
  it.each(kinds)('is ready in its usual time and answers from its baseline: %s', async (kind) => {
    const started = performance.now();
    const spillway = await startSpillway({ faults: rules(kind) });
    try {
      expect(performance.now() - started).toBeLessThan(usual.ready);
      for (const { url, region } of spillway.gateways) {
        const response = await chat(url, { headers: { 'x-spillway-residency': residencyOf[region] ?? '' } });
        const tier = response.headers.get('x-spillway-tier');
        expect([region, response.status, tier]).toEqual([region, 200, 'baseline']);
        await response.json();
      }
    } finally {
      await spillway.close();
    }
  });
});

const stranger = apiKeyOf(0).key;
const withKey = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

/** Makes a key of the example's tenant in the table; the configuration knows nothing of it. */
async function createKey(spillway: SpillwayProcess): Promise<string> {
  const { stdout, stderr } = await runCommandLine(
    ['key', 'create', '--tenant', 'demo', '--label', 'stable', '--json', '--aws-url', spillway.awsUrl],
    { now: new Date().toISOString() },
  );
  if (stdout === '') throw new Error(`no key was made: ${stderr}`);
  return JSON.parse(stdout).key;
}

describe('with DynamoDB, STS, discovery and CloudWatch failing, a key of the table', () => {
  let spillway: SpillwayProcess;
  let key: string;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'spillway-kept-'));
    spillway = await startSpillway({ parameters: ['--discover-every', '1'] });
    key = await createKey(spillway);
    for (const { url } of spillway.gateways)
      await eventually(
        async () => ((await statusOf(url, key)) === 200 ? true : undefined),
        'the gateway knows the key',
      );
  }, 60_000);
  afterEach(() => spillway.control('PUT', 'faults', []));
  afterAll(async () => {
    await spillway?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function statusOf(url: string, apiKey: string): Promise<number> {
    const response = await chat(url, withKey(apiKey));
    await response.body?.cancel();
    return response.status;
  }

  it.each(kinds)(
    'still opens every gateway that runs, and a stranger is told to come back: %s',
    async (kind) => {
      await spillway.control('PUT', 'faults', rules(kind));
      for (const { url, region } of spillway.gateways) {
        const started = performance.now();
        expect([region, await statusOf(url, key)]).toEqual([region, 200]);
        expect(performance.now() - started).toBeLessThan(usual.answer);
      }
      for (const { url } of spillway.gateways) {
        await eventually(
          async () => ((await statusOf(url, stranger)) === 503 ? true : undefined),
          'a stranger gets 503',
          20_000,
        );
        const response = await chat(url, withKey(stranger));
        expect(await response.json()).toMatchObject({ error: { code: 'auth_unavailable' } });
        expect(await statusOf(url, key)).toBe(200);
      }
    },
    60_000,
  );

  it.each(kinds)(
    'opens a gateway that starts from what the last one kept: %s',
    async (kind) => {
      const lastGoodDirectory = join(folder, kind);
      const options = { awsUrl: spillway.awsUrl, region: 'eu-central-1', lastGoodDirectory };
      const before = await openDetachedGateway(options);
      await eventually(
        async () =>
          existsSync(lastGoodDirectory) &&
          readdirSync(lastGoodDirectory).some((name) => name.endsWith('-keys.json'))
            ? true
            : undefined,
        'the keys are kept',
      );
      await before.close();
      await spillway.control('PUT', 'faults', rules(kind));
      const after = await openDetachedGateway(options);
      try {
        expect(after.startedMs).toBeLessThan(usual.answer);
        const residency = { 'x-spillway-residency': 'eu' };
        expect((await after.chat(key, residency)).status).toBe(200);
        expect((await after.chat(stranger, residency)).status).toBe(503);
        expect((await after.chat(`${key.slice(0, -1)}!`, residency)).status).toBe(401);
      } finally {
        await after.close();
      }
    },
    30_000,
  );

  it.each(kinds)('cannot be judged by a gateway that starts and never saw it: %s', async (kind) => {
    await spillway.control('PUT', 'faults', rules(kind));
    const gateway = await openDetachedGateway({ awsUrl: spillway.awsUrl, region: 'eu-central-1' });
    try {
      const answer = await gateway.chat(key, { 'x-spillway-residency': 'eu' });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      const configured = await gateway.chat('sk-local', { 'x-spillway-residency': 'eu' });
      expect(configured.status).toBe(200);
      // No baseline is lawful there, and nobody can say that nothing is.
      const unknown = await gateway.chat('sk-local', { 'x-spillway-residency': 'frankfurt' });
      expect([unknown.status, unknown.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await unknown.json()).toMatchObject({ error: { code: 'not_ready' } });
    } finally {
      await gateway.close();
    }
  });
});
