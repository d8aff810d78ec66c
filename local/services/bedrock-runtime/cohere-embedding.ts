import { embedText } from '../../world/answers/embed-text.ts';
import { hashId } from '../../world/answers/hash.ts';
import { countTokens } from '../../world/answers/tokens.ts';
import type { EmbeddingAnswer } from './embedding-answer.ts';
import { malformed, refuseOthers } from './json-body.ts';

const TEXTS_MAX = 96;
const DIMENSIONS_V3 = 1_024;
const DIMENSIONS_V4 = [1_536, 1_024, 512, 256];
const INPUT_TYPES = ['search_document', 'search_query', 'classification', 'clustering'];
const TRUNCATIONS = ['NONE', 'START', 'END', 'LEFT', 'RIGHT'];

/** One form of a vector for each name that `embedding_types` may hold. */
const CONVERSIONS: ReadonlyMap<unknown, (vector: readonly number[]) => readonly number[]> = new Map([
  ['float', (vector: readonly number[]) => vector],
  ['int8', (vector: readonly number[]) => vector.map((value) => Math.round(value * 127))],
  ['uint8', (vector: readonly number[]) => vector.map((value) => Math.round(value * 127) + 128)],
  ['ubinary', packBits],
  ['binary', (vector: readonly number[]) => packBits(vector).map((byte) => byte - 128)],
]);

/** Cohere Embed: version 4 also takes `output_dimension` and is by type from the start. Texts only. */
export function cohereEmbedding(modelId: string, body: Record<string, unknown>): EmbeddingAnswer {
  const fourth = modelId.includes('-v4');
  const known = ['texts', 'input_type', 'truncate', 'embedding_types'];
  refuseOthers(body, fourth ? [...known, 'output_dimension', 'max_tokens'] : known);
  const texts = checkTexts(body.texts);
  checkOption(body.input_type, INPUT_TYPES, 'input_type');
  if (body.truncate !== undefined) checkOption(body.truncate, TRUNCATIONS, 'truncate');
  const dimensions = body.output_dimension ?? (fourth ? DIMENSIONS_V4[0] : DIMENSIONS_V3);
  if (fourth && !DIMENSIONS_V4.includes(dimensions as number)) {
    throw malformed(
      `#/output_dimension: ${JSON.stringify(dimensions)} is not one of ${DIMENSIONS_V4.join(', ')}`,
    );
  }
  const vectors = texts.map((text) => embedText(text, dimensions as number));
  const id = hashId(texts.join('\n'));
  const inputTokens = texts.reduce((total, text) => total + countTokens(text), 0);
  const embeddings = byType(body.embedding_types, vectors);
  const form = embeddings
    ? { response_type: 'embeddings_by_type', embeddings }
    : { response_type: 'embeddings_floats', embeddings: vectors };
  return { body: { id, ...form, texts }, inputTokens };
}

function checkTexts(texts: unknown): readonly string[] {
  if (texts === undefined) throw malformed('#: required key [texts] not found');
  const fine = Array.isArray(texts) && texts.length > 0 && texts.length <= TEXTS_MAX;
  if (!fine) throw malformed(`#/texts: expected 1 to ${TEXTS_MAX} items`);
  if (!texts.every((text) => typeof text === 'string' && text !== '')) {
    throw malformed('#/texts: expected strings that are not empty');
  }
  return texts;
}

function checkOption(value: unknown, options: readonly string[], name: string): void {
  if (value === undefined) throw malformed(`#: required key [${name}] not found`);
  if (options.includes(value as string)) return;
  throw malformed(`#/${name}: ${JSON.stringify(value)} is not a valid enum value`);
}

function byType(
  types: unknown,
  vectors: readonly (readonly number[])[],
): Record<string, readonly (readonly number[])[]> | undefined {
  if (types === undefined) return undefined;
  const fine = Array.isArray(types) && types.length > 0 && types.every((type) => CONVERSIONS.has(type));
  if (!fine) throw malformed(`#/embedding_types: expected a list of ${[...CONVERSIONS.keys()].join(', ')}`);
  return Object.fromEntries(
    types.map((type) => [type, vectors.map((vector) => CONVERSIONS.get(type)?.(vector) ?? vector)]),
  );
}

/** Eight signs in a byte, the first in the highest bit. */
function packBits(vector: readonly number[]): readonly number[] {
  const bytes = new Array<number>(Math.ceil(vector.length / 8)).fill(0);
  vector.forEach((value, index) => {
    if (value > 0) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
  });
  return bytes;
}
