import type { Random } from '#core/units/random.ts';
import type { ChainPlan, PlannedStep } from './chain-plan.ts';
import { type LengthsSpec, lengthsSampler } from './lengths.ts';
import { exponentialSampler } from './samplers.ts';

/** One after the other; inside a stage calls run at one time, and the next stage needs all of them. */
export interface ChainStage {
  readonly model: string;
  readonly lengths: LengthsSpec;
  /** Calls at one time, drawn evenly from both. @default [1, 1] */
  readonly fanOut?: readonly [least: number, most: number];
  /** In which share of the chains it happens at all. @default 1 */
  readonly share?: number;
  /** Mean of the pause before it, exponential: a person or a program thinks. @default 0 */
  readonly thinkMsMean?: number;
  /** A tool that runs before it, always as long. @default 0 */
  readonly toolMs?: number;
}

/** Plans of chains by a shape: how many calls, side by side or one after the other, is drawn for each chain. */
export function chainShapeSampler(stages: readonly ChainStage[], random: Random): () => ChainPlan {
  const exponential = exponentialSampler(random);
  const drawn = stages.map((stage) => ({ stage, lengths: lengthsSampler(stage.lengths, random) }));
  return () => {
    const steps: PlannedStep[] = [];
    let parents: readonly number[] = [];
    for (const { stage, lengths } of drawn) {
      if (random.next() >= (stage.share ?? 1)) continue;
      const [least, most] = stage.fanOut ?? [1, 1];
      const calls = least + Math.floor((most - least + 1) * random.next());
      const pauseMs = (stage.toolMs ?? 0) + (stage.thinkMsMean ?? 0) * exponential();
      const own = Array.from({ length: calls }, (_, call) => steps.length + call);
      for (const _ of own) steps.push({ model: stage.model, ...lengths(), parents, pauseMs });
      if (own.length > 0) parents = own;
    }
    return { steps };
  };
}
