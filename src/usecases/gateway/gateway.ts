/**
 * The face of the gateway: web-standard request in, response out, and everything it needs handed in.
 */
import type { SpillwayConfig } from '#contract/config.ts';
import type { Operation } from '#contract/operations.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { FrontDoorPrincipal } from '#core/keys/principal.ts';
import type { Random } from '#core/units/random.ts';
import type { BatchDesk } from '../batch/batch-services.ts';
import type { Auditing } from '../ports/auditing.ts';
import type { CapacityLedger } from '../ports/capacity-ledger.ts';
import type { ChangeLog } from '../ports/change-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConsoleFiles } from '../ports/console-files.ts';
import type { ControlStore } from '../ports/control-store.ts';
import type { ConversationHasher } from '../ports/conversation-hasher.ts';
import type { Digest } from '../ports/digest.ts';
import type { ChainMetrics, GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { HealthStore } from '../ports/health-store.ts';
import type { LastGoodStore } from '../ports/last-good-store.ts';
import type { LearnedStore } from '../ports/learned-store.ts';
import type { Log } from '../ports/log.ts';
import type { ModelInvoker } from '../ports/model-invoker.ts';
import type { ObservationStore } from '../ports/observation-store.ts';
import type { OperatorStore } from '../ports/operator-store.ts';
import type { RateLedger } from '../ports/rate-ledger.ts';
import type { RequestIds } from '../ports/request-ids.ts';
import type { RequestSpans } from '../ports/request-spans.ts';
import type { RouteStore } from '../ports/route-store.ts';
import type { TenantDirectory } from '../ports/tenant-directory.ts';
import type { VerificationStore } from '../ports/verification-store.ts';
import type { WarmStore } from '../ports/warm-store.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import type { GatewayRequest } from './gateway-request.ts';
import type { OperatorDirectory } from './operator-directory.ts';

export interface GatewayDependencies {
  /** The gateway's own region: part of every residency judgement. */
  readonly region: string;
  /** The account that the gateway runs in; its own targets need no role. */
  readonly account: string;
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly routes: RouteStore;
  readonly observations: ObservationStore;
  /** What moved, for those who ask how it was. */
  readonly changes: Pick<ChangeLog, 'load'>;
  /** What verify proved, for the availability board. */
  readonly verifications: Pick<VerificationStore, 'loadAll'>;
  readonly lastGood: LastGoodStore;
  readonly tenants: TenantDirectory;
  /** The limits of tenants, shared by the processes of the region. */
  readonly rates: RateLedger;
  /** The slots of targets, as this gateway region may fill them. */
  readonly capacity: CapacityLedger;
  /** This process serves many requests at a time: those that nobody has a slot for wait in a line. @default false */
  readonly servesMany?: boolean | undefined;
  readonly invoker: ModelInvoker;
  readonly clock: Clock;
  readonly random: Random;
  /** Under a key of this process alone. */
  readonly conversations: ConversationHasher;
  readonly ids: RequestIds;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
  /** Base URL of each gateway region, for the answers that send a caller elsewhere. */
  readonly gatewayUrls: Readonly<Record<string, string>>;
  /** What the processes of this gateway region tell each other of failing targets. @default each knows what it saw */
  readonly health?: HealthStore | undefined;
  /** What they tell each other of tenants' calls. @default each knows what it saw */
  readonly learned?: LearnedStore | undefined;
  /** What they tell each other of sleeping targets. @default each knows what it met */
  readonly warmth?: WarmStore | undefined;
  /** Counts chains where this process sees one request at a time. With `learned`. @default they are counted with their requests */
  readonly chainMetrics?: ChainMetrics | undefined;
  /** What operators of all regions switched off. @default nothing can be switched off */
  readonly operatorWords?: Pick<OperatorStore, 'loadDisabled'> | undefined;
  /** The same in the strongly consistent set, of which no word that was confirmed is missed. @default there is no such set */
  readonly controls?: Pick<ControlStore, 'loadDisabled'> | undefined;
  /** Who may order operations, and what carries them out. @default nobody may */
  readonly operations?: Operations | undefined;
  /** Opens the stores of files and batches, when somebody first asks for one. @default there are none here */
  readonly openBatches?: (() => Promise<BatchDesk>) | undefined;
  /** Where spans of sampled requests go. @default nobody records them */
  readonly spans?: RequestSpans | undefined;
  /** Where every request of a tenant is recorded for good. @default no audit trail is kept */
  readonly auditing?: Auditing | undefined;
  /** What tells one answer about availability from another. @default each is sent whole */
  readonly digest?: Digest | undefined;
  /** The web console that is served beside. @default there is none here */
  readonly consoleFiles?: ConsoleFiles | undefined;
}

export interface Operations {
  readonly operators: OperatorDirectory;
  /** @throws HouseError a refusal that may be shown, or trouble with a table; before its audit entry nothing is done */
  run(
    operation: Operation,
    order: { readonly by: string; readonly requestId: string },
  ): Promise<Readonly<Record<string, unknown>>>;
}

export interface Readiness {
  readonly ready: boolean;
  /** `<model>/<residency>` of each pair that cannot be decided yet. */
  readonly missing: readonly string[];
}

export interface Gateway {
  /**
   * Answers; never throws and never rejects. An HTTP shell should abort `request.signal` when the caller leaves: the
   * call to the target ends with it. Reading the body of the response drives the target's stream.
   *
   * @param principal who signed the request, where the front door verified it
   */
  handle(request: Request, principal?: FrontDoorPrincipal): Promise<Response>;
  /** The same for a shell that writes the answer down itself. */
  answer(request: GatewayRequest): Promise<GatewayAnswer>;
  isReady(): Readiness;
  /** Loads routes, waiting at most 250 ms, and goes on refreshing them in the background. Never rejects. */
  start(): Promise<void>;
  /** Reads the routes now instead of within seconds, waiting no longer than a refresh may take. Never rejects. */
  refresh(): Promise<void>;
  /**
   * Resolves when what answers left to be written is written, or after a second: leases are given back behind the answer.
   * With an audit trail also when its records are handed over or stand in the log, which takes seconds where their queue is
   * away. For shells that may be frozen between two requests. Undefined where nothing is left. Never rejects.
   *
   * @param msMax for all of it together. @default a second, and what the audit trail takes
   */
  settled(msMax?: number): Promise<void> | undefined;
  /** Ends the background refresh. Requests in flight go on. */
  stop(): void;
}
