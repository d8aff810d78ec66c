import type { Availability } from '#contract/http.ts';
import { loadDenials } from '#usecases/gateway/show-availability-denials.ts';
import { availabilityOf } from '#usecases/gateway/show-availability-targets.ts';
import type { CommandContext } from './command.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';

/** The same bound as a gateway's. */
const STORE_MS_MAX = 5000;

/** What the tables of a real account say, in the shape that a gateway answers. */
export async function loadStoredAvailability(context: CommandContext): Promise<Availability> {
  const config = await openConfig(context);
  const stores = await openStores(context, config);
  try {
    const { clock } = context.runtime;
    const [{ regions }, denials] = await Promise.all([
      stores.observations.loadAll(),
      loadDenials({ clock, ...stores }, STORE_MS_MAX),
    ]);
    const visible = new Set(Object.keys(config.models));
    return availabilityOf({ config, clock }, { regions, denials }, { model: undefined, visible });
  } finally {
    stores.close();
  }
}
