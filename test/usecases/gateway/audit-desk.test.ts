import { describe, expect, it, vi } from 'vitest';
import { aStartedGateway, configWithoutBaseline } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { anAuditKeeper } from '#test/builders/audit-keeper.ts';
import { answering, aSignal, usageOf } from '#test/builders/scripted-invoker.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const frankfurt = aTarget({ region: 'eu-central-1' });

async function world(targets = [east, west, frankfurt]) {
  const audit = anAuditKeeper();
  const made = await aStartedGateway(targets, { overrides: { auditing: audit } });
  /** Records are written in a turn of their own, which virtual time knows nothing of. */
  const recorded = async () => {
    await vi.waitFor(() => expect(audit.records).not.toEqual([]));
    return audit.records;
  };
  return { ...made, audit, recorded };
}

describe('the record of a request', () => {
  it('says who asked, what bound it, whom it could have asked and why not, who was asked and what it cost', async () => {
    const { chat, invoker, recorded } = await world();
    invoker.script(east.id, answering(['a'], usageOf(10, 4)));
    await chat({}, { 'x-spillway-residency': 'us' });
    const [record, ...others] = await recorded();
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      schema: 2,
      kind: 'call',
      id: 'request-1',
      tenant: 'demo',
      region: 'us-east-1',
      residency: 'us',
      residencyAsked: 'us',
      allowed: ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
      model: 'chat-small',
      work: 'chat',
      streamed: false,
      versions: { code: '0.1.0', route: { version: 1, source: 'table' } },
      candidates: [frankfurt, east, west]
        .map(({ id }) => ({ target: id, tier: 'serverless' }))
        .sort(byTarget),
      decisionsMade: 1,
      attempts: [
        {
          target: east.id,
          account: east.account,
          region: 'us-east-1',
          scope: 'in-region',
          tier: 'serverless',
          statedReach: ['us-east-1'],
          reach: ['us-east-1'],
          outcome: 'answered',
        },
      ],
      outcome: 'answered',
      usage: { inputTokens: 10, outputTokens: 4, costPicoUsd: String(10 * 60_000 + 4 * 240_000) },
    });
    const [decision] = record?.decisions ?? [];
    const placeOf = (id: string) => record?.candidates.findIndex(({ target }) => target === id);
    expect(decision?.answer).toMatchObject({
      outcome: 'routed',
      plan: [placeOf(east.id), placeOf(west.id)],
      removed: [{ candidate: placeOf(frankfurt.id), by: 'residency', code: 'residency-forbidden' }],
    });
    expect(record?.answeredBy).toBe(placeOf(east.id));
  });

  it('has every attempt with the decision that led there, of a stream too', async () => {
    const { chat, invoker, recorded } = await world();
    invoker.script(east.id, {
      failsBefore: aSignal({ httpStatus: 503, errorName: 'ServiceUnavailableException' }),
    });
    await (await chat({ stream: true })).text();
    const [record] = await recorded();
    expect(record).toMatchObject({ streamed: true, decisionsMade: 2, outcome: 'answered' });
    expect(record?.attempts.map(({ target, outcome }) => [target, outcome === 'answered'])).toEqual([
      [east.id, false],
      [west.id, true],
    ]);
    expect(record?.decisions[1]?.asked.tried).toHaveLength(1);
  });

  it('names those who may have been woken with the words of the request', async () => {
    const cold = aDedicatedTarget({ state: 'cold', endpoint: 'cold' });
    const { chat, recorded } = await world([cold, east]);
    await chat();
    const [record] = await recorded();
    expect(record?.woken).toMatchObject([{ target: cold.id, words: 'callers', reach: ['us-east-1'] }]);
  });
});

