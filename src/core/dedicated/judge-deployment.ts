import type { EngineFacts } from '../kv/described-engine.ts';
import type { KvFormat } from '../kv/engine.ts';
import { invariant } from '../units/invariant.ts';
import { type CopyLayout, engineOf, layoutOf } from './copy-layout.ts';
import type { Contradiction, Deployment } from './deployment.ts';
import { judgeEngineOptions } from './judge-engine-options.ts';
import { judgeInstances } from './judge-instances.ts';
import { firstPool, judgeMemory } from './judge-memory.ts';
import { judgeScaling } from './judge-scaling.ts';

/** vLLM's own. */
const UTILISATION_DEFAULT = 0.9;
/** SageMaker's bound of a prefix-aware endpoint. */
const ROUTING_CONCURRENCY_MAX = 1024;

/** A deployment whose parts can be true together, with everything that it leaves open decided. */
export interface SoundDeployment extends Deployment {
  readonly servedModel: string;
  readonly layout: CopyLayout;
  readonly kvFormat: KvFormat;
  readonly utilisation: number;
  /** Tokens of cache of a copy on the first instance type. */
  readonly poolTokens: number;
  readonly instances: { readonly initial: number; readonly min: number; readonly max: number };
  /** There may be no copy, always or by a schedule: then a call must be able to wake one. */
  readonly sleeps: boolean;
  /** Requests in flight on an instance above which prefix-aware routing takes another one. */
  readonly routingConcurrencyMax: number;
}

export type DeploymentJudgement =
  | { readonly kind: 'sound'; readonly deployment: SoundDeployment }
  | { readonly kind: 'contradictory'; readonly contradictions: readonly Contradiction[] };

/** All contradictions at once. */
export function judgeDeployment(deployment: Deployment, facts: EngineFacts): DeploymentJudgement {
  const instances = judgeInstances(deployment, facts);
  const contradictions = [
    ...instances,
    // What does not fit on its instances has no cache to reckon with.
    ...(instances.length > 0 ? [] : judgeMemory(deployment, facts)),
    ...judgeEngineOptions(deployment),
    ...judgeScaling(deployment, facts),
  ];
  return contradictions.length > 0
    ? { kind: 'contradictory', contradictions }
    : { kind: 'sound', deployment: decided(deployment, facts) };
}

function decided(deployment: Deployment, facts: EngineFacts): SoundDeployment {
  const layout = layoutOf(deployment, facts);
  const pool = firstPool(deployment, facts);
  invariant(layout !== undefined && pool !== undefined, 'a sound deployment has a layout and a pool');
  const engine = engineOf(deployment, facts);
  const { copies, concurrencyPerCopy, routing, schedules = [] } = deployment;
  const bounds = [deployment, ...schedules];
  const copiesMin = Math.min(...bounds.map((each) => each.copiesMin));
  const copiesMax = Math.max(...bounds.map((each) => each.copiesMax));
  const { copiesPerInstance } = layout;
  const instancesOf = (count: number) => Math.ceil(count / copiesPerInstance);
  const asked = routing.strategy === 'prefix-aware' ? routing.concurrencyMax : undefined;
  const admitted = Math.min(ROUTING_CONCURRENCY_MAX, copiesPerInstance * concurrencyPerCopy);
  return {
    ...deployment,
    servedModel: deployment.servedModel ?? deployment.endpoint,
    layout,
    kvFormat: deployment.kvFormat ?? engine?.kvFormat ?? 'bf16',
    utilisation: deployment.utilisation ?? engine?.utilisation ?? UTILISATION_DEFAULT,
    poolTokens: pool.tokens,
    instances: {
      // SageMaker starts an endpoint with one instance at least; without copies it is released.
      initial: Math.max(1, instancesOf(copies)),
      min: instancesOf(copiesMin),
      max: instancesOf(copiesMax),
    },
    sleeps: copiesMin === 0,
    routingConcurrencyMax: asked ?? admitted,
  };
}
