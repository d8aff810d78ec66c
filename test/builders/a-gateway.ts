/** A gateway over memory, with scripted targets in virtual time. */
import { createMemoryCapacityLedger } from '#adapters/memory/memory-capacity-ledger.ts';
import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryRateLedger } from '#adapters/memory/memory-rate-ledger.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import { createCryptoConversationHasher } from '#adapters/system/crypto-conversation-hasher.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { Route } from '#core/plan/route.ts';
import type { Target } from '#core/target.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { createScriptedInvoker } from '#test/builders/scripted-invoker.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createGateway, type GatewayDependencies } from '#usecases/gateway/create-gateway.ts';
import { loadWireFormats } from '#usecases/gateway/endpoints.ts';
import type { EjectionRecord, GatewayEvent, RequestRecord } from '#usecases/ports/gateway-metrics.ts';
import type { LastGood } from '#usecases/ports/last-good-store.ts';
import type { Tenant } from '#usecases/ports/tenant-directory.ts';

// Virtual time cannot tell a module on its way from work that waits for time.
await loadWireFormats();

/** The example without any baseline, so that a test's own targets are all there is. */
export function configWithoutBaseline(): SpillwayConfig {
  const config = acmeConfig();
  const models = Object.entries(config.models).map(
    ([name, model]) => [name, { ...model, baseline: {} }] as const,
  );
  return { ...config, models: Object.fromEntries(models) };
}

export const gatewayStart = Date.UTC(2026, 10, 21, 8);

export interface GatewayOptions {
  readonly region?: string;
  readonly config?: SpillwayConfig;
  readonly facts?: CompiledFacts;
  readonly routes?: readonly Route[];
  readonly lastGood?: LastGood;
  readonly leap?: boolean;
  readonly overrides?: Partial<GatewayDependencies>;
}

const demoTenant: Tenant = {
  name: 'demo',
  residencies: ['us', 'eu', 'japan', 'frankfurt', 'anywhere'],
  defaultResidency: 'us',
  models: ['*'],
};

export type TestGateway = ReturnType<typeof aGateway>;

/** Routes are in memory once `gateway.start()` has been awaited. */
export function aGateway(options: GatewayOptions = {}) {
  const { region = 'us-east-1', config = acmeConfig(), facts = shippedFacts } = options;
  const clock = createVirtualClock(gatewayStart, { leap: options.leap ?? true });
  const invoker = createScriptedInvoker(clock);
  const routes = createMemoryRouteStore();
  const observations = createMemoryObservationStore();
  const changes = createMemoryChangeLog();
  const verifications = createMemoryVerificationStore();
  const records: RequestRecord[] = [];
  const ejections: EjectionRecord[] = [];
  const events: GatewayEvent[] = [];
  const lines: { readonly level: string; readonly event: string; readonly facts: unknown }[] = [];
  const saved: LastGood[] = [];
  let count = 0;
  const loadAll = async () => ({ routes: options.routes ?? [], badItems: 0 });
  const dependencies: GatewayDependencies = {
    region,
    account: config.accounts.find((account) => account.regions.includes(region))?.id ?? '111111111111',
    config,
    facts,
    routes: { ...routes, loadAll },
    observations,
    changes,
    verifications,
    lastGood: {
      load: async () => options.lastGood,
      save: async (lastGood) => {
        saved.push(lastGood);
      },
    },
    tenants: {
      identify: async (key) =>
        key === 'sk-local' ? demoTenant : key === 'sk-down' ? 'unavailable' : 'unknown',
    },
    rates: createMemoryRateLedger(),
    capacity: createMemoryCapacityLedger(),
    invoker,
    clock,
    random: createSeededRandom(1),
    conversations: createCryptoConversationHasher(),
    digest: cryptoDigest,
    ids: { next: () => `request-${++count}` },
    log: { write: (level, event, facts) => void lines.push({ level, event, facts }) },
    metrics: {
      record: (record) => void records.push(record),
      ejected: (ejection) => void ejections.push(ejection),
      count: (event) => void events.push(event),
    },
    gatewayUrls: Object.fromEntries(
      config.gateways.map((gateway, index) => [gateway, `http://127.0.0.1:${4000 + index}`]),
    ),
    ...options.overrides,
  };
  const gateway = createGateway(dependencies);
  return {
    gateway,
    dependencies,
    clock,
    invoker,
    routes,
    observations,
    changes,
    verifications,
    records,
    ejections,
    events,
    lines,
    saved,
    ...client(gateway),
  };
}

/** A gateway that has read its table once: chat-small under `us` has these targets and no baseline. */
export async function aStartedGateway(
  targets: readonly Target[],
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const made = aGateway({ config: configWithoutBaseline(), routes: [aRoute({ targets })], ...options });
  await made.gateway.start();
  made.gateway.stop();
  return made;
}

function client(gateway: ReturnType<typeof createGateway>) {
  const post = (
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ) =>
    gateway.handle(
      new Request(`http://gateway.test${path}`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk-local', 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      }),
    );
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    gateway.handle(
      new Request(`http://gateway.test${path}`, {
        headers: { authorization: 'Bearer sk-local', ...headers },
      }),
    );
  const chat = (
    changes: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ) =>
    post(
      '/v1/chat/completions',
      { model: 'chat-small', messages: [{ role: 'user', content: 'Say hello.' }], ...changes },
      headers,
      signal,
    );
  return { post, get, chat };
}

/** The data of each server-sent event, comments left out. */
export async function eventsOf(response: Response): Promise<readonly string[]> {
  const text = await response.text();
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => block.slice('data: '.length));
}
