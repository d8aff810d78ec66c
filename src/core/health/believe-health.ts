import type { InstantMs } from '../units/instant-ms.ts';
import { remembered } from './remembered.ts';
import type { SharedHealth, Standing } from './shared-health.ts';
import { EJECTION_MS_MAX, FORGIVEN_MS } from './step-health.ts';
import { isProbeOpen } from './step-shared-health.ts';
import type { TargetHealth } from './target-health.ts';

/** Clocks of two processes may differ by this much. */
const SKEW_MS_MAX = 2000;

/**
 * What a process holds of a target once it has read what the others of its region told. Pure; the same view twice
 * changes nothing, and an older one neither. What is believed is health alone: whether a target is lawful, and whether
 * the last lawful one is spared, is judged elsewhere and after this.
 */
export function believeHealth(
  own: TargetHealth,
  { standing }: SharedHealth,
  { self, at }: { readonly self: string; readonly at: InstantMs },
): TargetHealth {
  if (standing === undefined || (own.episode ?? 0) > standing.episode) return own;
  const isKnown = own.episode === standing.episode;
  return standing.phase === 'ejected'
    ? afterEjection(own, standing, { self, at, isKnown })
    : afterReturn(own, standing, { at, isKnown });
}

function afterEjection(
  own: TargetHealth,
  standing: Standing,
  { self, at, isKnown }: { readonly self: string; readonly at: InstantMs; readonly isKnown: boolean },
): TargetHealth {
  const { episode, ejections, probe } = standing;
  if (at - standing.until > FORGIVEN_MS) return own;
  if (isKnown && isAhead(own, standing, self)) return own;
  // No clock may close a target for longer than an ejection lasts.
  const theirs = Math.min(standing.until, at + EJECTION_MS_MAX + SKEW_MS_MAX);
  const until = own.kind === 'ejected' ? Math.max(own.until, theirs) : theirs;
  const kept = { ...remembered(own), ejections, ejectedAt: standing.at, episode };
  if (probe !== undefined && probe.by !== self && isProbeOpen(standing, at))
    return { ...kept, kind: 'half-open', probedAt: Math.min(probe.at, at) };
  return { ...kept, kind: 'ejected', until };
}

/** Its own probe is under way, or has ended in a way that the others have not read yet. */
function isAhead(own: TargetHealth, { at, probe }: Standing, self: string): boolean {
  if (own.kind === 'half-open') return probe === undefined || probe.by === self;
  return own.kind !== 'ejected' || (own.ejectedAt ?? 0) > at;
}

function afterReturn(
  own: TargetHealth,
  { episode, at: since, until, ejections }: Standing,
  { at, isKnown }: { readonly at: InstantMs; readonly isKnown: boolean },
): TargetHealth {
  const isOut = own.kind === 'ejected' || own.kind === 'half-open';
  // What this process saw fail since then is newer.
  if (isOut && (own.ejectedAt ?? 0) > since) return own;
  if (isKnown && !isOut) return own;
  const kept = { ...remembered(own), ejections, episode };
  if (at < until) return { ...kept, kind: 'returning', since: Math.min(since, at), until };
  return isOut ? { ...kept, kind: 'healthy', points: 0, row: [], recent: [] } : { ...own, episode };
}
