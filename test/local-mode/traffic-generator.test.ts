import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TrafficReport, TrafficSettings } from '#contract/local-traffic.ts';
import { TrafficGenerator } from '#local-mode/traffic-generator.ts';
import { trafficGround } from '#local-mode/traffic-order.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';

interface Asked {
  readonly key: string | undefined;
  readonly residency: string | undefined;
  readonly body: { model: string; max_tokens: number; messages: { content: string }[] };
}

let asked: Asked[] = [];
let respond: (response: ServerResponse, index: number) => void;
const whole = 'data: {"choices":[]}\n\ndata: [DONE]\n\n';
const answered = {
  'x-spillway-region': 'us-west-2',
  'x-spillway-tier': 'serverless',
  'x-spillway-attempts': '2',
};

const gateway = createServer((request: IncomingMessage, response) => {
  let body = '';
  request.on('data', (chunk) => (body += String(chunk)));
  request.on('end', () => {
    const { headers } = request;
    asked.push({
      key: headers.authorization,
      residency: headers['x-spillway-residency'] as string | undefined,
      body: JSON.parse(body),
    });
    respond(response, asked.length - 1);
  });
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterAll(() => gateway.close());
beforeEach(() => {
  asked = [];
  respond = (response) => response.writeHead(200, answered).end(whole);
});

const settings: TrafficSettings = {
  requestsPerSecond: 50,
  seconds: 0.5,
  trace: 'conversation',
  models: ['chat-large', 'chat-small'],
  residency: 'eu',
  gateways: ['eu-central-1', 'eu-west-1'],
};

async function until(
  generator: TrafficGenerator,
  holds: (report: TrafficReport) => boolean,
): Promise<TrafficReport> {
  const end = performance.now() + 15_000;
  while (!holds(generator.report)) {
    if (performance.now() > end) throw new Error(JSON.stringify(generator.report));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return generator.report;
}

const open = (urls: Record<string, string>): TrafficGenerator =>
  new TrafficGenerator(trafficGround(acmeConfig(), shippedFacts), () => urls);

describe('the traffic generator', () => {
  it('asks as the demo application, in the sizes of the trace, and stops by itself', async () => {
    const generator = open({ 'eu-central-1': url, 'eu-west-1': url });
    expect(generator.report).toMatchObject({ running: false, settings: null, sent: 0 });
    generator.start(settings);
    const report = await until(generator, ({ running, underWay }) => !running && underWay === 0);
    expect(report).toMatchObject({ settings, notSent: 0, failed: 0, answered: report.sent });
    // The trace has 25 or so within half a second of fifty a second; its first second is a burst.
    expect(report.sent).toBeGreaterThan(10);
    expect(report.sent).toBe(asked.length);
    expect(new Set(asked.map(({ body }) => body.model))).toEqual(new Set(settings.models));
    expect(asked.every(({ key, residency }) => key === 'Bearer sk-local' && residency === 'eu')).toBe(true);
    expect(asked[0]?.body.max_tokens).toBe(95);
    expect(asked[0]?.body.messages[0]?.content).toHaveLength(Math.ceil((391 * 4) / 5) * 5);
    expect(report.recent[0]).toMatchObject({
      region: 'us-west-2',
      tier: 'serverless',
      attempts: 2,
      code: null,
    });
  });

  it('tells what failed from what was answered, also where the stream breaks or nobody is there', async () => {
    respond = (response, index) => {
      if (index % 2 === 0) response.writeHead(429, answered).end('{"error":{"code":"capacity_exhausted"}}');
      else response.writeHead(200, answered).end('data: {"error":{"code":"stream_interrupted"}}\n\n');
    };
    const generator = open({ 'eu-central-1': url, 'eu-west-1': 'http://127.0.0.1:1' });
    generator.start(settings);
    const report = await until(generator, ({ running, underWay }) => !running && underWay === 0);
    expect(report.answered).toBe(0);
    const codes = new Set(report.recent.map(({ code }) => code));
    expect(codes).toEqual(new Set(['capacity_exhausted', 'stream_interrupted', 'unreachable']));
  });

  it('never has more than two hundred under way, and breaks them off when it is stopped', async () => {
    respond = () => undefined;
    const generator = open({ 'eu-central-1': url, 'eu-west-1': url });
    generator.start({ ...settings, requestsPerSecond: 5_000, seconds: 600 });
    const full = await until(generator, ({ notSent }) => notSent > 0);
    expect(full.underWay).toBe(200);
    await generator.close();
    expect(generator.report).toMatchObject({ running: false, underWay: 0, answered: 0, failed: 0 });
  });
});