describe('a refusal is a decision', () => {
  it.each([
    ['unknown_residency', { 'x-spillway-residency': 'the-moon' }, {}],
    ['wrong_gateway_region', { 'x-spillway-residency': 'eu' }, {}],
    ['model_not_found', {}, { model: 'gpt-99' }],
    ['invalid_request', {}, { messages: 'none' }],
  ] as const)('%s', async (code, headers, body) => {
    const { chat, recorded } = await world();
    await chat(body, headers);
    const records = await recorded();
    expect(records).toMatchObject([{ tenant: 'demo', outcome: code, decisions: [], attempts: [] }]);
  });

  it('no lawful target: with what was removed, and why', async () => {
    const { chat, recorded } = await world([frankfurt]);
    await chat();
    const records = await recorded();
    expect(records).toMatchObject([{ outcome: 'no_lawful_target', attempts: [] }]);
    expect(records[0]?.decisions[0]?.answer).toMatchObject({
      outcome: 'no_lawful_target',
      removed: [{ candidate: 0, code: 'residency-forbidden' }],
    });
  });

  it('whoever is nobody here leaves none: anybody could fill what can never be deleted', async () => {
    const { post, chat, recorded } = await world();
    await post('/v1/chat/completions', {}, { authorization: 'Bearer sk-nobody' });
    await chat();
    expect(await recorded()).toMatchObject([{ id: 'request-2', tenant: 'demo' }]);
  });
});

describe('whatever becomes of the trail', () => {
  it('answers stay as they are, and a record that cannot be written down is told as such', async () => {
    const told: object[] = [];
    const auditing = {
      ...anAuditKeeper(),
      versions: () => {
        throw new RangeError('no versions today');
      },
      trail: { record: (record: object) => void told.push(record), settled: async () => undefined },
    };
    const { chat, lines } = await aStartedGateway([east], { overrides: { auditing } });
    expect((await chat()).status).toBe(200);
    expect((await chat()).status).toBe(200);
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(told[0]).toEqual({
      schema: 2,
      kind: 'unwritten',
      id: 'request-1',
      at: '2026-11-21T08:00:00.000Z',
      region: 'us-east-1',
      residency: 'us',
      tenant: 'demo',
    });
    expect(lines).toContainEqual({
      level: 'error',
      event: 'audit-record-failed',
      facts: { requestId: 'request-1', error: 'RangeError' },
    });
  });

  it('a defect of ours that ends a request is recorded with whoever had its words', async () => {
    const audit = anAuditKeeper();
    let broken = false;
    const random = {
      next: () => {
        if (broken) throw new TypeError('a defect');
        return 0.5;
      },
    };
    const { chat, invoker } = await aStartedGateway([east], { overrides: { auditing: audit, random } });
    invoker.script(east.id, { failsBefore: aSignal({ httpStatus: 429, errorName: 'ThrottlingException' }) });
    broken = true;
    expect((await chat()).status).toBe(500);
    await vi.waitFor(() => expect(audit.records).toHaveLength(1));
    expect(audit.records).toMatchObject([
      { outcome: 'internal_error', attempts: [{ target: east.id, outcome: 'internal-error' }] },
    ]);
  });

  it('records who is over a limit', async () => {
    const audit = anAuditKeeper();
    const config = configWithoutBaseline();
    const { demo } = config.tenants;
    if (demo === undefined) throw new Error('the example has a tenant');
    const limited = { ...demo, limits: { requestsPerMinute: 1 } };
    const made = await aStartedGateway([east], {
      config: { ...config, gateways: ['us-east-1'], tenants: { demo: limited } },
      leap: false,
      overrides: { auditing: audit },
    });
    const statuses = [(await made.chat()).status, (await made.chat()).status];
    expect(statuses).toEqual([200, 429]);
    await vi.waitFor(() => expect(audit.records).toHaveLength(2));
    expect(audit.records[1]).toMatchObject({
      outcome: 'rate_limited',
      model: 'chat-small',
      decisions: [],
      attempts: [],
    });
  });
});

function byTarget(one: { readonly target: string }, other: { readonly target: string }): number {
  return one.target < other.target ? -1 : 1;
}
