/** Bodies of InvokeModel that ask for vectors of texts: Titan's, Cohere's and Nova's own formats, each strict. */
import * as z from 'zod';

/** Members of these formats that no target honours here: refused by name, with the reason. */
export const refusedEmbeddingMembers = {
  embeddingConfig: 'give the length as dimensions',
  images: 'only texts are made into vectors here',
  inputImage: 'only texts are made into vectors here',
  inputs: 'only texts are made into vectors here',
  max_tokens: 'use truncate',
  textGenerationConfig: 'a text model is called by /model/{modelId}/converse',
} as const;

const refusedMember = (member: keyof typeof refusedEmbeddingMembers) =>
  z.undefined(`is not supported: ${refusedEmbeddingMembers[member]}`).optional();

const dimensions = z.int().min(1).max(100_000).optional();
const text = z.string().min(1, 'must not be empty');
const floatsOnly = 'must be ["float"] or left out: vectors are given as floats';

export const titanEmbeddingSchema = z.strictObject({
  inputText: text,
  dimensions,
  normalize: z.boolean().optional(),
  embeddingTypes: z.array(z.literal('float', floatsOnly)).min(1, floatsOnly).optional(),
  inputImage: refusedMember('inputImage'),
  embeddingConfig: refusedMember('embeddingConfig'),
  textGenerationConfig: refusedMember('textGenerationConfig'),
});

/** As many as one call of Cohere's models takes. */
const COHERE_TEXTS_MAX = 96;

export const cohereEmbeddingSchema = z.strictObject({
  texts: z.array(text).min(1).max(COHERE_TEXTS_MAX),
  input_type: z.enum(['search_document', 'search_query', 'classification', 'clustering']),
  /** The fourth version's names for the ends of a text, and those of the third. */
  truncate: z.enum(['NONE', 'START', 'END', 'LEFT', 'RIGHT']).optional(),
  embedding_types: z.array(z.literal('float', floatsOnly)).min(1, floatsOnly).optional(),
  output_dimension: dimensions,
  images: refusedMember('images'),
  inputs: refusedMember('inputs'),
  max_tokens: refusedMember('max_tokens'),
});

const novaPurposes = ['GENERIC_INDEX', 'TEXT_RETRIEVAL', 'CLASSIFICATION', 'CLUSTERING'] as const;

export const novaEmbeddingSchema = z.strictObject({
  schemaVersion: z.literal('nova-multimodal-embed-v1').optional(),
  taskType: z.literal(
    'SINGLE_EMBEDDING',
    'must be SINGLE_EMBEDDING: only whole texts are made into vectors here',
  ),
  singleEmbeddingParams: z.strictObject({
    embeddingPurpose: z.enum(novaPurposes),
    embeddingDimension: dimensions,
    text: z.strictObject({ truncationMode: z.enum(['NONE', 'START', 'END']), value: text }),
  }),
});
