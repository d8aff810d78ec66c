/** A gateway behind the address that a Web Function's environment names, until it is told to end. */
import type { GatewayRuntime } from '#runtime/gateway-runtime.ts';
import { type ServedGateway, serveGateway } from '#server/node-server.ts';

/** Lambda ends an environment a moment after it said so; what is under way then has this long. */
const DRAIN_MS_MAX = 1_500;

export interface WebFunctionOptions {
  /** `host:port`, as the environment says. */
  readonly address: string | undefined;
  readonly runtime: {
    readonly gateway: Pick<GatewayRuntime['gateway'], 'start' | 'answer'>;
    close(): Promise<void>;
  };
  /** Whether the configuration carries tenants' keys in clear: then only loopback is served. */
  readonly hasTenantKeys: boolean;
  /** Takes what is to be done when the environment ends. */
  readonly atEnd: (end: () => Promise<void>) => void;
}

/**
 * Listens once the gateway has what it needs, so that no request finds it without routes.
 *
 * @throws an Error when there is no such address, or it cannot be had
 */
export async function serveWebFunction(options: WebFunctionOptions): Promise<ServedGateway> {
  const { runtime, hasTenantKeys, atEnd } = options;
  const { host, port } = parsedAddress(options.address);
  await runtime.gateway.start();
  const server = await serveGateway({
    handle: (request) => runtime.gateway.answer(request),
    ...{ host, port, hasTenantKeys },
    limits: { drainMsMax: DRAIN_MS_MAX },
    onDefect: reportDefect,
  });
  atEnd(async () => {
    await server.close();
    await runtime.close();
  });
  return server;
}

function parsedAddress(address: string | undefined): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = address?.match(/^\[?([^\]]+?)\]?:(\d{1,5})$/) ?? [];
  if (host !== '') return { host, port: Number(port) };
  throw new Error(
    `AWS_LAMBDA_HTTP_ENDPOINT: got ${JSON.stringify(address)}, want the host and port to listen on`,
  );
}

function reportDefect(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stdout.write(`${JSON.stringify({ level: 'error', event: 'gateway-defect', error: text })}\n`);
}
