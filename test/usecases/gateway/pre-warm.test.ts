import { describe, expect, it } from 'vitest';
import type { SpillwayConfig } from '#contract/config.ts';
import type { Target } from '#core/target.ts';
import { aStartedGateway, configWithoutBaseline, type GatewayOptions } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

const east = aTarget();
const coldWriter = aDedicatedTarget({ state: 'cold', endpoint: 'writer', modelId: 'writer' });
const coldSearch = aDedicatedTarget({
  state: 'cold',
  endpoint: 'search',
  modelId: 'search',
  capabilities: {},
});
const titan = aTarget({ modelId: 'amazon.titan-embed-text-v2:0', capabilities: { output: ['EMBEDDING'] } });

/** What SageMaker says of an endpoint without a copy. */
const asleep = {
  service: 'sagemaker-runtime',
  kind: 'answer',
  phase: 'before',
  errorName: 'ValidationError',
  httpStatus: 400,
  message: 'Inference Component has no capacity to process this request.',
} as const;

/** The example with an endpoint for each model, and three chains to learn from. */
function configOf(chains: Partial<SpillwayConfig['chains']> = {}): SpillwayConfig {
  const config = configWithoutBaseline();
  const dedicated = config.models['chat-small']?.dedicated ?? [];
  const models = Object.entries(config.models).map(
    ([name, model]) => [name, { ...model, dedicated }] as const,
  );
  return { ...config, models: Object.fromEntries(models), chains: { ...config.chains, ...chains } };
}

async function world(
  options: {
    readonly writers?: readonly Target[];
    readonly chains?: Partial<SpillwayConfig['chains']>;
  } & GatewayOptions = {},
) {
  const { writers = [coldWriter, east], chains, ...rest } = options;
  const routes = [
    aRoute({ targets: [east] }),
    aRoute({ model: 'chat-large', targets: writers }),
    aRoute({ model: 'embed', targets: [coldSearch, titan] }),
  ];
  const made = await aStartedGateway([], { routes, config: configOf(chains), ...rest });
  for (const { id } of [coldWriter, coldSearch]) made.invoker.script(id, { failsBefore: asleep });
  let chainsBegun = 0;
  /** One chain: a first call, then the others. */
  const chain = async (later: readonly ('chat-large' | 'embed')[], headers: Record<string, string> = {}) => {
    chainsBegun += 1;
    const traceparent = `00-${String(chainsBegun).padStart(32, '0')}-00000000000000ab-01`;
    const traced = { traceparent, ...headers };
    await made.chat({}, traced);
    for (const model of later)
      await (model === 'embed'
        ? made.post('/v1/embeddings', { model, input: 'a secret' }, traced)
        : made.chat({ model }, traced));
  };
  const woken = () =>
    made.invoker.calls.filter(({ target }) => [coldWriter.id, coldSearch.id].includes(target));
  /** Three chains, and then long enough for every sleeper to be due again. */
  const learn = async () => {
    for (let index = 0; index < 3; index += 1) await chain(['embed', 'chat-large']);
    made.clock.advance(60_000);
    (made.invoker.calls as unknown[]).length = 0;
    made.records.length = 0;
  };
  return { ...made, chain, woken, learn };
}

describe('the first call of a chain', () => {
  it('wakes together what such chains needed, with one word of ours', async () => {
    const { chain, learn, woken, records } = await world();
    await learn();
    await chain([]);
    expect(woken().map(({ target }) => target)).toEqual([coldWriter.id, coldSearch.id]);
    expect(woken().map(({ call }) => call.request)).toEqual([
      {
        model: 'chat-large',
        system: [],
        messages: [{ role: 'user', content: [{ text: 'ping' }] }],
        inference: { maxTokens: 1 },
      },
      { model: 'embed', texts: ['ping'], purpose: 'search_document' },
    ]);
    expect(records.map(({ chain: linked }) => linked?.preWarms)).toEqual([2]);
  });
});

