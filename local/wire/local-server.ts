import { ControlServer, controlPrefix } from '../control/control-server.ts';
import { FaultBook } from '../control/fault-book.ts';
import { matches } from '../control/fault-rules.ts';
import { Journal } from '../control/journal.ts';
import { type GatewayControl, ownResources } from '../control/own-resources.ts';
import type { CallGuard } from '../iam/call-guard.ts';
import type { ControlResource, ServiceDefinition } from '../service.ts';
import { CallHandler } from './call-handler.ts';
import type { Exchange } from './exchange.ts';
import { OperationFinder } from './find-operation.ts';
import { listen } from './listen.ts';
import { readService } from './service-table.ts';
import { Vocabulary } from './vocabulary.ts';

export interface LocalServerOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly services: readonly ServiceDefinition[];
  readonly controls: readonly ControlResource[];
  /** Fault rules in force before the first call, as `PUT /_local/faults` takes them. */
  readonly faults?: unknown;
  /** Seed of fault probabilities. */
  readonly seed?: number | undefined;
  /** Absent where none run beside the stand-in. */
  readonly gateways?: GatewayControl | undefined;
  readonly log?: ((line: string) => void) | undefined;
  /** Judges every call by IAM. @default - an account's callers may everything in it */
  readonly guard?: CallGuard | undefined;
}

export interface LocalServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves AWS services and the control API on one loopback port. Throws a ControlError for bad fault rules. */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const log = options.log ?? (() => undefined);
  const services = options.services.map(readService);
  const vocabulary = new Vocabulary(services, matches);
  const faults = new FaultBook(vocabulary, options.seed ?? 1);
  if (options.faults !== undefined) faults.replace(options.faults);
  const journal = new Journal();
  const names = services.map(({ name }) => name);
  const own = ownResources({ faults, journal, services: names, gateways: options.gateways });
  const control = new ControlServer([...own, ...options.controls], log);
  const { guard } = options;
  const finder = new OperationFinder(services);
  const calls = new CallHandler({ finder, journal, faults, vocabulary, guard, log });
  const handle = (exchange: Exchange) => {
    const handler = exchange.rawUrl.startsWith(controlPrefix) ? control : calls;
    handler.handle(exchange).catch((error: unknown) => {
      log(`local AWS could not answer ${exchange.method} ${exchange.rawUrl}: ${String(error)}`);
      exchange.refuse();
    });
  };
  const listener = await listen(options.port, handle);
  return { url: `http://127.0.0.1:${listener.port}`, port: listener.port, close: listener.close };
}
