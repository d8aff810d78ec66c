import type { Availability } from '#contract/http.ts';
import { availabilityOf } from '#usecases/gateway/show-availability.ts';
import type { CommandContext } from './command.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';

/** What the observations table of a real account says, in the shape that a gateway answers. */
export async function loadStoredAvailability(context: CommandContext): Promise<Availability> {
  const config = await openConfig(context);
  const stores = await openStores(context, config);
  try {
    const { regions } = await stores.observations.loadAll();
    const visible = new Set(Object.keys(config.models));
    return availabilityOf({ config, clock: context.runtime.clock }, regions, { model: undefined, visible });
  } finally {
    stores.close();
  }
}
