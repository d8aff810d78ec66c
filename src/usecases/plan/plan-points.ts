/** What one run of plan publishes: how old the reports are, what was refused, what was published. */
import type { RegionObservations } from '#core/discovery/observation.ts';
import { metricPoint } from '#core/metrics/metric-point.ts';
import type { RefusalRow } from '#core/plan/guard.ts';
import type { MetricPoint } from '../ports/metric-sink.ts';
import type { ControlSetting } from './control-setting.ts';
import type { PlannedRoute } from './planned-route.ts';

export function planPoints(run: {
  readonly setting: ControlSetting;
  readonly regions: readonly RegionObservations[];
  readonly routes: readonly PlannedRoute[];
  readonly paging: readonly RefusalRow[];
  readonly badItems: number;
  readonly at: number;
}): readonly MetricPoint[] {
  const { setting, routes, paging, badItems, at } = run;
  const point = (name: string, value: number, dimensions: Readonly<Record<string, string>> = {}) =>
    metricPoint({ namespace: 'Spillway/Availability', name, value, dimensions, at });
  const { ages, silent } = reportAges(run);
  const points = [
    ...[...ages].map(([account, ageMs]) =>
      point('DiscoveryAge', Math.max(0, ageMs) / 1000, { Account: account }),
    ),
    point('RegionsSilent', silent),
    ...setting.models.map(({ name }) =>
      point('GuardRefusals', routes.filter((each) => each.model === name && each.kind === 'refused').length, {
        Model: name,
      }),
    ),
    point('GuardRefusalsStanding', paging.length),
    point('RoutesPublished', routes.filter((each) => each.outcome === 'published').length),
    point('BadItems', badItems),
  ];
  return points.filter((each) => each !== undefined);
}

/** The oldest report of each account that has one, and the configured regions that nobody hears of. */
function reportAges(run: {
  readonly setting: ControlSetting;
  readonly regions: readonly RegionObservations[];
  readonly at: number;
}): { readonly ages: ReadonlyMap<string, number>; readonly silent: number } {
  const reports = new Map(run.regions.map((each) => [`${each.account}/${each.region}`, each.at]));
  const ages = new Map<string, number>();
  let silent = 0;
  for (const { account, region } of run.setting.accountRegions) {
    const reportedAt = reports.get(`${account}/${region}`);
    const ageMs = reportedAt === undefined ? Number.POSITIVE_INFINITY : run.at - reportedAt;
    if (ageMs > run.setting.guard.ageMsMax) silent += 1;
    if (reportedAt !== undefined) ages.set(account, Math.max(ages.get(account) ?? 0, ageMs));
  }
  return { ages, silent };
}
