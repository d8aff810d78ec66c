/** What LangChain's suites share: a tool, and a stream of chunks read to its end. */
import type { AIMessageChunk } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import * as z from 'zod';

export const weather = tool(() => '12 degrees and rain', {
  name: 'weather',
  description: 'The weather of a city.',
  schema: z.object({ city: z.string() }),
});

export async function chunksOf(stream: Promise<AsyncIterable<AIMessageChunk>>): Promise<AIMessageChunk[]> {
  const chunks: AIMessageChunk[] = [];
  for await (const chunk of await stream) chunks.push(chunk);
  return chunks;
}

/** The message that a stream's chunks are together. */
export function joined(chunks: readonly AIMessageChunk[]): AIMessageChunk {
  const [first, ...others] = chunks;
  if (first === undefined) throw new Error('no chunk came');
  return others.reduce((whole, chunk) => whole.concat(chunk), first);
}
