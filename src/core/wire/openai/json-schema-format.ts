import type { ChatRequest } from '../../chat/chat-request.ts';
import type { Report } from './conversation.ts';

export interface NamedSchema {
  readonly name: string;
  /** What the answer is for, as the model is told. */
  readonly description?: string | null | undefined;
  readonly schema: unknown;
}

/** An answer that satisfies a schema. Every target takes objects; few take anything else. */
export function jsonSchemaFormat(
  { name, description, schema }: NamedSchema,
  path: string,
  report: Report,
): Pick<ChatRequest, 'responseFormat'> {
  if (!isObjectSchema(schema)) report(path, 'must be a JSON schema with "type": "object" at its root');
  return {
    responseFormat: {
      kind: 'json-schema',
      name,
      schema,
      ...(description == null || description === '' ? {} : { description }),
    },
  };
}

function isObjectSchema(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'object';
}
