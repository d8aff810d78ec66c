/** The paths of the gateway and their methods: the one list that routing and `405` read. */

import { anthropicErrors } from './dialects/anthropic-errors.ts';
import { bedrockErrors } from './dialects/bedrock-errors.ts';
import type { CallPath, ErrorFormat, WireFormat } from './dialects/dialect.ts';
import { loadedWithFirstCall } from './dialects/loaded-with-first-call.ts';
import { openAiErrors } from './dialects/openai-errors.ts';

/** A call of a model in one wire format. */
export interface CallEndpoint {
  readonly kind: 'call';
  readonly dialect: WireFormat;
  readonly path: CallPath;
}

/** What may be asked about files and batches. */
export type BulkOperation =
  | 'file-upload'
  | 'file-list'
  | 'file'
  | 'file-content'
  | 'file-delete'
  | 'upload-create'
  | 'upload-part'
  | 'upload-complete'
  | 'upload-cancel'
  | 'batch-create'
  | 'batch-list'
  | 'batch'
  | 'batch-cancel';

/** A file of the web console by its name; empty for the page, undefined for an address that the page has not. */
export interface ConsoleEndpoint {
  readonly kind: 'console';
  readonly file: string | undefined;
}

/** What people look at of routes. */
export type RouteLookEndpoint =
  | { readonly kind: 'route-list' }
  | { readonly kind: 'route-history' | 'route-difference'; readonly name: string };

export type Endpoint =
  | CallEndpoint
  | { readonly kind: 'bulk'; readonly operation: BulkOperation; readonly id: string }
  | { readonly kind: 'models' | 'explain' | 'availability' | 'events' | 'healthz' | 'readyz' }
  | { readonly kind: 'availability-changes' }
  | { readonly kind: 'model' | 'route' | 'operation'; readonly name: string }
  | RouteLookEndpoint
  | { readonly kind: 'residencies' }
  | ConsoleEndpoint;

/** `errors` is how the path's wire format says that something went wrong. */
export type EndpointMatch = { readonly errors: ErrorFormat } & (
  | { readonly kind: 'found'; readonly endpoint: Endpoint }
  | { readonly kind: 'unknown-path' }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
);

interface Row {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `{name}` stands for one segment, percent-decoded and not empty. */
  readonly path: string;
  readonly endpoint: (name: string) => Endpoint;
}

const call = (path: string, dialect: WireFormat): Row => ({
  method: 'POST',
  path,
  endpoint: () => ({ kind: 'call', dialect, path: {} }),
});

/** Bedrock's paths name the model and say whether the answer is streamed. */
const modelCall = (operation: string, dialect: WireFormat, stream: boolean): Row => ({
  method: 'POST',
  path: `/model/{name}/${operation}`,
  endpoint: (model) => ({ kind: 'call', dialect, path: { model, stream } }),
});

const bulk = (method: Row['method'], path: string, operation: BulkOperation): Row => ({
  method,
  path,
  endpoint: (id) => ({ kind: 'bulk', operation, id }),
});

const openAiChat = loadedWithFirstCall(
  openAiErrors,
  async () => (await import('./dialects/openai-chat.ts')).openAiChat,
);
const openAiResponses = loadedWithFirstCall(
  openAiErrors,
  async () => (await import('./dialects/openai-responses.ts')).openAiResponses,
);
const openAiEmbeddings = loadedWithFirstCall(
  openAiErrors,
  async () => (await import('./dialects/openai-embeddings.ts')).openAiEmbeddings,
);
const bedrockConverse = loadedWithFirstCall(
  bedrockErrors,
  async () => (await import('./dialects/bedrock-converse.ts')).bedrockConverse,
);
const bedrockInvoke = loadedWithFirstCall(
  bedrockErrors,
  async () => (await import('./dialects/bedrock-invoke.ts')).bedrockInvoke,
);
const bedrockCountTokens = loadedWithFirstCall(
  bedrockErrors,
  async () => (await import('./dialects/bedrock-count-tokens.ts')).bedrockCountTokens,
);
const anthropicMessages = loadedWithFirstCall(
  anthropicErrors,
  async () => (await import('./dialects/anthropic-messages.ts')).anthropicMessages,
);
const anthropicCountTokens = loadedWithFirstCall(
  anthropicErrors,
  async () => (await import('./dialects/anthropic-count-tokens.ts')).anthropicCountTokens,
);

