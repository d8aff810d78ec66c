import type { SwarmScenario } from '#contract/swarm-scenario.ts';

/** Scenarios a step smaller than these, the boldest step first. */
function smallerScenarios(options: SwarmScenario): readonly SwarmScenario[] {
  const { faults, rates, lanes } = options;
  const [firstRate] = rates;
  const smaller: SwarmScenario[] = faults.map((_, index) => ({
    ...options,
    faults: faults.toSpliced(index, 1),
  }));
  if (rates.length > 1 && firstRate !== undefined) smaller.push({ ...options, rates: [firstRate] });
  if (options.leavingShare > 0) smaller.push({ ...options, leavingShare: 0 });
  if (options.deadlineShare > 0) smaller.push({ ...options, deadlineShare: 0 });
  if (options.replicationMs > 0) smaller.push({ ...options, replicationMs: 0 });
  if (Object.values(options.skewMs).some((skew) => skew !== 0)) smaller.push({ ...options, skewMs: {} });
  if (lanes.length > 1) smaller.push({ ...options, lanes: ['standard'] });
  if (options.streamedShare === 0.5)
    smaller.push({ ...options, streamedShare: 0 }, { ...options, streamedShare: 1 });
  return smaller;
}

/**
 * Takes away what a failure does not need, one thing after the other, as long as it still fails: what is left is the
 * scenario that a person should look at.
 *
 * @param fails whether a run of these options fails in the same way
 * @param runsMax runs that may be spent on it
 */
export async function shrinkScenario(
  options: SwarmScenario,
  fails: (options: SwarmScenario) => Promise<boolean>,
  runsMax: number,
): Promise<SwarmScenario> {
  let least = options;
  let runs = 0;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const smaller of smallerScenarios(least)) {
      if (runs === runsMax) return least;
      runs += 1;
      if (!(await fails(smaller))) continue;
      least = smaller;
      shrunk = true;
      break;
    }
  }
  return least;
}
