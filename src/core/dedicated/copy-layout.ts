import type { DescribedEngine, EngineFacts } from '../kv/described-engine.ts';
import type { Deployment } from './deployment.ts';

/** How one copy lies on the GPUs of an instance. */
export interface CopyLayout {
  /** They divide each layer among them. */
  readonly gpus: number;
  /** Copies that fit on the smallest of the instance types, by their GPUs. */
  readonly copiesPerInstance: number;
}

/** The engine in full. Undefined where the facts do not know its name, or nothing was said. */
export function engineOf(
  { engine }: Pick<Deployment, 'engine'>,
  facts: EngineFacts,
): DescribedEngine | undefined {
  return typeof engine === 'string' ? facts.engineOf(engine) : engine;
}

/** Undefined where an instance type is not known, or is too small for a copy. */
export function layoutOf(deployment: Deployment, facts: EngineFacts): CopyLayout | undefined {
  const { gpusPerCopy, instanceTypes } = deployment;
  const engine = engineOf(deployment, facts);
  const instances = instanceTypes.map((type) => facts.instanceOf(type)?.gpus ?? 0);
  const gpus = engine?.gpus ?? gpusPerCopy ?? instances[0] ?? 0;
  const copiesPerInstance = Math.floor(Math.min(...instances) / gpus);
  return copiesPerInstance >= 1 ? { gpus, copiesPerInstance } : undefined;
}
