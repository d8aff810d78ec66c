/** The paths of the gateway and their methods: the one list that routing and `405` read. */

export type Endpoint =
  | { readonly kind: 'chat' | 'models' | 'explain' | 'availability' | 'healthz' | 'readyz' }
  | { readonly kind: 'model' | 'route'; readonly name: string };

export type EndpointMatch =
  | { readonly kind: 'found'; readonly endpoint: Endpoint }
  | { readonly kind: 'unknown-path' }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] };

const fixed: Readonly<Record<string, { readonly method: string; readonly endpoint: Endpoint }>> = {
  '/v1/chat/completions': { method: 'POST', endpoint: { kind: 'chat' } },
  '/v1/models': { method: 'GET', endpoint: { kind: 'models' } },
  '/spillway/v1/explain': { method: 'POST', endpoint: { kind: 'explain' } },
  '/spillway/v1/availability': { method: 'GET', endpoint: { kind: 'availability' } },
  '/healthz': { method: 'GET', endpoint: { kind: 'healthz' } },
  '/readyz': { method: 'GET', endpoint: { kind: 'readyz' } },
};

const named: readonly { readonly prefix: string; readonly kind: 'model' | 'route' }[] = [
  { prefix: '/v1/models/', kind: 'model' },
  { prefix: '/spillway/v1/routes/', kind: 'route' },
];

export function matchEndpoint(method: string, path: string): EndpointMatch {
  const row = Object.hasOwn(fixed, path) ? fixed[path] : namedRow(path);
  if (row === undefined) return { kind: 'unknown-path' };
  // HEAD is GET without the body (RFC 9110): load balancers probe with it, and a shell leaves the body out.
  const methods = row.method === 'GET' ? ['GET', 'HEAD'] : [row.method];
  return methods.includes(method)
    ? { kind: 'found', endpoint: row.endpoint }
    : { kind: 'wrong-method', allow: methods };
}

function namedRow(path: string): { readonly method: string; readonly endpoint: Endpoint } | undefined {
  const row = named.find(({ prefix }) => path.startsWith(prefix));
  const name = row === undefined ? undefined : decoded(path.slice(row.prefix.length));
  if (row === undefined || name === undefined || name === '' || name.includes('/')) return undefined;
  return { method: 'GET', endpoint: { kind: row.kind, name } };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
