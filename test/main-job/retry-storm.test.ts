/** Capacity, 5: agents that retry like mad cost a failing target no more than was asked. Counted by the journal. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SpillwayConfig } from '#contract/config.ts';
import { type ServedGateway, serveGateway } from '#server/node-server.ts';
import { type GatewayWorld, openGatewayWorld } from '#test/builders/gateway-world.ts';
import { eventually } from './spillway-process.ts';

const AGENTS = 200;
/** Requests in which a storm is measured. */
const MEASURED = 600;
/** A slow machine may need as long as an ejection, and then a probe is due. */
const PROBES_MAX = 5;
/** What a retry budget lets a process do beside a tenth of its requests, in each ten seconds. */
const BUDGET_FLOOR = 10;
const east = 'us-east-1';
const west = 'us-west-2';

let world: GatewayWorld;
let servers: readonly ServedGateway[] = [];
let closeServers: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  world = await openGatewayWorld();
});
beforeEach(async () => {
  await world.setFaults([]);
  const config = patientConfig();
  const runtimes = [await world.openGateway(east, { config }), await world.openGateway(east, { config })];
  servers = await Promise.all(
    runtimes.map((runtime) => serveGateway({ handle: (asked) => runtime.gateway.answer(asked), port: 0 })),
  );
  closeServers = async () => {
    for (const runtime of runtimes) runtime.gateway.stop();
    await Promise.all(servers.map((server) => server.close()));
  };
});
afterEach(() => closeServers());
afterAll(() => world?.close());

/** A busy machine is no outage. */
function patientConfig(): SpillwayConfig {
  const { config } = world;
  const { 'chat-small': model } = config.models;
  if (model === undefined) throw new Error('the example has a model');
  const deadlines = { ...model.deadlines, connectMs: 60_000, firstContentMs: 120_000, totalMs: 240_000 };
  return { ...config, models: { ...config.models, 'chat-small': { ...model, deadlines } } };
}

const failing = (region: string) => ({
  service: 'bedrock-runtime',
  region,
  kind: 'error',
  error: 'InternalServerException',
});
const body = JSON.stringify({
  model: 'chat-small',
  messages: [{ role: 'user', content: 'hello' }],
  max_tokens: 8,
});
const headers = {
  'content-type': 'application/json',
  authorization: 'Bearer sk-local',
  'x-spillway-residency': 'us',
};

/** Agents that ask without end, half of them as soon as they can and half as they are told, until they are stopped. */
function startStorm() {
  const tally = { asked: 0, underWay: 0, answered: 0, refused: 0 };
  let stopped = false;
  const live = async (index: number): Promise<void> => {
    const url = `${servers[index % servers.length]?.url}/v1/chat/completions`;
    while (!stopped) {
      tally.asked += 1;
      tally.underWay += 1;
      const response = await fetch(url, { method: 'POST', headers, body });
      await response.arrayBuffer();
      tally.underWay -= 1;
      if (response.ok) tally.answered += 1;
      else tally.refused += 1;
      const wishedMs = Number(response.headers.get('retry-after') ?? 0) * 1000;
      const pauseMs = index % 2 === 0 ? 10 : Math.min(500, Math.max(50, wishedMs));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const agents = Promise.all(Array.from({ length: AGENTS }, (_, index) => live(index)));
  return {
    tally,
    stop: async () => {
      stopped = true;
      await agents;
    },
  };
}

interface ModelCall {
  readonly seq: number;
  readonly region: string;
}

async function modelCalls(since = 0): Promise<readonly ModelCall[]> {
  const query = `service=bedrock-runtime&since=${since}`;
  return (await (await fetch(`${world.awsUrl}/_local/journal?${query}`)).json()) as readonly ModelCall[];
}

/** Whether the process would leave the target of this region out now. Calls no model. */
async function isOut({ url }: ServedGateway, region: string): Promise<boolean> {
  const response = await fetch(`${url}/spillway/v1/explain`, { method: 'POST', headers, body });
  const { removed } = (await response.json()) as { removed: readonly { target: string; code: string }[] };
  return removed.some(({ target, code }) => code === 'ejected' && target.includes(`/${region}/`));
}

/** The same of a process that has just started. */
async function isOutOfNewcomer(region: string): Promise<boolean> {
  const runtime = await world.openGateway(east, { config: patientConfig() });
  const server = await serveGateway({ handle: (asked) => runtime.gateway.answer(asked), port: 0 });
  try {
    return await isOut(server, region);
  } finally {
    runtime.gateway.stop();
    await server.close();
  }
}

/** From now on: what was asked, and the calls that came of it, those of requests under way left out. */
async function measure({ tally }: ReturnType<typeof startStorm>) {
  const last = (await modelCalls()).at(-1)?.seq ?? 0;
  const { asked, underWay } = tally;
  const startedMs = performance.now();
  await eventually(async () => (tally.asked - asked >= MEASURED ? true : undefined), 'a storm', 40_000);
  return async () => {
    const windows = 1 + Math.ceil((performance.now() - startedMs) / 10_000);
    const retries = 0.1 * tally.asked + BUDGET_FLOOR * windows * servers.length;
    return { asked: tally.asked - asked, underWay, retries, calls: await modelCalls(last) };
  };
}

describe('200 agents in a retry storm', () => {
  it('cost no more calls than they ask, once the failing target is out, and none of them fails', async () => {
    await world.setFaults([failing(east)]);
    const storm = startStorm();
    for (const server of servers)
      await eventually(async () => ((await isOut(server, east)) ? true : undefined), 'the ejection');
    const counted = await measure(storm);
    await storm.stop();
    const { asked, underWay, calls } = await counted();
    expect(storm.tally.refused).toBe(0);
    expect(asked).toBeGreaterThanOrEqual(MEASURED);
    expect(calls.length).toBeLessThanOrEqual(1.1 * asked + underWay);
    expect(calls.filter(({ region }) => region === east).length).toBeLessThanOrEqual(underWay + PROBES_MAX);
  });

  it('cost no more than the retry budget beside what they ask while every lawful target fails', async () => {
    await world.setFaults([failing(east), failing(west)]);
    const storm = startStorm();
    await eventually(async () => (storm.tally.refused > AGENTS ? true : undefined), 'a storm');
    const counted = await measure(storm);
    await storm.stop();
    const { asked, underWay, retries, calls } = await counted();
    expect(storm.tally.answered).toBe(0);
    expect(asked).toBeGreaterThanOrEqual(MEASURED);
    expect(calls.length).toBeLessThanOrEqual(asked + underWay + retries);
  });
});

it('is told to processes that start later, through the table: they call no model to find out', async () => {
  await world.setFaults([failing(east)]);
  const ask = ({ url }: ServedGateway) =>
    fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body }).then(({ status }) => status);
  for (let round = 0; round < 5; round += 1)
    for (const server of servers) expect(await ask(server)).toBe(200);
  let last = 0;
  await eventually(async () => {
    // On a slow machine the time of an ejection is over before a newcomer has started: its next probe renews it.
    for (const server of servers) await ask(server);
    last = (await modelCalls()).at(-1)?.seq ?? 0;
    return (await isOutOfNewcomer(east)) ? true : undefined;
  }, 'what a start knows');
  expect(await modelCalls(last)).toEqual([]);
});
