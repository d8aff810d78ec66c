/** What it must show, 5: with everything but the models gone, a gateway answers; also one that has just started. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat, type SpillwayProcess, startSpillway } from './spillway-process.ts';

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
