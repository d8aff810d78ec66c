/** Bodies of InvokeModel that ask for vectors of texts: Titan's, Cohere's and Nova's own formats, each strict. */
import * as z from 'zod';
import { refusedMember } from './bedrock-converse-parts.ts';

const dimensions = z.int().min(1).max(100_000).optional();
const text = z.string().min(1, 'must not be empty');
const floatsOnly = 'must be ["float"] or left out: vectors are given as floats';
const imagesRefused = refusedMember('only texts are made into vectors here');

export const titanEmbeddingSchema = z.strictObject({
  inputText: text,
  dimensions,
  normalize: z.boolean().optional(),
  embeddingTypes: z.array(z.literal('float', floatsOnly)).min(1, floatsOnly).optional(),
  inputImage: imagesRefused,
  embeddingConfig: refusedMember('give the length as dimensions'),
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
  images: imagesRefused,
  inputs: imagesRefused,
  max_tokens: refusedMember('use truncate'),
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
