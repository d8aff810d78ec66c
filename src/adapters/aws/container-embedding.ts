/** Texts as OpenAI's embeddings, which is what a dedicated container speaks, and its answer as vectors. */
import type { EmbeddingAnswer, EmbeddingRequest } from '#core/embedding/embedding-request.ts';
import {
  arrayIn,
  countIn,
  type JsonObject,
  MalformedAnswer,
  objectIn,
  optionalCount,
  optionalObject,
  vectorIn,
} from './answer-reader.ts';

/** A container tells this from a chat by the shape of the body alone. */
export function containerEmbeddingBody(
  servedModel: string,
  { texts, dimensions }: Pick<EmbeddingRequest, 'texts' | 'dimensions'>,
): string {
  return JSON.stringify({ model: servedModel, input: texts, dimensions, encoding_format: 'float' });
}

/** @throws MalformedAnswer */
export function containerEmbeddingAnswer(answer: JsonObject): EmbeddingAnswer {
  const entries = arrayIn(answer.data, 'data').map((entry) => objectIn(entry, 'data'));
  const embeddings: (readonly number[])[] = [];
  for (const [place, entry] of entries.entries()) {
    const index = entry.index === undefined ? place : countIn(entry.index, 'data.index');
    if (index >= entries.length || embeddings[index] !== undefined)
      throw new MalformedAnswer('data.index must name each text once');
    embeddings[index] = vectorIn(entry.embedding, 'data.embedding');
  }
  const usage = optionalObject(answer.usage, 'usage');
  return { embeddings, inputTokens: optionalCount(usage?.prompt_tokens, 'usage.prompt_tokens') };
}
