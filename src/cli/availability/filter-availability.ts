import type { AvailabilityTarget } from '#contract/availability-cells.ts';
import { type InstantMs, isoOfInstant } from '#core/units/instant-ms.ts';
import { UsageError } from '../usage-error.ts';

export interface AvailabilityFilter {
  /** A logical model or a Bedrock model id. */
  readonly model?: string | undefined;
  /** Ids and endpoints of that logical model: a target that several models share is labelled with the first alone. */
  readonly alsoNamed?: readonly string[] | undefined;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  /** ISO 8601; targets whose state holds since then or later. */
  readonly changedSince?: string | undefined;
}

/** The targets that a person asked for. The gateway may have filtered already; an old one may not. */
export function filterTargets(
  targets: readonly AvailabilityTarget[],
  filter: AvailabilityFilter,
): AvailabilityTarget[] {
  const { model, alsoNamed = [], region, account, changedSince } = filter;
  const names = [model, ...alsoNamed];
  const since = changedSince === undefined ? undefined : Date.parse(changedSince);
  return targets.filter(
    (target) =>
      (model === undefined ||
        [target.model, target.modelId, target.profileId, target.endpoint].some(
          (name) => name !== undefined && names.includes(name),
        )) &&
      (region === undefined || target.region === region) &&
      (account === undefined || target.account === account) &&
      (since === undefined || Date.parse(target.since) >= since),
  );
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90m`, `2h`, `7d` back from now, or an ISO 8601 time; answers ISO 8601. Throws a UsageError for anything else. */
export function parseSince(text: string, now: InstantMs): string {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return isoOfInstant(Math.max(0, now - Number(count) * (unitMs[unit] ?? 0)));
  const at = Date.parse(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(at)) return isoOfInstant(at);
  throw new UsageError(
    `--changed-since must be a duration such as 90m, 2h or 7d, or a time such as 2026-11-21T07:30:00Z, not "${text}"`,
  );
}
