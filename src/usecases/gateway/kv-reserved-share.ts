import { kvShareHeld } from '#core/kv/kv-share.ts';
import type { Job } from './job.ts';
import type { Services } from './services.ts';
import type { Answering } from './try-target.ts';

/** Of the cache of the target that answered. Undefined where its cache limits nothing. */
export function kvReservedShare(
  { sizes, region }: Pick<Services, 'sizes' | 'region'>,
  job: Job,
  ended: { readonly answering: Answering | undefined; readonly endedMs: number },
): number | undefined {
  const { answering, endedMs } = ended;
  if (answering === undefined) return undefined;
  const { target } = answering.candidate;
  const lendableTokens = target.kvTokens?.[region] ?? 0;
  if (lendableTokens === 0) return undefined;
  const kvTokens = sizes.kvTokensOf(job, target);
  return kvShareHeld({ kvTokens, heldMs: endedMs - answering.calledMs, lendableTokens });
}
