/** A small control world: one model, three US regions and Frankfurt, all well, discovered and planned once. */
import { parsedConfig } from '#test/builders/configs.ts';
import { type ControlWorld, createControlWorld } from '#test/builders/control-world.ts';
import { plainModel } from '#test/builders/fake-region.ts';

export const smallAccount = '111111111111';
export const smallModel = 'amazon.nova-lite-v1:0';
export const smallRegions = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-central-1'] as const;
export const smallId = (region: string): string => `${smallAccount}/${region}/${smallModel}`;

const smallConfig = parsedConfig({
  name: 'small',
  home: { account: smallAccount, region: 'us-east-1' },
  accounts: [{ id: smallAccount, regions: [...smallRegions] }],
  gateways: ['us-east-1'],
  residencies: { us: { jurisdictions: ['US'] }, anywhere: { jurisdictions: 'any' } },
  models: { chat: { candidates: [smallModel], baseline: { us: ['us-east-1'] } } },
});

export async function openSmallWorld(): Promise<ControlWorld> {
  const world = createControlWorld(smallConfig);
  for (const region of smallRegions) {
    world.region(smallAccount, region).models.set(smallModel, plainModel(smallModel));
    world.region(smallAccount, region).models.set('other.model', plainModel('other.model'));
  }
  await world.discoverAll();
  await world.plan();
  return world;
}

/** The listing loses ON_DEMAND: a loss that no second sign vouches for. */
export async function makeProfileOnly(world: ControlWorld): Promise<void> {
  for (const region of smallRegions)
    world.region(smallAccount, region).models.set(smallModel, plainModel(smallModel, { inferenceTypes: [] }));
  await world.discoverAll();
}

/** A minute later: what us-east-1 answers now. */
export function discoverAgain(world: ControlWorld) {
  world.clock.advance(60_000);
  return world.discover(smallAccount, 'us-east-1');
}

/** A run of plan that came to its end, and what became of the route under `us`. */
export async function planUs(world: ControlWorld) {
  const run = await world.plan();
  if (run.kind !== 'planned') throw new Error(run.why);
  return { run, route: run.routes.find((each) => each.residency === 'us') };
}
