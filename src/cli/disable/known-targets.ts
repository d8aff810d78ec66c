import { isHouseError } from '#core/errors/house-error.ts';
import type { Route } from '#core/plan/route.ts';
import type { CliStores } from '#runtime/cli-runtime.ts';
import { nearestNames } from '../nearest-names.ts';
import { CommandFailure, UsageError } from '../usage-error.ts';

/**
 * Throws a UsageError that names the nearest targets where neither a route nor an observation has this one, and a
 * CommandFailure where observations cannot be read. A word on a target that does not exist would read as done and change
 * nothing.
 */
export async function checkTarget(
  target: string,
  routes: readonly Route[],
  { observations }: Pick<CliStores, 'observations'>,
): Promise<void> {
  const routed = routes.flatMap((route) => [...route.targets, ...route.baseline]).map(({ id }) => id);
  if (routed.includes(target)) return;
  const observed = await observedTargets(observations);
  if (observed?.includes(target)) return;
  const near = nearestNames(target, [...new Set([...routed, ...(observed ?? [])])]);
  const nearest =
    near.length === 0 ? 'no route has one yet' : `the nearest are${near.map((id) => `\n  ${id}`).join('')}`;
  if (observed === undefined)
    throw new CommandFailure(
      `No route has a target "${target}", and what was observed cannot be read now; ${nearest}`,
    );
  throw new UsageError(`No target "${target}" is known; ${nearest}`);
}

/** Observations stand at home alone: while home is away, what routes hold must be enough to disable it. */
async function observedTargets(
  observations: CliStores['observations'],
): Promise<readonly string[] | undefined> {
  try {
    const { regions } = await observations.loadAll();
    return regions.flatMap(({ targets }) => targets.map(({ id }) => id));
  } catch (error) {
    if (!isHouseError(error)) throw error;
    return undefined;
  }
}
