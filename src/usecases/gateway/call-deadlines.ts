import type { DeadlinesConfig } from '#contract/config.ts';
import type { Candidate } from '#core/decide/decision.ts';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { CallDeadlines } from './call-guard.ts';

/** More than this many targets do not make each one's slice of the caller's time any shorter. */
const SLICES_MAX = 3;

/**
 * The deadlines of one call. A caller's own deadline gives each attempt at most remaining ÷ lawful targets left
 * (counting at most 3) to its first content; `sliced` names the deadlines that this, not the configuration, bounds.
 */
export function callDeadlines(call: {
  readonly candidate: Candidate;
  readonly configured: DeadlinesConfig;
  readonly remainingMs: number;
  readonly callerHasDeadline: boolean;
  /** Targets that may still be asked, this one included; 1 or more. */
  readonly lawfulLeft: number;
  /** Its schema may have to be compiled first, and there is no other way: it gets all the time that is left. */
  readonly waitsForGrammar: boolean;
}): {
  readonly deadlines: CallDeadlines;
  readonly sliced: readonly (UpstreamSignal['deadline'] | undefined)[];
} {
  const { candidate, configured, remainingMs, callerHasDeadline, lawfulLeft, waitsForGrammar } = call;
  const { target } = candidate;
  const usual = target.scope === 'dedicated' ? configured.dedicatedFirstContentMs : configured.firstContentMs;
  const share = remainingMs / Math.min(lawfulLeft, SLICES_MAX);
  // A target that cannot stream shows its first content with its last.
  const ownShareMs = target.capabilities.streaming === false ? share : usual;
  const slice = callerHasDeadline ? share : remainingMs;
  const firstContentMs = waitsForGrammar ? remainingMs : Math.min(ownShareMs, slice);
  return {
    sliced: [
      ...(slice < configured.connectMs ? (['connect'] as const) : []),
      ...(!waitsForGrammar && slice < ownShareMs ? (['first-content'] as const) : []),
    ],
    deadlines: {
      connectMs: Math.max(1, Math.ceil(Math.min(configured.connectMs, slice))),
      firstContentMs: Math.max(1, Math.ceil(firstContentMs)),
      betweenTokensMs: configured.betweenTokensMs,
      totalMs: Math.max(1, Math.ceil(remainingMs)),
    },
  };
}
