/** A JSON answer by the model's own structured outputs on Bedrock, as against a tool that makes it (json-tool.ts). */
import { stableHash } from '../units/stable-hash.ts';
import type { ChatRequest, ContentBlock } from './chat-request.ts';
import { nativeSchema } from './native-schema.ts';

/**
 * What of the request stands against Bedrock's own structured outputs, in words; undefined where nothing does, or no JSON
 * is asked for. Citations: Bedrock User Guide, "Get validated JSON results from models"; the assistant's own beginning:
 * Claude documentation, structured outputs.
 */
export function nativeJsonObstacle(request: ChatRequest): string | undefined {
  const { responseFormat: format, tools, messages } = request;
  if (format === undefined) return undefined;
  if (format.kind === 'json') return 'no schema';
  if (request.continuesAssistant === true) return 'assistant prefix';
  if (tools?.choice.kind === 'none') return 'forbidden tools';
  if (messages.some(({ content }) => content.some(isCited))) return 'citations';
  const { obstacle } = nativeSchema(format.schema);
  return obstacle === undefined ? undefined : `schema keyword ${obstacle}`;
}

/** By what a schema is known again; undefined where there is none that can be said. */
export function jsonSchemaKey({ responseFormat: format }: ChatRequest): string | undefined {
  if (format?.kind !== 'json-schema') return undefined;
  const { schema } = nativeSchema(format.schema);
  if (schema === undefined) return undefined;
  const text = JSON.stringify(schema);
  return `${text.length}-${stableHash(text)}`;
}

function isCited(block: ContentBlock): boolean {
  return 'document' in block && block.document.citations === true;
}

/** The request with its schema as Bedrock takes it; the same one where the schema is so already. */
export function withNativeSchema(request: ChatRequest): ChatRequest {
  const { responseFormat: format } = request;
  if (format?.kind !== 'json-schema') return request;
  const { schema } = nativeSchema(format.schema);
  if (schema === undefined || JSON.stringify(schema) === JSON.stringify(format.schema)) return request;
  return { ...request, responseFormat: { ...format, schema } };
}
