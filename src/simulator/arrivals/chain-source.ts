import type { Arrival, ArrivalSource } from './arrival.ts';
import { ArrivalHeap } from './arrival-heap.ts';
import { type ChainPlan, checkChainPlan, type PlannedStep } from './chain-plan.ts';
import type { Sampler } from './samplers.ts';

export interface ChainTraffic {
  /** Begins the names of its chains: unique among the sources of a run. */
  readonly name: string;
  readonly region: string;
  readonly tenant?: string;
  /** When chains begin, one after the other; infinity ends it. `instantSampler` makes one. */
  readonly starts: Sampler;
  /** The calls of the n-th chain, from 0. */
  readonly plan: (chain: number) => ChainPlan;
}

interface OpenChain {
  readonly id: string;
  readonly steps: readonly PlannedStep[];
  /** Parents that each step still waits for. */
  readonly waitsFor: number[];
  /** Steps without an end. */
  open: number;
}

interface DueStep {
  readonly chain: OpenChain;
  readonly step: number;
}

/**
 * Chains of calls, closed inside and open outside: chains begin by the clock, and a step comes after the answers that it
 * needs, however late the world gives them. Each step must be told as `ended` or its chain as `abandoned`.
 */
export function createChainSource(traffic: ChainTraffic): Required<ArrivalSource> & { openChains(): number } {
  const open = new Map<string, OpenChain>();
  const due = new ArrivalHeap<DueStep>();
  let begun = 0;
  let startMs = traffic.starts();

  const begin = (): void => {
    const plan = traffic.plan(begun);
    checkChainPlan(plan);
    const { steps } = plan;
    const chain: OpenChain = {
      id: `${traffic.name}/${begun}`,
      steps,
      waitsFor: steps.map(({ parents }) => parents.length),
      open: steps.length,
    };
    begun += 1;
    if (steps.length > 0) open.set(chain.id, chain);
    steps.forEach(({ parents, pauseMs }, step) => {
      if (parents.length === 0) due.push(startMs + pauseMs, { chain, step });
    });
    startMs = traffic.starts();
  };
  /** Begins what begins before anything is due, and drops what was given up. */
  const settle = (): void => {
    for (;;) {
      const first = due.peek();
      if (first !== undefined && !open.has(first.chain.id)) due.pop();
      else if (startMs !== Number.POSITIVE_INFINITY && startMs <= due.nextMs()) begin();
      else return;
    }
  };
  return {
    openChains: () => open.size,
    nextMs: () => {
      settle();
      return due.nextMs();
    },
    next: () => {
      settle();
      const atMs = due.nextMs();
      const first = due.pop();
      return first === undefined ? undefined : arrivalOf(traffic, first, atMs);
    },
    ended: (id, step, atMs) => {
      const chain = open.get(id);
      if (chain === undefined) return;
      for (const child of endStep(chain, step)) {
        due.push(atMs + (chain.steps[child]?.pauseMs ?? 0), { chain, step: child });
      }
      if (chain.open === 0) open.delete(id);
    },
    abandoned: (id) => {
      open.delete(id);
    },
  };
}

/** The steps that waited for this one last. */
function endStep(chain: OpenChain, ended: number): readonly number[] {
  chain.open -= 1;
  const ready: number[] = [];
  for (let step = ended + 1; step < chain.steps.length; step += 1) {
    if (chain.steps[step]?.parents.includes(ended) !== true) continue;
    const left = (chain.waitsFor[step] ?? 0) - 1;
    chain.waitsFor[step] = left;
    if (left === 0) ready.push(step);
  }
  return ready;
}

function arrivalOf(
  { region, tenant }: ChainTraffic,
  { chain, step }: DueStep,
  atMs: number,
): Arrival | undefined {
  const planned = chain.steps[step];
  if (planned === undefined) return undefined;
  const { model, inputTokens, outputTokens } = planned;
  const prefixBlocks = planned.prefixBlocks?.();
  return { atMs, region, model, tenant, inputTokens, outputTokens, chain: chain.id, step, prefixBlocks };
}
