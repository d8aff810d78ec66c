/**
 * The control API of the stand-in, under `/_local/`: outside AWS's own paths, JSON only, for this machine only.
 *
 * Invariant: a request that is refused has changed nothing. Journal and fault rules are owned here; catalogue,
 * profiles and endpoints belong to the world, tables to the DynamoDB service, and arrive as control resources.
 */
import { ControlError, type ControlResource } from '../service.ts';
import type { Exchange, Headers } from '../wire/exchange.ts';
import { WireError } from '../wire/wire-error.ts';

export const controlPrefix = '/_local/';

const loopbackHost = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i;
const loopbackOrigin = /^https?:\/\/(127\.0\.0\.1|localhost)(:\d{1,5})?$/i;
const json = { 'content-type': 'application/json' };

/** A control answer other than 200. */
class ControlRefusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export class ControlServer {
  readonly #resources: ReadonlyMap<string, ControlResource>;
  readonly #log: (line: string) => void;

  constructor(resources: readonly ControlResource[], log: (line: string) => void) {
    this.#resources = new Map(resources.map((resource) => [resource.name, resource]));
    this.#log = log;
  }

  async handle(exchange: Exchange): Promise<void> {
    try {
      const result = await this.#run(exchange);
      exchange.answer(200, json, JSON.stringify(result ?? {}));
    } catch (error) {
      this.#refuse(exchange, error);
    }
  }

  async #run(exchange: Exchange): Promise<unknown> {
    const { headers } = exchange;
    const refusal = refusalOfCaller({ ...headers, host: headers.host ?? headers[':authority'] });
    if (refusal !== undefined) throw new ControlRefusal(403, refusal);
    const url = new URL(exchange.rawUrl, 'http://127.0.0.1');
    const name = url.pathname.slice(controlPrefix.length).replace(/\/$/, '');
    const resource = this.#resources.get(name);
    if (resource === undefined) {
      const names = [...this.#resources.keys()].sort().join(', ');
      throw new ControlRefusal(404, `there is no ${url.pathname}; resources are ${names}`);
    }
    const method = Object.hasOwn(resource.methods, exchange.method)
      ? resource.methods[exchange.method]
      : undefined;
    if (method === undefined) {
      const allow = Object.keys(resource.methods).join(', ');
      throw new ControlRefusal(405, `${exchange.method} is not offered; ${url.pathname} takes ${allow}`, {
        allow,
      });
    }
    return method(parseBody(await exchange.readBody()), url.searchParams);
  }

  #refuse(exchange: Exchange, error: unknown): void {
    const { status, headers, body } = this.#describe(exchange, error);
    exchange.answer(status, { ...json, ...headers }, JSON.stringify(body));
  }

  #describe(exchange: Exchange, error: unknown): { status: number; headers?: Headers; body: object } {
    if (error instanceof ControlError) {
      return { status: 400, body: { error: error.message, violations: error.violations } };
    }
    if (error instanceof ControlRefusal) {
      return { status: error.status, headers: error.headers, body: { error: error.message } };
    }
    if (error instanceof WireError) return { status: error.status, body: { error: error.message } };
    this.#log(`control API failed at ${exchange.method} ${exchange.rawUrl}: ${String(error)}`);
    return { status: 500, body: { error: 'internal error' } };
  }
}

/**
 * Why a caller may not steer the stand-in: other hosts' names and other sites' pages may not (DNS rebinding and
 * cross-site calls). Undefined for this machine's own.
 */
export function refusalOfCaller(headers: {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}): string | undefined {
  const { host = '', origin } = headers;
  if (!loopbackHost.test(host)) return `Host must be 127.0.0.1 or localhost, not '${host}'`;
  if (origin === undefined || loopbackOrigin.test(origin)) return undefined;
  return `Origin must be this machine's own, not '${origin}'`;
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new ControlError([{ path: '$', message: 'the body must be JSON' }]);
  }
}
