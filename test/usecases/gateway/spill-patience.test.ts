import { describe, expect, it } from 'vitest';
import { parseConfig, type SpillwayConfig } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';
import { aStartedGateway, configWithoutBaseline, type GatewayOptions } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { answering } from '#test/builders/scripted-invoker.ts';
import { createScriptedLedger, type LedgerScript } from '#test/builders/scripted-ledger.ts';

const wide = aDedicatedTarget({ share: { 'us-east-1': 8 } });
/** Of an answer that begins at once and goes on for so long. */
const lasting = (ms: number) => ({ ...answering(['a', 'b']), delaysMs: [0, 0, ms] });
const east = aTarget();

function withSpill(spill: object): SpillwayConfig {
  const parsed = parseConfig({ ...acme, capacity: { spill } });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.violations));
  return { ...parsed.config, models: configWithoutBaseline().models };
}

/** One request at a time, of a target whose calls last so long; `fullFor` says how often it is told "full" after the first. */
async function alone(
  callMs: number,
  answer: NonNullable<LedgerScript['answer']>,
  options: GatewayOptions = {},
  targets = [wide, east],
) {
  const capacity = createScriptedLedger({ answer, isRemote: true });
  const made = await aStartedGateway(targets, { ...options, overrides: { capacity, ...options.overrides } });
  made.invoker.script(wide.id, lasting(callMs));
  const ask = async (lane = 'interactive', headers = {}) => {
    const response = await made.chat({}, { 'x-spillway-lane': lane, ...headers });
    return { tier: response.headers.get('x-spillway-tier'), waitedMs: made.records.at(-1)?.slotWaitMs ?? 0 };
  };
  return { ...made, ask, demands: capacity.demands };
}

/** Grants the first, refuses so many, grants again. */
function fullTimes(times: number): NonNullable<LedgerScript['answer']> {
  let asked = 0;
  return () => {
    asked += 1;
    return asked === 1 || asked > 1 + times ? 'granted' : 'full';
  };
}

describe('a request that finds a dedicated target full', () => {
  it('waits for a slot that is expected within a tenth of its time to the first content, and has it', async () => {
    const { ask } = await alone(3000, fullTimes(1));
    await ask();
    const { tier, waitedMs } = await ask();
    expect(tier).toBe('dedicated');
    expect(waitedMs).toBeGreaterThan(0);
    expect(waitedMs).toBeLessThanOrEqual(250);
  });

  it('goes on to the next tier at the end of that tenth, and those after it at once until there is room', async () => {
    const { ask, demands, clock } = await alone(3000, fullTimes(1000), { leap: true });
    await ask();
    const waited = await ask();
    expect(waited).toMatchObject({ tier: 'serverless' });
    expect(waited.waitedMs).toBeGreaterThan(0);
    expect(waited.waitedMs).toBeLessThanOrEqual(500);
    expect(demands).toHaveLength(4);
    clock.advance(1000);
    expect(await ask()).toEqual({ tier: 'serverless', waitedMs: 0 });
    expect(demands).toHaveLength(5);
  });

  it.each([
    ['where no call has ended yet', 0],
    ['where its calls end too rarely', 9000],
  ])('goes on at once %s', async (_, callMs) => {
    const { ask, demands } = await alone(callMs, callMs === 0 ? () => 'full' : fullTimes(1000));
    if (callMs > 0) await ask();
    expect(await ask()).toEqual({ tier: 'serverless', waitedMs: 0 });
    expect(demands).toHaveLength(callMs > 0 ? 2 : 1);
  });

  it('goes on at once where the configuration says so', async () => {
    const { ask } = await alone(3000, fullTimes(1000), { config: withSpill({ waitShareMax: 0 }) });
    await ask();
    expect(await ask()).toEqual({ tier: 'serverless', waitedMs: 0 });
  });

  it('goes at once to another dedicated one that has room', async () => {
    const second = aDedicatedTarget({ endpoint: 'second', share: { 'us-east-1': 8 }, position: 1 });
    const { ask, records } = await alone(
      3000,
      ({ limit }) => (limit.target === wide.id && records.length > 0 ? 'full' : 'granted'),
      {},
      [wide, second, east],
    );
    await ask();
    expect(await ask()).toEqual({ tier: 'dedicated', waitedMs: 0 });
    expect(records.at(-1)?.attempts.map(({ target }) => target)).toEqual([second.id]);
  });

  it('waits no longer than a tenth of its own deadline', async () => {
    const { ask } = await alone(1000, fullTimes(1000));
    await ask();
    const { waitedMs } = await ask('interactive', { 'x-spillway-deadline-ms': '2000' });
    expect(waitedMs).toBeGreaterThan(0);
    expect(waitedMs).toBeLessThanOrEqual(200);
  });
});

describe('a bulk request', () => {
  it('waits whatever is expected: nobody waits for it', async () => {
    const { ask } = await alone(9000, fullTimes(1));
    await ask();
    expect(await ask('bulk')).toMatchObject({ tier: 'dedicated' });
  });

  it('waits no longer than a tenth where a process serves one request at a time', async () => {
    const { ask } = await alone(9000, fullTimes(1000));
    await ask();
    const { tier, waitedMs } = await ask('bulk');
    expect(tier).toBe('serverless');
    expect(waitedMs).toBeLessThanOrEqual(500);
  });
});

describe('in a process that serves many requests', () => {
  const narrow = aDedicatedTarget({ share: { 'us-east-1': 2 } });
  const many = { overrides: { servesMany: true } };

  async function crowd(callMs: number, options: GatewayOptions = {}) {
    const made = await aStartedGateway([narrow, east], { ...many, ...options });
    made.invoker.script(narrow.id, lasting(callMs));
    const ask = (lane = 'interactive') => made.chat({}, { 'x-spillway-lane': lane });
    const tiers = async (count: number, lane = 'interactive') => {
      const responses = await Promise.all(Array.from({ length: count }, () => ask(lane)));
      return responses.map((response) => response.headers.get('x-spillway-tier')).sort();
    };
    return { ...made, tiers };
  }

  it('it waits in the line, and has the slot of a call that ends', async () => {
    const { tiers, records } = await crowd(300);
    await tiers(1);
    expect(await tiers(3)).toEqual(['dedicated', 'dedicated', 'dedicated']);
    expect(records.map(({ slotWaitMs }) => slotWaitMs)).toEqual([0, 0, 0, 300]);
  });

  it('only so many wait as can have a slot in time', async () => {
    const { tiers, records } = await crowd(300);
    await tiers(1);
    const served = await tiers(12);
    expect(served.filter((tier) => tier === 'dedicated').length).toBeLessThan(12);
    for (const { slotWaitMs } of records) expect(slotWaitMs).toBeLessThanOrEqual(500);
  });

  it('bulk waits in the line for half of the time to the first content, where interactive calls go on', async () => {
    const { tiers, records } = await crowd(2000);
    await tiers(1);
    expect(await tiers(3)).toEqual(['dedicated', 'dedicated', 'serverless']);
    expect(await tiers(3, 'bulk')).toEqual(['dedicated', 'dedicated', 'dedicated']);
    expect(records.slice(1, 4).map(({ slotWaitMs }) => slotWaitMs)).toEqual([0, 0, 0]);
    expect(records.slice(4).map(({ slotWaitMs }) => slotWaitMs)).toEqual([0, 0, 2000]);
  });
});
