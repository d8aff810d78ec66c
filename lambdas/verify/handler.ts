/** Verify as a function, invoked on a schedule: proves targets and lets plan draw the conclusions. */
import middy from '@middy/core';
import type { ControlRuntime } from '#runtime/control-runtime.ts';
import { startDeployedControl } from '#runtime/deployed-control.ts';

export interface VerifySummary {
  readonly answered: number;
  readonly refused: number;
  readonly inconclusive: number;
  /** Spent today, this run included. */
  readonly spentMicroUsd: number;
}

/** @param start makes the runtime with the first event, so that loading the module does no work */
export function createVerifyHandler(start: () => Pick<ControlRuntime, 'verify'>) {
  let runtime: Pick<ControlRuntime, 'verify'> | undefined;
  return middy<unknown, VerifySummary>().handler(async () => {
    runtime ??= start();
    const { proved, spentMicroUsd } = await runtime.verify();
    const count = (outcome: string): number => proved.filter((each) => each.outcome === outcome).length;
    return {
      answered: count('answered'),
      refused: count('refused'),
      inconclusive: count('inconclusive'),
      spentMicroUsd,
    };
  });
}

export const handler = createVerifyHandler(startDeployedControl);
