/** The paths of the gateway and their methods: the one list that routing and `405` read. */

import { anthropicCountTokens } from './dialects/anthropic-count-tokens.ts';
import { anthropicErrors } from './dialects/anthropic-errors.ts';
import { anthropicMessages } from './dialects/anthropic-messages.ts';
import { bedrockConverse } from './dialects/bedrock-converse.ts';
import { bedrockCountTokens } from './dialects/bedrock-count-tokens.ts';
import { bedrockErrors } from './dialects/bedrock-errors.ts';
import { bedrockInvoke } from './dialects/bedrock-invoke.ts';
import type { CallPath, Dialect, ErrorFormat } from './dialects/dialect.ts';
import { openAiChat } from './dialects/openai-chat.ts';
import { openAiEmbeddings } from './dialects/openai-embeddings.ts';
import { openAiErrors } from './dialects/openai-errors.ts';
import { openAiResponses } from './dialects/openai-responses.ts';

/** A call of a model in one wire format. */
export interface CallEndpoint {
  readonly kind: 'call';
  readonly dialect: Dialect;
  readonly path: CallPath;
}

export type Endpoint =
  | CallEndpoint
  | { readonly kind: 'models' | 'explain' | 'availability' | 'healthz' | 'readyz' }
  | { readonly kind: 'model' | 'route' | 'operation'; readonly name: string };

/** `errors` is how the path's wire format says that something went wrong. */
export type EndpointMatch = { readonly errors: ErrorFormat } & (
  | { readonly kind: 'found'; readonly endpoint: Endpoint }
  | { readonly kind: 'unknown-path' }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
);

interface Row {
  readonly method: 'GET' | 'POST';
  /** `{name}` stands for one segment, percent-decoded and not empty. */
  readonly path: string;
  readonly endpoint: (name: string) => Endpoint;
}

const call = (path: string, dialect: Dialect): Row => ({
  method: 'POST',
  path,
  endpoint: () => ({ kind: 'call', dialect, path: {} }),
});

/** Bedrock's paths name the model and say whether the answer is streamed. */
const modelCall = (operation: string, dialect: Dialect, stream: boolean): Row => ({
  method: 'POST',
  path: `/model/{name}/${operation}`,
  endpoint: (model) => ({ kind: 'call', dialect, path: { model, stream } }),
});

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
  { method: 'GET', path: '/v1/models', endpoint: () => ({ kind: 'models' }) },
  { method: 'GET', path: '/v1/models/{name}', endpoint: (name) => ({ kind: 'model', name }) },
  { method: 'POST', path: '/spillway/v1/explain', endpoint: () => ({ kind: 'explain' }) },
  { method: 'GET', path: '/spillway/v1/availability', endpoint: () => ({ kind: 'availability' }) },
  { method: 'GET', path: '/spillway/v1/routes/{name}', endpoint: (name) => ({ kind: 'route', name }) },
  {
    method: 'POST',
    path: '/spillway/v1/operations/{name}',
    endpoint: (name) => ({ kind: 'operation', name }),
  },
  { method: 'GET', path: '/healthz', endpoint: () => ({ kind: 'healthz' }) },
  { method: 'GET', path: '/readyz', endpoint: () => ({ kind: 'readyz' }) },
];

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
  const found = rowAt(path);
  if (found === undefined) return { kind: 'unknown-path', errors };
  const { row, name } = found;
  // HEAD is GET without the body (RFC 9110): load balancers probe with it, and a shell leaves the body out.
  const methods = row.method === 'GET' ? ['GET', 'HEAD'] : [row.method];
  return methods.includes(method)
    ? { kind: 'found', endpoint: row.endpoint(name), errors }
    : { kind: 'wrong-method', allow: methods, errors };
}

interface FoundRow {
  readonly row: Row;
  readonly name: string;
}

/** Most requests ask for a path that is written down as it is. */
const literalRows: ReadonlyMap<string, FoundRow> = new Map(
  rows.filter(({ path }) => !path.includes('{name}')).map((row) => [row.path, { row, name: '' }]),
);

function rowAt(path: string): FoundRow | undefined {
  const literal = literalRows.get(path);
  if (literal !== undefined) return literal;
  for (const row of rows) {
    const name = nameIn(path, row.path);
    if (name !== undefined) return { row, name };
  }
  return undefined;
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
