/** What each family of Bedrock's embedding models takes, from the request schemas of the Bedrock and Nova user guides. */

type EmbeddingFamily = 'titan-1' | 'titan-2' | 'titan-image' | 'cohere-3' | 'cohere-4' | 'nova';

export interface EmbeddingModelFacts {
  readonly family: EmbeddingFamily;
  /** Lengths that its vectors can have; the first is what it gives unasked. */
  readonly dimensions: readonly [number, ...number[]];
  /** Texts that one call may hold. */
  readonly textsMax: number;
  /** Tells purposes (document, query, ...) apart. */
  readonly purposes: boolean;
  /** Can be told whether its vectors have length 1. */
  readonly normalizes: boolean;
  /** Can be told to cut a text that is too long. */
  readonly truncates: boolean;
}

const plain = { textsMax: 1, purposes: false, normalizes: false, truncates: false } as const;
const cohere = { textsMax: 96, purposes: true, normalizes: false, truncates: true } as const;

/** By the beginning of the model id; the first that fits. */
const models: readonly { readonly prefix: string; readonly facts: EmbeddingModelFacts }[] = [
  {
    prefix: 'amazon.titan-embed-text-v2',
    facts: { ...plain, family: 'titan-2', dimensions: [1024, 512, 256], normalizes: true },
  },
  { prefix: 'amazon.titan-embed-text-v1', facts: { ...plain, family: 'titan-1', dimensions: [1536] } },
  { prefix: 'amazon.titan-embed-g1-text', facts: { ...plain, family: 'titan-1', dimensions: [1536] } },
  {
    prefix: 'amazon.titan-embed-image',
    facts: { ...plain, family: 'titan-image', dimensions: [1024, 384, 256] },
  },
  { prefix: 'cohere.embed-v4', facts: { ...cohere, family: 'cohere-4', dimensions: [1536, 1024, 512, 256] } },
  { prefix: 'cohere.embed-english-v3', facts: { ...cohere, family: 'cohere-3', dimensions: [1024] } },
  { prefix: 'cohere.embed-multilingual-v3', facts: { ...cohere, family: 'cohere-3', dimensions: [1024] } },
  {
    prefix: 'amazon.nova-2-multimodal-embeddings',
    facts: {
      family: 'nova',
      dimensions: [3072, 1024, 384, 256],
      textsMax: 1,
      purposes: true,
      normalizes: false,
      truncates: true,
    },
  },
];

/** Undefined for a model whose body nobody here can write. */
export function embeddingModelFacts(modelId: string): EmbeddingModelFacts | undefined {
  return models.find(({ prefix }) => modelId.startsWith(prefix))?.facts;
}