describe('what will answer a foretold call', () => {
  it('has its credentials fetched, inside the residency', async () => {
    const made = await world();
    const prepared: string[] = [];
    made.invoker.prepare = ({ id }) => void prepared.push(id);
    await made.learn();
    prepared.length = 0;
    await made.chain([]);
    expect(prepared.sort()).toEqual([east.id, titan.id].sort());
  });
});

describe('nothing is woken', () => {
  it('before three chains were seen, or where the configuration says so', async () => {
    const young = await world();
    await young.chain(['chat-large']);
    young.clock.advance(60_000);
    await young.chain([]);
    expect(young.woken()).toHaveLength(1);
    const off = await world({ chains: { preWarm: false } });
    await off.learn();
    await off.chain([]);
    expect(off.woken()).toEqual([]);
  });

  it('twice within a wake window', async () => {
    const { chain, learn, woken } = await world();
    await learn();
    for (let index = 0; index < 5; index += 1) await chain([]);
    expect(woken()).toHaveLength(2);
  });

  it('outside the residency of the call', async () => {
    const abroad = aDedicatedTarget({ ...coldWriter, region: 'eu-central-1', reach: ['eu-central-1'] });
    const { chain, learn, woken, invoker } = await world({ writers: [abroad, east] });
    await learn();
    await chain([]);
    expect(woken().map(({ target }) => target)).toEqual([coldSearch.id]);
    expect(invoker.calls.every(({ call }) => call.target.region === 'us-east-1')).toBe(true);
  });

  it('where a dedicated target of the model is awake', async () => {
    const warm = aDedicatedTarget({ endpoint: 'writer-2', modelId: 'writer' });
    const { chain, learn, woken } = await world({ writers: [coldWriter, warm] });
    await learn();
    await chain([]);
    expect(woken().map(({ target }) => target)).toEqual([coldSearch.id]);
  });

  it('for a key that may not use the model', async () => {
    const tenant = { name: 'demo', residencies: ['us'], defaultResidency: 'us' };
    let models = ['*'];
    const tenants = { identify: async () => ({ ...tenant, models }) };
    const { chain, learn, woken } = await world({ overrides: { tenants } });
    await learn();
    models = ['chat-small', 'embed'];
    await chain([]);
    expect(woken().map(({ target }) => target)).toEqual([coldSearch.id]);
  });

  it('because of what another tenant’s chains needed', async () => {
    const named = (name: string) => ({ name, residencies: ['us'], defaultResidency: 'us', models: ['*'] });
    let who = 'demo';
    const tenants = { identify: async () => named(who) };
    const { chain, learn, woken } = await world({ overrides: { tenants } });
    await learn();
    who = 'other';
    await chain([]);
    expect(woken()).toEqual([]);
  });
});

describe('the numbers of chains', () => {
  it('say how many calls a chain had, and once that it met a target without a copy', async () => {
    const { chain, records } = await world();
    await chain(['embed', 'chat-large', 'chat-large']);
    expect(records.map(({ chain: linked }) => linked)).toEqual([
      { firstModel: 'chat-small', isFirst: true, turnedCold: false, preWarms: 0 },
      { firstModel: 'chat-small', isFirst: false, turnedCold: true, preWarms: 0 },
      { firstModel: 'chat-small', isFirst: false, turnedCold: false, preWarms: 0 },
      { firstModel: 'chat-small', isFirst: false, turnedCold: false, preWarms: 0 },
    ]);
  });

  it('know a cold target that was thought to be awake', async () => {
    const writer = aDedicatedTarget({ ...coldWriter, state: 'warm' });
    const { chain, records } = await world({ writers: [writer, east] });
    await chain(['chat-large']);
    expect(records.map(({ chain: linked }) => linked?.turnedCold)).toEqual([false, true]);
  });

  it('are none of a call without a trace', async () => {
    const { chat, records } = await world();
    await chat();
    expect(records[0]?.chain).toBeUndefined();
  });
});
