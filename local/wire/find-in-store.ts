import type { FoundOperation, RequestLine } from './found-operation.ts';
import type { WireOperation, WireService } from './service-table.ts';

/** A query member that only repeats the operation's name. Callers other than the SDK leave it out. */
const nameHint = 'x-id';

/**
 * The operation of an object store that a request calls. Many share a method and a path and differ by what else they
 * must have, so that the one that has most of it is meant: `PUT /bucket/key` with `partNumber` is no PutObject.
 */
export function findInStore(
  { operations }: WireService,
  { method, path, query, headers }: RequestLine,
): FoundOperation | undefined {
  let best: FoundOperation | undefined;
  let bestCount = -1;
  for (const operation of operations.values()) {
    const { route } = operation;
    if (route === undefined || route.method !== method) continue;
    const match = route.pattern.exec(path);
    if (match === null) continue;
    const hint = route.query.find(([name]) => name === nameHint)?.[1];
    if (hint !== undefined && (query.get(nameHint) ?? hint) !== hint) continue;
    const fixed = route.query.filter(([name]) => name !== nameHint);
    const wanted = needs(operation);
    const fits =
      fixed.every(([name, value]) => (value === undefined ? query.has(name) : query.get(name) === value)) &&
      wanted.query.every((name) => query.has(name)) &&
      wanted.headers.every((name) => headers[name] !== undefined);
    const count = fixed.length + wanted.query.length + wanted.headers.length;
    if (!fits || count <= bestCount) continue;
    best = { operation, labels: match.slice(1) };
    bestCount = count;
  }
  return best;
}

interface Needs {
  readonly query: readonly string[];
  readonly headers: readonly string[];
}

const needsOf = new WeakMap<WireOperation, Needs>();

/** The query members and headers that an operation cannot be without. */
function needs(operation: WireOperation): Needs {
  const known = needsOf.get(operation);
  if (known !== undefined) return known;
  const { input } = operation;
  const required = input.kind === 'structure' ? input.members.filter((member) => member.required) : [];
  const made = {
    query: required.flatMap(({ binding }) => binding.query ?? []),
    headers: required.flatMap(({ binding }) => binding.header ?? []),
  };
  needsOf.set(operation, made);
  return made;
}

const bucketInHost = /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.localhost(?::\d+)?$/;

/** The path with the bucket first, also where the host names it (`bucket.localhost`). */
export function pathWithBucket(path: string, host: string | undefined): string {
  const bucket = bucketInHost.exec(host ?? '')?.[1];
  return bucket === undefined ? path : `/${bucket}${path}`;
}
