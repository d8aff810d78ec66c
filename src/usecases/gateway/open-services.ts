import { resolveBaselines } from '#core/baseline/resolve-baselines.ts';
import { lineSettings } from '#core/queue/waiting-line.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { createAffinityBook } from './affinity-book.ts';
import { createAuditDesk } from './audit-desk.ts';
import { BoardLine } from './board-line.ts';
import { createConditionsBook } from './conditions-book.ts';
import { createLaneQueue } from './create-lane-queue.ts';
import { createDisabledTargets } from './disabled-targets.ts';
import type { GatewayDependencies } from './gateway.ts';
import { createHealthSharing } from './health-sharing.ts';
import type { LaneQueue } from './lane-queue.ts';
import { LastReports } from './last-reports.ts';
import { createLeaseKeeper } from './lease-keeper.ts';
import { createObservedTargets } from './observed-targets.ts';
import { openChains } from './open-chains.ts';
import { createQuotaPools } from './quota-pools.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { createRequestSizes } from './request-sizes.ts';
import { createRoomBook } from './room-book.ts';
import { createRouteSource } from './route-source.ts';
import type { Services } from './services.ts';
import { createSignalReporter } from './signal-reporter.ts';
import { createWakeUps } from './wake-up.ts';
import { createWarmSharing } from './warm-sharing.ts';
import { createWriteBehind } from './write-behind.ts';

/** What the stages of one gateway share. Touches nothing until a request or `routeSource.start`. */
export function openServices(dependencies: GatewayDependencies): Services {
  const { config, facts, random, auditing } = dependencies;
  const policies = Object.entries(config.residencies).map(([name, spec]) =>
    resolveResidency(name, spec, facts),
  );
  const byName = new Map(policies.map((policy) => [policy.name, policy]));
  const { entries: baselines } = resolveBaselines({ ...config, facts });
  const disabledTargets = createDisabledTargets(dependencies);
  const behind = createWriteBehind(dependencies.clock);
  const book = createConditionsBook(random, (news) => healthSharing.noted(news));
  const healthSharing = createHealthSharing({ ...dependencies, book: book.healthBook, behind });
  const chaining = openChains(dependencies, behind);
  const warmth = createWarmSharing({ ...dependencies, behind, onWord: (word) => book.heardWarm(word) });
  return {
    ...dependencies,
    policies: byName,
    routeSource: createRouteSource({ ...dependencies, baselines, disabledTargets, healthSharing, warmth }),
    disabledTargets,
    book,
    healthSharing,
    affinity: createAffinityBook(dependencies.conversations),
    ...chaining,
    signals: createSignalReporter(dependencies),
    wakeUps: createWakeUps({
      ...dependencies,
      behind,
      onAwake: (target) => {
        book.woke(target, dependencies.clock.now());
        warmth.woke(target);
      },
    }),
    warmth,
    observedTargets: createObservedTargets(dependencies),
    limiter: createRateLimiter({ ...dependencies, policies: byName, behind }),
    rooms: createRoomBook(random),
    sizes: createRequestSizes(chaining.learned),
    quotas: createQuotaPools({ ...dependencies, policies: byName, behind }),
    leases: createLeaseKeeper(dependencies),
    lines: openLines(dependencies),
    live: {},
    boards: new BoardLine(),
    lastReports: new LastReports(),
    behind,
    audit:
      auditing === undefined
        ? undefined
        : createAuditDesk({ ...dependencies, auditing, policies: byName, behind }),
  };
}

/** Where a process serves one request at a time, a line would have nobody in it. */
function openLines({ servesMany, clock, random, config }: GatewayDependencies): LaneQueue | undefined {
  if (servesMany !== true) return undefined;
  return createLaneQueue({ clock, random, settings: lineSettings(config.lanes) });
}
