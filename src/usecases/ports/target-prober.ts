/** Proves that a target answers, with one token of Converse (or one embedding), under the gateway's own role. */
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { Target } from '#core/target.ts';

export interface TargetProber {
  probe(
    target: Target,
    kind: 'chat' | 'embedding',
    signal: AbortSignal,
  ): Promise<{ readonly answered: true } | { readonly answered: false; readonly signal: UpstreamSignal }>;
}
