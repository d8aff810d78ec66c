/** A gateway of the example beside a running local mode: on its AWS, with files of its own, so that it can start again. */
import { parseConfig } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { createGatewayRuntime } from '#runtime/gateway-runtime.ts';
import { localKeyPepper } from '#runtime/key-pepper.ts';
import { chatPost, localKeys } from '#test/builders/gateway-world.ts';

export interface DetachedGateway {
  /** How long its start took. */
  readonly startedMs: number;
  chat(key: string, headers: Readonly<Record<string, string>>): Promise<Response>;
  close(): Promise<void>;
}

export async function openDetachedGateway(options: {
  readonly awsUrl: string;
  readonly region: string;
  readonly lastGoodDirectory?: string;
}): Promise<DetachedGateway> {
  const parsed = parseConfig(acme);
  if (!parsed.ok) throw new Error('the example is not a usable configuration');
  const { config } = parsed;
  const { awsUrl, region, lastGoodDirectory } = options;
  const account = config.accounts.find(({ regions }) => regions.includes(region))?.id ?? config.home.account;
  const runtime = createGatewayRuntime({
    config,
    facts: shippedFacts(),
    account,
    region,
    credentials: async () => localKeys(account),
    endpoint: awsUrl,
    keyPepper: localKeyPepper(config.name),
    lastGoodDirectory,
    log: { write: () => undefined },
    metricsOut: () => undefined,
  });
  const startedAt = performance.now();
  await runtime.gateway.start();
  return {
    startedMs: performance.now() - startedAt,
    chat: (key, headers) =>
      runtime.gateway.handle(chatPost({}, { ...headers, authorization: `Bearer ${key}` })),
    close: () => runtime.close(),
  };
}
