/** The gateways of local mode: one server per gateway region, on fixed ports in order, that can be taken down and up. */
import { type ServeOptions, serveGateway } from '#server/node-server.ts';

export interface GatewayServers {
  readonly urls: Readonly<Record<string, string>>;
  /** Says who answers for a region; until then a request is told to come back. */
  attach(region: string, handle: ServeOptions['handle']): void;
  /** Closes or reopens a region's port, as a dead and a revived gateway. */
  setUp(region: string, up: boolean): Promise<void>;
  close(): Promise<void>;
}

type Handle = ServeOptions['handle'];
type Server = Awaited<ReturnType<typeof serveGateway>>;

const host = '127.0.0.1';
/** A person who pressed Ctrl-C waits for this. */
const drainMsMax = 1_000;
const notReady: Handle = async () =>
  Response.json(
    { error: { message: 'The gateway is starting.', type: 'server_error', param: null, code: 'not_ready' } },
    { status: 503, headers: { 'retry-after': '1' } },
  );

/** @throws the listening error (`EADDRINUSE`, ...), after what was opened is closed again. */
export async function openGatewayServers(options: {
  readonly regions: readonly string[];
  /** 0 picks a free one for each. */
  readonly firstPort: number;
  /** Told of what a shell or a gateway should never do. */
  readonly onDefect: (error: unknown) => void;
}): Promise<GatewayServers> {
  const { regions, firstPort, onDefect } = options;
  const handles = new Map<string, Handle>();
  const servers = new Map<string, Server>();
  const ports = new Map<string, number>();
  const open = async (region: string, port: number): Promise<void> => {
    const server = await serveGateway({
      handle: (request) => (handles.get(region) ?? notReady)(request),
      host,
      port,
      hasTenantKeys: true,
      limits: { drainMsMax },
      onDefect,
    });
    servers.set(region, server);
    ports.set(region, server.port);
  };
  const close = async (): Promise<void> => {
    await Promise.all([...servers.values()].map((server) => server.close()));
    servers.clear();
  };
  try {
    for (const [index, region] of regions.entries())
      await open(region, firstPort === 0 ? 0 : firstPort + index);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    urls: Object.fromEntries([...ports].map(([region, port]) => [region, `http://${host}:${port}`])),
    attach: (region, handle) => void handles.set(region, handle),
    async setUp(region, up) {
      const server = servers.get(region);
      if (!up && server !== undefined) {
        servers.delete(region);
        await server.close();
      }
      if (up && server === undefined && ports.has(region)) await open(region, ports.get(region) ?? 0);
    },
    close,
  };
}
