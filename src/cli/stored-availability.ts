/** What the tables of a real account say, in the shapes that a gateway answers, to whoever may read the tables. */
import type { AvailabilityChanges } from '#contract/availability-changes.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { Availability } from '#contract/http.ts';
import { observedPlaces } from '#core/metrics/metric-shape.ts';
import type { CliStores } from '#runtime/cli-runtime.ts';
import type { AskedAvailability } from '#usecases/gateway/asked-availability.ts';
import { availabilityChangesOf } from '#usecases/gateway/show-availability-changes.ts';
import { loadDenials } from '#usecases/gateway/show-availability-denials.ts';
import { pastAvailabilityOf } from '#usecases/gateway/show-availability-past.ts';
import { availabilityOf } from '#usecases/gateway/show-availability-targets.ts';
import type { CommandContext } from './command.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';

/** The same bound as a gateway's. */
const STORE_MS_MAX = 5000;

interface Asked {
  readonly region: string | undefined;
  readonly account: string | undefined;
}

interface Opened {
  readonly config: SpillwayConfig;
  readonly stores: CliStores;
  readonly visible: ReadonlySet<string>;
}

export function loadStoredAvailability(context: CommandContext): Promise<Availability> {
  return withStores(context, async ({ config, stores, visible }) => {
    const { clock } = context.runtime;
    const [{ regions }, denials] = await Promise.all([
      stores.observations.loadAll(),
      loadDenials({ clock, ...stores }, STORE_MS_MAX),
    ]);
    return availabilityOf({ config, clock }, { regions, denials }, { model: undefined, visible });
  });
}

export function loadStoredPast(
  context: CommandContext,
  asked: Asked & { readonly at: number },
): Promise<Availability> {
  return withStores(context, (opened) =>
    pastAvailabilityOf(sourcesOf(context, opened), { ...everything(opened, asked), at: asked.at }),
  );
}

export function loadStoredChanges(
  context: CommandContext,
  asked: Asked & { readonly since: number; readonly until: number | undefined },
): Promise<AvailabilityChanges> {
  const { since, until } = asked;
  return withStores(context, async (opened) => {
    const all = everything(opened, asked);
    const configured = observedPlaces(opened.config).some(all.fits);
    const whole = { ...all, since, until, configured, limit: Number.POSITIVE_INFINITY };
    return (await availabilityChangesOf(sourcesOf(context, opened), whole)).shown;
  });
}

const sourcesOf = ({ runtime }: CommandContext, { config, stores }: Opened) => ({
  clock: runtime.clock,
  config,
  observations: stores.observations,
  changes: stores.changes,
});

/** Who reads the tables may see all that stands in them. */
function everything({ visible }: Opened, { region, account }: Asked): AskedAvailability {
  return {
    model: undefined,
    visible,
    fits: (place) =>
      (region === undefined || place.region === region) &&
      (account === undefined || place.account === account),
    mayBeTold: () => true,
  };
}

async function withStores<Answer>(
  context: CommandContext,
  read: (opened: Opened) => Promise<Answer>,
): Promise<Answer> {
  const config = await openConfig(context);
  const stores = await openStores(context, config);
  try {
    return await read({ config, stores, visible: new Set(Object.keys(config.models)) });
  } finally {
    stores.close();
  }
}
