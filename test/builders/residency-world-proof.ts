/** The proof that residency holds: worlds, requests and decisions from one seed, judged one by one. */

import type { Route } from '#core/plan/route.ts';
import { createWorld, type World } from './residency-world.ts';
import { runControlLoop } from './residency-world-control.ts';
import { judgeDecisions } from './residency-world-decide.ts';
import { createDice } from './residency-world-dice.ts';
import { judgeRequests } from './residency-world-gateway.ts';
import { breachOf } from './residency-world-judge.ts';
import { Breach, Denied, emptyTally, type Tally } from './residency-world-tally.ts';

export interface ProofPlan {
  readonly seed: string;
  readonly worlds: number;
  readonly requestsPerWorld: number;
  readonly decisionsPerWorld: number;
}

export type ProofResult =
  | { readonly kind: 'held'; readonly tally: Tally }
  /** The residency was broken, or (`denied`) a request that could be answered was not. */
  | {
      readonly kind: 'sent' | 'decided' | 'published' | 'denied';
      readonly message: string;
      /** Seed of the world: `createWorld` makes it again. */
      readonly world: string;
      /** Number of the decision, from 1. */
      readonly decision: number;
      readonly tally: Tally;
    };

const START = Date.UTC(2026, 7, 21);

/** Runs until something breaks. Same plan, same result. */
export async function proveResidency(plan: ProofPlan): Promise<ProofResult> {
  const tally = emptyTally();
  let published: ProofResult | undefined;
  for (let index = 0; index < plan.worlds; index += 1) {
    const world = `${plan.seed}/${index}`;
    try {
      const message = await judgeWorld(world, plan, tally);
      if (message !== undefined)
        published ??= { kind: 'published', message, world, decision: tally.decisions, tally };
    } catch (error) {
      if (!(error instanceof Breach) && !(error instanceof Denied)) throw error;
      const kind = error instanceof Breach ? error.kind : 'denied';
      return { kind, message: error.message, world, decision: tally.decisions, tally };
    }
  }
  // Told last: a gateway judges again, so that what it sends must be lawful even where what is published is not.
  return published ?? { kind: 'held', tally };
}

/** Answers what is wrong with the published routes. */
async function judgeWorld(seed: string, plan: ProofPlan, tally: Tally): Promise<string | undefined> {
  const world = createWorld(seed);
  tally.worlds += 1;
  const routes = await runControlLoop(world, createDice(`${seed} control`), START);
  const planned = routes.flatMap((route) => [...route.targets, ...route.baseline]);
  await judgeRequests(world, {
    dice: createDice(`${seed} gateway`),
    routes,
    count: plan.requestsPerWorld,
    tally,
  });
  judgeDecisions(world, {
    dice: createDice(`${seed} decide`),
    planned,
    count: plan.decisionsPerWorld,
    tally,
  });
  return publishedBreach(world, routes);
}

function publishedBreach(world: World, routes: readonly Route[]): string | undefined {
  for (const { residency, targets, baseline } of routes) {
    for (const target of [...targets, ...baseline]) {
      const breach = breachOf(world, { target, residency });
      if (breach !== undefined) return `${target.id}: ${breach}`;
    }
  }
  return undefined;
}
