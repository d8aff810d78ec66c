import type { AvailabilityTarget } from '#contract/availability-cells.ts';

export interface AvailabilityFilter {
  /** A logical model or a Bedrock model id. */
  readonly model?: string | undefined;
  /** Ids and endpoints of that logical model: a target that several models share is labelled with the first alone. */
  readonly alsoNamed?: readonly string[] | undefined;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  /** ISO 8601; targets whose state holds since then or later. */
  readonly changedSince?: string | undefined;
  /** Only the models of the configuration. @default false */
  readonly tracked?: boolean | undefined;
}

/** What a target is, apart from its state. */
type Named = Pick<AvailabilityTarget, 'account' | 'region' | 'model' | 'modelId' | 'profileId' | 'endpoint'>;

/** The targets that a person asked for. The gateway may have filtered already; an old one may not. */
export function filterTargets(
  targets: readonly AvailabilityTarget[],
  filter: AvailabilityFilter,
): AvailabilityTarget[] {
  const { changedSince } = filter;
  const since = changedSince === undefined ? undefined : Date.parse(changedSince);
  return targets.filter(
    (target) => isAskedFor(target, filter) && (since === undefined || Date.parse(target.since) >= since),
  );
}

/** By what it is, and not by when it changed. */
export function isAskedFor(target: Named, filter: AvailabilityFilter): boolean {
  const { model, alsoNamed = [], region, account, tracked = false } = filter;
  const names = [model, ...alsoNamed];
  return (
    (model === undefined ||
      [target.model, target.modelId, target.profileId, target.endpoint].some(
        (name) => name !== undefined && names.includes(name),
      )) &&
    (region === undefined || target.region === region) &&
    (account === undefined || target.account === account) &&
    (!tracked || target.model !== undefined)
  );
}
