import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import type { AffinityBook } from './affinity-book.ts';
import type { AuditDesk } from './audit-desk.ts';
import type { BoardLine } from './board-line.ts';
import type { ChainBook } from './chain-book.ts';
import type { ChainNotes } from './chain-notes.ts';
import type { ConditionsBook } from './conditions-book.ts';
import type { DisabledTargets } from './disabled-targets.ts';
import type { GatewayDependencies } from './gateway.ts';
import type { HealthSharing } from './health-sharing.ts';
import type { LaneQueue } from './lane-queue.ts';
import type { LastReports } from './last-reports.ts';
import type { LearnedBook } from './learned-book.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { LiveDesk } from './live-desk.ts';
import type { ObservedTargets } from './observed-targets.ts';
import type { QuotaPools } from './quota-pools.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { RequestSizes } from './request-sizes.ts';
import type { RoomBook } from './room-book.ts';
import type { RouteSource } from './route-source.ts';
import type { SignalReporter } from './signal-reporter.ts';
import type { WakeUps } from './wake-up.ts';
import type { WarmSharing } from './warm-sharing.ts';
import type { WriteBehind } from './write-behind.ts';

/** What the stages of one gateway share: made once, by `createGateway`. */
export interface Services extends Omit<GatewayDependencies, 'learned' | 'warmth' | 'auditing'> {
  readonly policies: ReadonlyMap<string, ResidencyPolicy>;
  readonly routeSource: RouteSource;
  readonly disabledTargets: DisabledTargets;
  readonly book: ConditionsBook;
  readonly healthSharing: HealthSharing;
  readonly affinity: AffinityBook;
  readonly chains: ChainBook;
  readonly learned: LearnedBook;
  /** Where a process sees but one call of most chains. */
  readonly chainNotes: ChainNotes | undefined;
  readonly signals: SignalReporter;
  /** `desk`: while somebody listens to what this process does, and a minute longer. */
  readonly live: { desk?: LiveDesk | undefined };
  /** Everybody who asks for what is read from whole tables stands in it. */
  readonly boards: BoardLine;
  readonly lastReports: LastReports;
  readonly wakeUps: WakeUps;
  readonly warmth: WarmSharing;
  readonly observedTargets: ObservedTargets;
  readonly limiter: RateLimiter;
  readonly rooms: RoomBook;
  readonly leases: LeaseKeeper;
  readonly sizes: RequestSizes;
  readonly quotas: QuotaPools;
  /** Where this process serves many requests at a time. */
  readonly lines: LaneQueue | undefined;
  readonly behind: WriteBehind;
  /** Where every request is recorded for good. */
  readonly audit: AuditDesk | undefined;
}
