/** The gateways of local mode: one server per gateway region, on fixed ports in order, that can be taken down and up. */
import { type ServeOptions, serveGateway } from '#server/node-server.ts';

export interface GatewayServers {
  readonly urls: Readonly<Record<string, string>>;
  /** Says who answers for a region; until then a request is told to come back. */
  attach(region: string, handle: ServeOptions['handle']): void;
  /** Closes or reopens a region's port, as a dead and a revived gateway. */
  setUp(region: string, up: boolean): Promise<void>;
  /** Requests of all gateways whose answers are not closed yet. */
  requestsUnderWay(): number;
  /** Takes no more requests, and lets those under way end; what takes too long is broken off. */
  close(): Promise<void>;
}

type Handle = ServeOptions['handle'];
type Server = Awaited<ReturnType<typeof serveGateway>>;

const host = '127.0.0.1';
/** Answers under way have this long to end; a person who pressed Ctrl-C waits for it, or presses it again. */
export const drainMsMax = 3_000;
const notReady: Handle = async () =>
  Response.json(
    { error: { message: 'The gateway is starting.', type: 'server_error', param: null, code: 'not_ready' } },
    { status: 503, headers: { 'retry-after': '1' } },
  );

interface GatewayServersRequest {
  readonly regions: readonly string[];
  /** 0 picks a free one for each. */
  readonly firstPort: number;
  /** Told of what a shell or a gateway should never do. */
  readonly onDefect: (error: unknown) => void;
}

/** @throws the listening error (`EADDRINUSE`, ...), after what was opened is closed again. */
export async function openGatewayServers(request: GatewayServersRequest): Promise<GatewayServers> {
  const { regions, firstPort } = request;
  const servers = new LoopbackServers(request.onDefect);
  try {
    for (const [index, region] of regions.entries())
      await servers.open(region, firstPort === 0 ? 0 : firstPort + index);
  } catch (error) {
    await servers.close();
    throw error;
  }
  return servers;
}

class LoopbackServers implements GatewayServers {
  readonly #onDefect: (error: unknown) => void;
  readonly #handles = new Map<string, Handle>();
  readonly #servers = new Map<string, Server>();
  readonly #ports = new Map<string, number>();

  constructor(onDefect: (error: unknown) => void) {
    this.#onDefect = onDefect;
  }

  get urls(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#ports].map(([region, port]) => [region, `http://${host}:${port}`]));
  }

  async open(region: string, port: number): Promise<void> {
    const server = await serveGateway({
      handle: (request) => (this.#handles.get(region) ?? notReady)(request),
      host,
      port,
      hasTenantKeys: true,
      limits: { drainMsMax },
      onDefect: this.#onDefect,
    });
    this.#servers.set(region, server);
    this.#ports.set(region, server.port);
  }

  attach(region: string, handle: Handle): void {
    this.#handles.set(region, handle);
  }

  async setUp(region: string, up: boolean): Promise<void> {
    const server = this.#servers.get(region);
    const port = this.#ports.get(region);
    if (!up && server !== undefined) {
      this.#servers.delete(region);
      await server.close();
    }
    if (up && server === undefined && port !== undefined) await this.open(region, port);
  }

  requestsUnderWay(): number {
    return [...this.#servers.values()].reduce((sum, server) => sum + server.requestsUnderWay(), 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
    this.#servers.clear();
  }
}
