import { findInStore } from './find-in-store.ts';
import type { FoundOperation, RequestLine } from './found-operation.ts';
import type { WireOperation, WireService } from './service-table.ts';

/** Finds operations by X-Amz-Target, by form Action, or by method and path, over all services of the port. */
export class OperationFinder {
  readonly #services: readonly WireService[];
  readonly #byTarget: ReadonlyMap<string, WireService>;
  readonly #byVersion: ReadonlyMap<string, WireService>;
  readonly #routed: readonly WireOperation[];
  readonly #objectStores: readonly WireService[];

  constructor(services: readonly WireService[]) {
    this.#services = services;
    const of = (protocol: string) => services.filter((service) => service.protocol === protocol);
    this.#byTarget = new Map(of('aws-json').map((service) => [service.target, service]));
    this.#byVersion = new Map(of('aws-query').map((service) => [service.version, service]));
    this.#objectStores = of('rest-xml');
    const rest = of('rest-json').flatMap((service) => [...service.operations.values()]);
    // Offered operations first: they are the ones called a thousand times a second.
    this.#routed = [
      ...rest.filter(({ run }) => run !== undefined),
      ...rest.filter(({ run }) => run === undefined),
    ];
  }

  /** Paths of an object store may be anything, so that only calls that are signed for one are looked up there. */
  find(line: RequestLine, signingName: string | undefined): FoundOperation | undefined {
    const store = this.objectStore(signingName);
    if (store !== undefined) return findInStore(store, line);
    const target = line.headers['x-amz-target'];
    if (target !== undefined) return this.#inTable(this.#byTarget, ...splitTarget(target));
    if ((line.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
      const form = new URLSearchParams(Buffer.from(line.body).toString());
      return this.#inTable(this.#byVersion, form.get('Version') ?? '', form.get('Action') ?? '');
    }
    return this.#byPath(line);
  }

  /** The service a request is meant for where its operation is not known: by what it is signed for. */
  serviceSigning(signingName: string | undefined, line: RequestLine): WireService | undefined {
    const target = splitTarget(line.headers['x-amz-target'] ?? '')[0];
    const named = this.#byTarget.get(target);
    if (named !== undefined) return named;
    return this.#services.find(({ definition }) => definition.signingNames.includes(signingName ?? ''));
  }

  /** The service that keeps objects in buckets, where a request is signed for one. */
  objectStore(signingName: string | undefined): WireService | undefined {
    return this.#objectStores.find(({ definition }) => definition.signingNames.includes(signingName ?? ''));
  }

  #inTable(table: ReadonlyMap<string, WireService>, key: string, name: string): FoundOperation | undefined {
    const operation = table.get(key)?.operations.get(name);
    return operation === undefined ? undefined : { operation, labels: [] };
  }

  #byPath({ method, path, query }: RequestLine): FoundOperation | undefined {
    for (const operation of this.#routed) {
      const { route } = operation;
      if (route === undefined || route.method !== method) continue;
      const match = route.pattern.exec(path);
      if (match === null) continue;
      const fits = route.query.every(([key, value]) =>
        value === undefined ? query.has(key) : query.get(key) === value,
      );
      if (fits) return { operation, labels: match.slice(1) };
    }
    return undefined;
  }
}

function splitTarget(target: string): [string, string] {
  const dot = target.lastIndexOf('.');
  return [target.slice(0, Math.max(dot, 0)), target.slice(dot + 1)];
}
