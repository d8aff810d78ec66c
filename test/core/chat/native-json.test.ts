import { expect, it } from 'vitest';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import { nativeJsonObstacle, withNativeSchema } from '#core/chat/native-json.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';

const schema = { type: 'object', properties: { city: { type: 'string' } } };
const asking = (changes: Partial<ChatRequest> = {}): ChatRequest =>
  aChatRequest({ responseFormat: { kind: 'json-schema', name: 'place', schema }, ...changes });
const specifications = [{ name: 'look', inputSchema: { type: 'object' } }];
const document = (citations: boolean) => ({
  document: { format: 'txt', name: 'notes', source: { text: 'Hi' }, citations } as const,
});

it.each<readonly [string | undefined, Partial<ChatRequest>]>([
  [undefined, {}],
  [undefined, { responseFormat: undefined, continuesAssistant: true }],
  [undefined, { tools: { specifications, choice: { kind: 'auto' } } }],
  [undefined, { messages: [{ role: 'user', content: [document(false)] }] }],
  ['no schema', { responseFormat: { kind: 'json' } }],
  ['assistant prefix', { continuesAssistant: true }],
  ['forbidden tools', { tools: { specifications, choice: { kind: 'none' } } }],
  ['citations', { messages: [{ role: 'user', content: [document(true)] }] }],
  [
    'schema keyword properties',
    { responseFormat: { kind: 'json-schema', name: 'a', schema: { type: 'object' } } },
  ],
])('against structured outputs stands %s', (obstacle, changes) => {
  expect(nativeJsonObstacle(asking(changes))).toBe(obstacle);
});

it('a request has its schema closed, and is the same one where nothing has to be changed', () => {
  const closed = { ...schema, additionalProperties: false };
  const written = withNativeSchema(asking());
  expect(written.responseFormat).toEqual({ kind: 'json-schema', name: 'place', schema: closed });
  expect(withNativeSchema(written)).toBe(written);
  const free = aChatRequest();
  expect(withNativeSchema(free)).toBe(free);
});
