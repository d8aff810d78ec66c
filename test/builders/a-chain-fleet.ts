/** One-request gateways of one region over one real capacity table, as a function's environments: for chains of five calls. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamodbLearnedStore } from '#adapters/aws/dynamodb-learned-store.ts';
import { createDynamodbLeasePageStore } from '#adapters/aws/dynamodb-lease-page-store.ts';
import { createDynamodbWarmStore } from '#adapters/aws/dynamodb-warm-store.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { aGateway, configWithoutBaseline, gatewayStart, type TestGateway } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { aSignal, createScriptedInvoker } from '#test/builders/scripted-invoker.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createPagedCapacityLedger } from '#usecases/capacity/paged-capacity-ledger.ts';
import type { ChainCallRecord } from '#usecases/ports/gateway-metrics.ts';
import type { LearnedStore } from '#usecases/ports/learned-store.ts';

export const chainTargets = {
  plan: aTarget(),
  /** Sleeps. */
  write: aDedicatedTarget({ state: 'cold', endpoint: 'write', modelId: 'write' }),
  spill: aTarget({ region: 'us-west-2' }),
};

const titan = aTarget({ modelId: 'amazon.titan-embed-text-v2:0', capabilities: { output: ['EMBEDDING'] } });

/** What SageMaker says of an endpoint without a copy. */
const asleep = aSignal({
  service: 'sagemaker-runtime',
  errorName: 'ValidationError',
  httpStatus: 400,
  message: 'Inference Component has no capacity to process this request.',
});

/** Embed, plan, write: the models of a chain of five calls in order. */
const MODELS = ['embed', 'chat-small', 'chat-large', 'chat-small', 'chat-large'] as const;

export type ChainFleet = Awaited<ReturnType<typeof aChainFleet>>;

export async function aChainFleet(options: {
  readonly seed: number;
  readonly processes: number;
  readonly client: DynamoDBClient;
  readonly table: string;
  /** What discovery says of the endpoint that writes. @default 'cold' */
  readonly writeState?: 'cold' | 'warm';
  /** Whether they tell each other what they learn. @default true */
  readonly shares?: boolean;
  /** @default false */
  readonly termsFromTable?: boolean;
}) {
  const { client, table, writeState = 'cold', shares = true, termsFromTable = false } = options;
  const config = configWithoutBaseline();
  const chainConfig = { ...config.chains, termsFromTable };
  const write = { ...chainTargets.write, state: writeState };
  const routes = [
    aRoute({ model: 'embed', targets: [titan] }),
    aRoute({ model: 'chat-small', targets: [chainTargets.plan] }),
    aRoute({ model: 'chat-large', targets: [write, chainTargets.spill] }),
  ];
  const random = createSeededRandom(options.seed);
  const clock = createVirtualClock(gatewayStart, { leap: false });
  const invoker = createScriptedInvoker(clock);
  invoker.script(write.id, { failsBefore: asleep });
  const chainCalls: ChainCallRecord[] = [];
  const tableCalls: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      tableCalls.push(context.commandName ?? '');
      return next(args);
    },
    { name: 'count-calls', step: 'initialize', override: true },
  );
  let isLearningHung = false;
  const bending = (store: LearnedStore): LearnedStore => {
    const hung = (): Promise<never> => new Promise(() => undefined);
    return {
      load: (...call) => (isLearningHung ? hung() : store.load(...call)),
      save: (...call) => (isLearningHung ? hung() : store.save(...call)),
      begin: (...call) => (isLearningHung ? hung() : store.begin(...call)),
      note: (...call) => (isLearningHung ? hung() : store.note(...call)),
    };
  };
  const sharedOver = (parts: Parameters<typeof createDynamodbLearnedStore>[0]) => ({
    learned: bending(createDynamodbLearnedStore(parts)),
    warmth: createDynamodbWarmStore(parts),
    chainMetrics: { chainCalled: (each: ChainCallRecord) => void chainCalls.push(each) },
  });
  let ids = 0;
  const open = async (): Promise<TestGateway> => {
    const own = createSeededRandom(Math.floor(random.next() * 2 ** 31));
    // A busy machine is no table that is away.
    const parts = { client, table, callMsMax: 20_000, clock, random: own, log: { write: () => undefined } };
    const made = aGateway({
      config: { ...config, chains: chainConfig },
      routes,
      overrides: {
        clock,
        random: own,
        invoker,
        // Nobody compares the clocks: the engine's own knows nothing of virtual time.
        capacity: createPagedCapacityLedger({ ...parts, store: createDynamodbLeasePageStore(parts) }),
        ...(shares ? sharedOver(parts) : {}),
        ids: { next: () => `request-${++ids}` },
      },
    });
    await made.gateway.start();
    made.gateway.stop();
    return made;
  };
  const all = await Promise.all(Array.from({ length: options.processes }, open));
  const anyone = (): TestGateway => {
    const made = all[Math.floor(random.next() * all.length)];
    if (made === undefined) throw new Error('a fleet has processes');
    return made;
  };
  /** One call as a function's environment makes it: over when nothing is left to be written. */
  const call = async (
    { gateway, post }: TestGateway,
    model: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> => {
    const response =
      model === 'embed'
        ? await post('/v1/embeddings', { model, input: 'low water' }, headers)
        : await post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'hi' }] }, headers);
    await response.text();
    await gateway.settled();
    return response;
  };
  let chains = 0;
  const chain = async (
    headersOf: (index: number, before: Response | undefined) => Readonly<Record<string, string>> = () => ({}),
    who: (index: number) => TestGateway = anyone,
  ): Promise<readonly Response[]> => {
    chains += 1;
    const traceparent = `00-${chains.toString(16).padStart(32, 'a')}-00000000000000ab-01`;
    const responses: Response[] = [];
    for (const [index, model] of MODELS.entries())
      responses.push(await call(who(index), model, { traceparent, ...headersOf(index, responses.at(-1)) }));
    return responses;
  };
  return {
    table,
    clock,
    invoker,
    all,
    chainCalls,
    /** Names of commands that the table was sent. */
    tableCalls,
    open,
    call,
    chain,
    anyone,
    hangLearning: () => {
      isLearningHung = true;
    },
  };
}
