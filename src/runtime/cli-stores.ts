import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { Route } from '#core/plan/route.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';

/** A refusal with its reason in words, or what was done. */
export type OperationResult<Done> =
  | ({ readonly ok: true } & Done)
  | { readonly ok: false; readonly why: string };

/** The tables of a deployment and what an operator may do to them. */
export interface CliStores {
  readonly routes: RouteStore;
  readonly observations: ObservationStore;
  /** Publishes an old version again, with a hold. */
  rollback(request: {
    readonly model: string;
    readonly residency: string;
    readonly version: number;
    readonly reason: string;
    readonly by: string;
    readonly holdHours: number;
  }): Promise<OperationResult<{ readonly route: Route; readonly holdUntil: string }>>;
  releaseRegion(request: {
    readonly account: string;
    readonly region: string;
    readonly reason: string;
    readonly by: string;
  }): Promise<OperationResult<{ readonly released: number }>>;
  close(): void;
}
