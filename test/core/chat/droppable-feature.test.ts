import { describe, expect, it } from 'vitest';
import { chatFeatures } from '#core/chat/chat-features.ts';
import { droppableFeatures, isDroppable, withoutFeatures } from '#core/chat/droppable-feature.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';

const look = { name: 'look', inputSchema: { type: 'object' } };
const plain = aChatRequest({
  system: [{ text: 'Be short.' }],
  tools: { specifications: [look], choice: { kind: 'any' } },
});
const full = aChatRequest({
  system: [{ text: 'Be short.' }, { cachePoint: {} }],
  tools: { specifications: [{ ...look, strict: true, cachePoint: {} }], choice: { kind: 'any' } },
});

describe('a feature that can be dropped', () => {
  it.each(droppableFeatures)('%s is left out, and nothing else is', (feature) => {
    const others = chatFeatures(full).filter((each) => each !== feature);
    expect(chatFeatures(full)).toContain(feature);
    expect(chatFeatures(withoutFeatures(full, [feature]))).toEqual(others);
    expect(withoutFeatures(plain, [feature])).toEqual(plain);
  });

  it('goes together with the others', () => {
    expect(withoutFeatures(full, droppableFeatures)).toEqual(plain);
  });

  it('is none of those that an answer needs', () => {
    expect((['tools', 'documents', 'tool-choice', 'native-json'] as const).filter(isDroppable)).toEqual([]);
  });
});

it('leaves a chat as it is where nothing is dropped, or where it has no tools', () => {
  expect(withoutFeatures(full, undefined)).toBe(full);
  const bare = aChatRequest({});
  expect(withoutFeatures(bare, ['strict-tools'])).toBe(bare);
});
