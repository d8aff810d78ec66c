import { invariant } from '#core/units/invariant.ts';

/** One call of a chain. */
export interface PlannedStep {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Steps whose answers it needs, each of a lower number than its own. None: it begins with the chain. */
  readonly parents: readonly number[];
  /** From the end of the last parent, or from the start of the chain: thinking, tools, the way. */
  readonly pauseMs: number;
  /** The names of its prompt's blocks, asked for when it is due: all prompts of a long session at once would be too many. */
  readonly prefixBlocks?: () => readonly number[];
}

/** All calls of one chain, a graph without circles. */
export interface ChainPlan {
  readonly steps: readonly PlannedStep[];
}

/** @throws InvariantError when a step waits for itself or for a later one, or a pause is negative */
export function checkChainPlan({ steps }: ChainPlan): void {
  steps.forEach((step, index) => {
    invariant(step.pauseMs >= 0, () => `step ${index} of a chain has a pause of ${step.pauseMs} ms`);
    for (const parent of step.parents)
      invariant(parent >= 0 && parent < index, () => `step ${index} of a chain waits for step ${parent}`);
  });
}