const rows: readonly Row[] = [
  call('/v1/chat/completions', openAiChat),
  call('/v1/responses', openAiResponses),
  call('/v1/embeddings', openAiEmbeddings),
  modelCall('converse', bedrockConverse, false),
  modelCall('converse-stream', bedrockConverse, true),
  modelCall('invoke', bedrockInvoke, false),
  modelCall('invoke-with-response-stream', bedrockInvoke, true),
  modelCall('count-tokens', bedrockCountTokens, false),
  call('/v1/messages', anthropicMessages),
  call('/v1/messages/count_tokens', anthropicCountTokens),
  bulk('POST', '/v1/files', 'file-upload'),
  bulk('GET', '/v1/files', 'file-list'),
  bulk('GET', '/v1/files/{name}', 'file'),
  bulk('DELETE', '/v1/files/{name}', 'file-delete'),
  bulk('GET', '/v1/files/{name}/content', 'file-content'),
  bulk('POST', '/v1/uploads', 'upload-create'),
  bulk('POST', '/v1/uploads/{name}/parts', 'upload-part'),
  bulk('POST', '/v1/uploads/{name}/complete', 'upload-complete'),
  bulk('POST', '/v1/uploads/{name}/cancel', 'upload-cancel'),
  bulk('POST', '/v1/batches', 'batch-create'),
  bulk('GET', '/v1/batches', 'batch-list'),
  bulk('GET', '/v1/batches/{name}', 'batch'),
  bulk('POST', '/v1/batches/{name}/cancel', 'batch-cancel'),
  { method: 'GET', path: '/v1/models', endpoint: () => ({ kind: 'models' }) },
  { method: 'GET', path: '/v1/models/{name}', endpoint: (name) => ({ kind: 'model', name }) },
  { method: 'POST', path: '/spillway/v1/explain', endpoint: () => ({ kind: 'explain' }) },
  { method: 'GET', path: '/spillway/v1/availability', endpoint: () => ({ kind: 'availability' }) },
  {
    method: 'GET',
    path: '/spillway/v1/availability/changes',
    endpoint: () => ({ kind: 'availability-changes' }),
  },
  { method: 'GET', path: '/spillway/v1/routes', endpoint: () => ({ kind: 'route-list' }) },
  { method: 'GET', path: '/spillway/v1/residencies', endpoint: () => ({ kind: 'residencies' }) },
  { method: 'GET', path: '/spillway/v1/events', endpoint: () => ({ kind: 'events' }) },
  { method: 'GET', path: '/spillway/v1/routes/{name}', endpoint: (name) => ({ kind: 'route', name }) },
  {
    method: 'GET',
    path: '/spillway/v1/routes/{name}/history',
    endpoint: (name) => ({ kind: 'route-history', name }),
  },
  {
    method: 'GET',
    path: '/spillway/v1/routes/{name}/difference',
    endpoint: (name) => ({ kind: 'route-difference', name }),
  },
  {
    method: 'POST',
    path: '/spillway/v1/operations/{name}',
    endpoint: (name) => ({ kind: 'operation', name }),
  },
  { method: 'GET', path: '/console', endpoint: () => ({ kind: 'console', file: '' }) },
  { method: 'GET', path: '/console/', endpoint: () => ({ kind: 'console', file: undefined }) },
  { method: 'GET', path: '/console/{name}', endpoint: (name) => ({ kind: 'console', file: name }) },
  { method: 'GET', path: '/healthz', endpoint: () => ({ kind: 'healthz' }) },
  { method: 'GET', path: '/readyz', endpoint: () => ({ kind: 'readyz' }) },
];

/** For a process that will hear every format: its first callers do not wait for code. Rejects when one is missing. */
export async function loadWireFormats(): Promise<void> {
  const formats = [
    openAiChat,
    openAiResponses,
    openAiEmbeddings,
    bedrockConverse,
    bedrockInvoke,
    bedrockCountTokens,
    anthropicMessages,
    anthropicCountTokens,
  ];
  await Promise.all(formats.map((format) => format.load()));
}

/** By the beginning of the path, for answers to paths that are none of ours too. */
const errorFormats: readonly { readonly prefix: string; readonly errors: ErrorFormat }[] = [
  { prefix: '/model/', errors: bedrockErrors },
  { prefix: '/v1/messages', errors: anthropicErrors },
  { prefix: '/', errors: openAiErrors },
];

/** Paths that call a model, as they are written down: `{name}` stands for one segment. */
export const callPaths: readonly string[] = rows
  .filter(({ endpoint }) => endpoint('').kind === 'call')
  .map(({ path }) => path);

/** The call that a path stands for; undefined for every path that calls no model. */
export function callAt(path: string): CallEndpoint | undefined {
  const match = matchEndpoint('POST', path);
  return match.kind === 'found' && match.endpoint.kind === 'call' ? match.endpoint : undefined;
}

export function matchEndpoint(method: string, path: string): EndpointMatch {
  const errors = errorFormats.find(({ prefix }) => path.startsWith(prefix))?.errors ?? openAiErrors;
  const found = rowsAt(path);
  if (found.length === 0) return { kind: 'unknown-path', errors };
  const taken = found.find(({ row }) => methodsOfRow[row.method].includes(method));
  return taken === undefined
    ? { kind: 'wrong-method', allow: found.flatMap(({ row }) => methodsOfRow[row.method]), errors }
    : { kind: 'found', endpoint: taken.row.endpoint(taken.name), errors };
}

/** HEAD is GET without the body (RFC 9110): load balancers probe with it, and a shell leaves the body out. */
const methodsOfRow: Readonly<Record<Row['method'], readonly string[]>> = {
  GET: ['GET', 'HEAD'],
  POST: ['POST'],
  DELETE: ['DELETE'],
};

interface FoundRow {
  readonly row: Row;
  readonly name: string;
}

/** Most requests ask for a path that is written down as it is. */
const literalRows: ReadonlyMap<string, readonly FoundRow[]> = Map.groupBy(
  rows.filter(({ path }) => !path.includes('{name}')).map((row) => ({ row, name: '' })),
  ({ row }) => row.path,
);

/** One for each method that the path takes. */
function rowsAt(path: string): readonly FoundRow[] {
  const literal = literalRows.get(path);
  if (literal !== undefined) return literal;
  return rows.flatMap((row) => {
    const name = nameIn(path, row.path);
    return name === undefined ? [] : [{ row, name }];
  });
}

/** What stands for `{name}`; empty for a path without one; undefined when the path is another. */
function nameIn(path: string, pattern: string): string | undefined {
  const at = pattern.indexOf('{name}');
  if (at < 0) return path === pattern ? '' : undefined;
  const tail = pattern.slice(at + '{name}'.length);
  if (!path.startsWith(pattern.slice(0, at)) || !path.endsWith(tail)) return undefined;
  const raw = path.slice(at, path.length - tail.length);
  const name = raw.includes('/') ? undefined : decoded(raw);
  return name === '' ? undefined : name;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
