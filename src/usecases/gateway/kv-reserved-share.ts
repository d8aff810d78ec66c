import type { Usage } from '#core/chat/model-event.ts';
import { kvShareHeld } from '#core/kv/kv-share.ts';
import { kvTokensOfRequest } from '#core/kv/kv-tokens.ts';
import type { Job } from './job.ts';
import type { Services } from './services.ts';
import type { Answering } from './try-target.ts';

/** Of the cache of the target that answered. Undefined where its cache limits nothing. */
export function kvReservedShare(
  { sizes, region }: Pick<Services, 'sizes' | 'region'>,
  job: Job,
  ended: {
    readonly answering: Answering | undefined;
    readonly endedMs: number;
    readonly usage: Usage | undefined;
  },
): number | undefined {
  const { answering, endedMs, usage } = ended;
  if (answering === undefined) return undefined;
  const { target } = answering.candidate;
  const lendableTokens = target.kvTokens?.[region] ?? 0;
  if (lendableTokens === 0) return undefined;
  const reserved = sizes.kvTokensOf(job, target);
  if (reserved === 0) return 0;
  // An answer that outgrew its reservation held as much as it came to, or a little less.
  const { inputTokens } = sizes.of(job, target);
  const { outputTokens = 0 } = usage ?? {};
  const grown = kvTokensOfRequest({ inputTokens, outputTokens, fixedTokens: target.kvTokensPerRequest });
  const kvTokens = Math.max(reserved, grown);
  return kvShareHeld({ kvTokens, heldMs: endedMs - answering.calledMs, lendableTokens });
}
