import type { Target } from '../target.ts';
import { embeddingModelFacts } from './bedrock-embedding-models.ts';
import type { EmbeddingNeeds } from './embedding-needs.ts';

/** Texts that one call of a container may hold: far below what its server takes, so that a call stays short. */
const CONTAINER_TEXTS_MAX = 64;

type EmbeddingTarget = Pick<Target, 'kind' | 'modelId' | 'capabilities' | 'container'>;

/**
 * Whether a target can make these vectors. Of a container nothing is known: it is asked, in OpenAI's format, which
 * has no word for normalising or cutting.
 */
export function canEmbed(
  { kind, modelId, capabilities, container }: EmbeddingTarget,
  needs: EmbeddingNeeds,
): boolean {
  // TGI makes none.
  if (container !== undefined) return false;
  const { output } = capabilities;
  if (output !== undefined && !output.includes('EMBEDDING')) return false;
  const saysHow = needs.normalize !== undefined || needs.truncates;
  if (kind === 'sagemaker') return !saysHow;
  const facts = embeddingModelFacts(modelId);
  if (facts === undefined) return false;
  if (needs.dimensions !== undefined && !facts.dimensions.includes(needs.dimensions)) return false;
  if (needs.normalize !== undefined && !facts.normalizes) return false;
  return !needs.truncates || facts.truncates;
}

/** What of these vectors a target cannot do: `embedding` where it makes none at all. */
export function missingForVectors(
  target: EmbeddingTarget,
  needs: EmbeddingNeeds,
): readonly ('embedding' | 'dimensions' | 'normalize' | 'truncate')[] {
  const plain: EmbeddingNeeds = { ...needs, dimensions: undefined, normalize: undefined, truncates: false };
  if (!canEmbed(target, plain)) return ['embedding'];
  const { dimensions, normalize, truncates } = needs;
  return [
    ...(canEmbed(target, { ...plain, dimensions }) ? [] : (['dimensions'] as const)),
    ...(canEmbed(target, { ...plain, normalize }) ? [] : (['normalize'] as const)),
    ...(canEmbed(target, { ...plain, truncates }) ? [] : (['truncate'] as const)),
  ];
}

/** How many texts one call of the target may hold; 1 or more. */
export function textsPerCall({ kind, modelId }: Pick<Target, 'kind' | 'modelId'>): number {
  return kind === 'sagemaker' ? CONTAINER_TEXTS_MAX : (embeddingModelFacts(modelId)?.textsMax ?? 1);
}
