import type { EmbeddingAnswer } from '../../embedding/embedding-request.ts';
import { base64OfBytes } from '../../units/base64.ts';

export type EmbeddingEncoding = 'float' | 'base64';

/** The body of OpenAI's embeddings. Without a count from the target there is no usage: none is invented. */
export function embeddingList(
  model: string,
  { embeddings, inputTokens }: EmbeddingAnswer,
  encoding: EmbeddingEncoding,
) {
  return {
    object: 'list',
    data: embeddings.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: encoding === 'float' ? vector : base64OfVector(vector),
    })),
    model,
    ...(inputTokens === undefined
      ? {}
      : { usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } }),
  };
}

/** 32-bit floats, the lowest byte first, whatever the machine. */
function base64OfVector(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [index, value] of vector.entries()) view.setFloat32(index * 4, value, true);
  return base64OfBytes(new Uint8Array(view.buffer));
}
