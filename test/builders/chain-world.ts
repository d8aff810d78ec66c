/** A gateway behind a socket, before endpoints and serverless models of the local AWS: for chains of five calls. */
import { provisionEndpoint } from '#adapters/aws/endpoint-provisioner.ts';
import { createTargetInvoker } from '#adapters/aws/target-invoker.ts';
import { createUpstreamClient } from '#adapters/aws/upstream-client.ts';
import { cryptoRandom } from '#adapters/system/crypto-random.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { uuidRequestIds } from '#adapters/system/uuid-request-ids.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { Target } from '#core/target.ts';
import { createLocalAws } from '#local/local-aws.ts';
import { serveGateway } from '#server/node-server.ts';
import { aGateway, configWithoutBaseline, type TestGateway } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { localCredentials } from '#test/builders/local-deployment.ts';
import { fixedCredentials } from '#test/builders/upstream-client.ts';

const account = '111111111111';
const region = 'us-east-1';
const EMBED_SLOTS = 2;

interface JournalCall {
  readonly at: string;
  readonly service: string;
  readonly region: string | null;
  readonly target: string | null;
  readonly status: number;
  readonly durationMs: number;
}

export interface ChainWorld {
  /** Of all endpoints that stand apart. */
  readonly slots: number;
  /**
   * One pool an endpoint with its own limit, spilling to serverless, and chains: as Spillway is meant. Or the same code
   * with all of that configured away: every model on one endpoint of as many slots as are asked for.
   */
  openGateway(kind: 'apart' | { readonly uniformSlots: number }): Promise<{
    readonly url: string;
    readonly records: TestGateway['records'];
  }>;
  setCopies(endpoint: string, copies: number): Promise<void>;
  setFaults(rules: readonly object[]): Promise<void>;
  /** What arrived since the last time that it was asked. */
  takeJournal(): Promise<readonly JournalCall[]>;
  close(): Promise<void>;
}

/** @param world.slots of each of the two chat endpoints */
export async function openChainWorld(world: {
  readonly slots: number;
  readonly timeScale: number;
}): Promise<ChainWorld> {
  const aws = await createLocalAws({ port: 0, timeScale: world.timeScale });
  const upstream = createUpstreamClient({ credentials: fixedCredentials, endpoint: aws.url });
  const invoker = createTargetInvoker(upstream);
  const closers: (() => Promise<void>)[] = [() => upstream.close(), () => aws.close()];
  const endpointOf = async (endpoint: string, slots: number, copies = 1): Promise<void> =>
    provisionEndpoint(
      { account, region, endpoint, copies, concurrencyPerCopy: Math.ceil(slots / copies) },
      { endpoint: aws.url, credentials: localCredentials(account) },
    );
  await endpointOf('embed', EMBED_SLOTS);
  await endpointOf('plan', world.slots);
  await endpointOf('write', world.slots);
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${aws.url}/_local/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  return {
    slots: EMBED_SLOTS + 2 * world.slots,
    async openGateway(kind) {
      if (kind !== 'apart') {
        // On as many GPUs as the endpoints would take.
        const copies = Math.ceil(kind.uniformSlots / world.slots);
        await endpointOf(uniformEndpoint(kind), kind.uniformSlots, copies);
      }
      const made = aGateway({
        config: kind === 'apart' ? configWithoutBaseline() : withFeaturesOff(),
        routes: kind === 'apart' ? routesApart(world.slots) : uniformRoutes(uniformEndpoint(kind)),
        overrides: {
          invoker,
          clock: systemClock,
          random: cryptoRandom,
          ids: uuidRequestIds,
          servesMany: true,
        },
      });
      await made.gateway.start();
      made.gateway.stop();
      const server = await serveGateway({ handle: (request) => made.gateway.answer(request), port: 0 });
      closers.unshift(() => server.close());
      return { url: server.url, records: made.records };
    },
    setCopies: async (endpoint, copies) => {
      await control('PATCH', 'endpoints', [{ region, endpoint, copies }]);
    },
    setFaults: async (rules) => {
      await control('PUT', 'faults', rules);
    },
    takeJournal: async () => {
      const journal = (await control('GET', 'journal')) as readonly JournalCall[];
      await control('DELETE', 'journal');
      return journal.filter(({ service }) => service.endsWith('-runtime'));
    },
    close: async () => {
      for (const close of closers) await close();
    },
  };
}

const chat = aTarget({ account, region });
const chatElsewhere = aTarget({ account, region: 'us-west-2' });
const titan = aTarget({
  account,
  region,
  modelId: 'amazon.titan-embed-text-v2:0',
  capabilities: { output: ['EMBEDDING'] },
});

const onEndpoint = (endpoint: string, changes: Partial<Target> = {}): Target =>
  aDedicatedTarget({ account, region, endpoint, modelId: endpoint, ...changes });

function routesApart(slots: number) {
  const embed = onEndpoint('embed', { capabilities: {}, share: { [region]: EMBED_SLOTS } });
  const limited = { share: { [region]: slots } };
  return [
    aRoute({ model: 'embed', targets: [embed, titan] }),
    aRoute({ model: 'chat-small', targets: [onEndpoint('plan', limited), chat, chatElsewhere] }),
    aRoute({ model: 'chat-large', targets: [onEndpoint('write', limited), chat, chatElsewhere] }),
  ];
}

const uniformEndpoint = ({ uniformSlots }: { readonly uniformSlots: number }): string =>
  `uniform-${uniformSlots}`;

/** No slots are told, so that none are counted: requests wait in the container's own line. */
function uniformRoutes(endpoint: string) {
  const pool = onEndpoint(endpoint);
  return [
    aRoute({ model: 'embed', targets: [{ ...pool, capabilities: {} }] }),
    aRoute({ model: 'chat-small', targets: [pool] }),
    aRoute({ model: 'chat-large', targets: [pool] }),
  ];
}

function withFeaturesOff(): SpillwayConfig {
  const config = configWithoutBaseline();
  return { ...config, chains: { ...config.chains, preWarm: false } };
}
