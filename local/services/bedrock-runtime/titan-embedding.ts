import { embedText } from '../../world/answers/embed-text.ts';
import { countTokens } from '../../world/answers/tokens.ts';
import type { EmbeddingAnswer } from './embedding-answer.ts';
import { malformed, refuseOthers } from './json-body.ts';
import { invalid } from './refusals.ts';

const INPUT_TOKENS_MAX = 8_192;
const DIMENSIONS_V1 = 1_536;
const DIMENSIONS_V2 = [1_024, 512, 256];
const TYPES = ['float', 'binary'];

/** Amazon Titan Text Embeddings: version 1 takes a text alone, version 2 also dimensions, normalisation and types. */
export function titanEmbedding(modelId: string, body: Record<string, unknown>): EmbeddingAnswer {
  const first = modelId.includes('-v1');
  refuseOthers(body, first ? ['inputText'] : ['inputText', 'dimensions', 'normalize', 'embeddingTypes']);
  const { inputText, dimensions = DIMENSIONS_V2[0], normalize = true, embeddingTypes } = body;
  if (inputText === undefined) throw malformed('#: required key [inputText] not found');
  if (typeof inputText !== 'string') throw malformed('#/inputText: expected type: String');
  if (inputText === '') throw malformed('#/inputText: expected minLength: 1, actual: 0');
  if (!DIMENSIONS_V2.includes(dimensions as number)) {
    throw malformed(`#/dimensions: ${JSON.stringify(dimensions)} is not a valid enum value`);
  }
  if (typeof normalize !== 'boolean') throw malformed('#/normalize: expected type: Boolean');
  const inputTokens = countTokens(inputText);
  if (inputTokens > INPUT_TOKENS_MAX) {
    throw invalid(
      `400 Bad Request: Too many input tokens. Max input tokens: ${INPUT_TOKENS_MAX}, request input token count: ${inputTokens}`,
    );
  }
  const vector = embedText(inputText, first ? DIMENSIONS_V1 : (dimensions as number), normalize);
  if (first) return { body: { embedding: vector, inputTextTokenCount: inputTokens }, inputTokens };
  const byType = embeddingsByType(embeddingTypes, vector);
  const embedding = byType.float === undefined ? {} : { embedding: vector };
  return { body: { ...embedding, embeddingsByType: byType, inputTextTokenCount: inputTokens }, inputTokens };
}

function embeddingsByType(types: unknown, vector: readonly number[]): Record<string, readonly number[]> {
  const asked = types ?? ['float'];
  const fine = Array.isArray(asked) && asked.length > 0 && asked.every((type) => TYPES.includes(type));
  if (!fine) throw malformed(`#/embeddingTypes: expected a list of ${TYPES.join(', ')}`);
  return {
    ...(asked.includes('float') ? { float: vector } : {}),
    ...(asked.includes('binary') ? { binary: vector.map((value) => (value > 0 ? 1 : 0)) } : {}),
  };
}
