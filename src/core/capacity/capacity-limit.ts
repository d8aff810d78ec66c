/** What one gateway region may have under way at a target. */
import type { Target } from '../target.ts';

/**
 * Slots of a dedicated target: the share that plan gave this gateway region, and none where plan shared it out without
 * it. Undefined where nothing limits the target: serverless ones, unless a number of slots is configured for each.
 */
export function slotsOf(
  target: Pick<Target, 'scope' | 'share'>,
  {
    gatewayRegion,
    serverlessSlots,
  }: { readonly gatewayRegion: string; readonly serverlessSlots?: number | undefined },
): number | undefined {
  if (target.share !== undefined) return target.share[gatewayRegion] ?? 0;
  return target.scope === 'dedicated' ? undefined : serverlessSlots;
}
