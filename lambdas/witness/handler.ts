/** The witness of audit trails as a function, invoked on a schedule: signs how far each chain is. */
import middy from '@middy/core';
import { type DeployedWitness, startDeployedWitness } from '#runtime/deployed-witness.ts';
import type { WitnessRun } from '#usecases/audit/witness-chain.ts';

/** @param start makes the witness with the first event; one that fails is tried again with the next */
export function createWitnessHandler(start: () => Promise<DeployedWitness>) {
  let starting: Promise<DeployedWitness> | undefined;
  return middy<unknown, WitnessRun>().handler(async () => {
    starting ??= start().catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    return (await starting).run();
  });
}

export const handler = createWitnessHandler(startDeployedWitness);
