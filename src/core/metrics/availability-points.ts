/** What one discovery run publishes: counts by group, and the tracked models one by one. */
import type { Observation, RegionObservations } from '../discovery/observation.ts';
import type { TargetState } from '../target.ts';
import { type MetricPointDraft, metricPoint } from './metric-point.ts';
import { type TargetGroup, targetGroups } from './registry.ts';

const GROUP_OF_STATE: Readonly<Record<TargetState, TargetGroup>> = {
  available: 'usable',
  warm: 'usable',
  legacy: 'legacy',
  'profile-only': 'blocked',
  'not-authorized': 'blocked',
  'not-entitled': 'blocked',
  'no-agreement': 'blocked',
  'not-offered': 'blocked',
  'quota-zero': 'blocked',
  denied: 'blocked',
  warming: 'blocked',
  cold: 'blocked',
  unknown: 'unknown',
};

/** A stale state counts as unknown: nobody has confirmed it. */
export function groupOf(observation: Pick<Observation, 'state' | 'stale'>): TargetGroup {
  return observation.stale ? 'unknown' : GROUP_OF_STATE[observation.state];
}

const USABLE: ReadonlySet<TargetState> = new Set(['available', 'legacy']);

export function availabilityPoints(
  observations: RegionObservations,
  tracked: ReadonlySet<string>,
): readonly MetricPointDraft[] {
  const { account, region, at, targets, failures } = observations;
  const place = { Account: account, Region: region };
  const point = (name: string, value: number, more: Readonly<Record<string, string>> = {}) =>
    metricPoint({ namespace: 'Spillway/Availability', name, value, at, dimensions: { ...place, ...more } });
  const groups = targets.map((each) => groupOf(each));
  const usable = targets.filter((each) => tracked.has(each.modelId) && USABLE.has(each.state));
  const points = [
    ...targetGroups.map((group) =>
      point('Targets', groups.filter((each) => each === group).length, { Group: group }),
    ),
    ...[...tracked].sort().map((modelId) =>
      point('ModelAvailability', usable.filter((each) => each.modelId === modelId).length, {
        ModelId: modelId,
      }),
    ),
    point('DiscoveryErrors', failures.length),
  ];
  return points.filter((each) => each !== undefined);
}
