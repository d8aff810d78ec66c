import { type InvokeHeaders, readInvokeHeaders } from '#contract/bedrock-invoke-headers.ts';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import type { ReadNativeChat } from './bedrock-anthropic.ts';
import { bedrockAnthropicWriter, readBedrockAnthropic } from './bedrock-anthropic.ts';
import { readCohereEmbedding, readNovaEmbedding, readTitanEmbedding } from './bedrock-embeddings.ts';
import { bedrockErrors } from './bedrock-errors.ts';
import { bedrockNovaWriter, readBedrockNova } from './bedrock-nova.ts';
import type { BodyViolation, CallPath, ChatWriter, Dialect, ReadCall } from './dialect.ts';

/**
 * POST /model/{modelId}/invoke and /invoke-with-response-stream. The logical model does not say whose format a body
 * is in; its shape does, and the answer is written in the same format, whichever target gave it.
 */
export const bedrockInvoke: Dialect = {
  errors: bedrockErrors,
  read: (body, path, headers) => {
    const { options, violations } = readInvokeHeaders(headers);
    const call = readNative(body, path, options);
    if (violations.length === 0) return call;
    return { ok: false, violations: [...violations, ...(call.ok ? [] : call.violations)] };
  },
};

type Reader = (body: unknown, path: CallPath, options: InvokeHeaders | undefined) => ReadCall;

/** By a member that no other format has; the first that is there. */
const formats: readonly { readonly member: string; readonly read: Reader }[] = [
  { member: 'anthropic_version', read: chat(readBedrockAnthropic, bedrockAnthropicWriter) },
  { member: 'inputText', read: embedding(readTitanEmbedding) },
  { member: 'input_type', read: embedding(readCohereEmbedding) },
  { member: 'texts', read: embedding(readCohereEmbedding) },
  { member: 'taskType', read: embedding(readNovaEmbedding) },
  { member: 'schemaVersion', read: chat(readBedrockNova, bedrockNovaWriter) },
];

function readNative(body: unknown, path: CallPath, options: InvokeHeaders | undefined): ReadCall {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return refused('', 'must be a JSON object');
  const format = formats.find(({ member }) => Object.hasOwn(body, member));
  if (format !== undefined) return format.read(body, path, options);
  return refused(
    '',
    'is in no format that is spoken here: Anthropic’s has anthropic_version, Nova’s schemaVersion, and of embeddings Titan’s has inputText, Cohere’s texts, Nova’s taskType. Every chat can be sent to /model/{modelId}/converse instead',
  );
}

function chat(
  read: (body: unknown, model: string) => ReadNativeChat,
  writerOf: (request: ChatRequest) => ChatWriter,
): Reader {
  return (body, { model = '', stream = false }, options) => {
    const call = read(body, model);
    if (!call.ok) return call;
    const { bedrock } = call.request;
    const request =
      options === undefined ? call.request : { ...call.request, bedrock: { ...bedrock, ...options } };
    return { ok: true, work: { kind: 'chat', request, stream, writer: writerOf(request) } };
  };
}

function embedding(read: (body: unknown, model: string) => ReadCall): Reader {
  return (body, { model = '', stream = false }, options) => {
    const call = read(body, model);
    const violations: BodyViolation[] = call.ok ? [] : [...call.violations];
    if (stream)
      violations.push({
        path: '',
        message: 'asks for vectors, which are not streamed: call /model/{modelId}/invoke',
      });
    // Labels for AWS's logs may go unsaid; everything else in headers changes what a call does or costs.
    const { requestMetadata: _, ...changing } = options ?? {};
    if (Object.keys(changing).length > 0)
      violations.push({
        path: '',
        message: 'asks for vectors: guardrails, tiers and latencies in headers are for chats',
      });
    return violations.length === 0 ? call : { ok: false, violations };
  };
}

function refused(path: string, message: string): ReadCall {
  return { ok: false, violations: [{ path, message }] };
}
