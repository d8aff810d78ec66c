/**
 * Rows of the routing table in a generated world: honest ones, and those of somebody who can write the table and wants
 * prompts to leave their residency. A lie is told only where the product is able to find it out: where its compiled
 * facts, the id on the wire or the source region speak against the row.
 */
import { quotaPoolOf, type Scope, type Target, targetId } from '#core/target.ts';
import type { TrueProfile, World } from './residency-world.ts';
import type { Dice } from './residency-world-dice.ts';

const account = (dice: Dice, world: World): string => dice.pick(world.accounts).id;

function bedrockRow(
  place: {
    readonly account: string;
    readonly region: string;
    readonly modelId: string;
    readonly profileId?: string;
  },
  told: { readonly scope: Scope; readonly reach: readonly string[] },
): Target {
  return {
    id: targetId(place),
    ...place,
    ...told,
    kind: 'bedrock',
    position: 0,
    state: 'available',
    lifecycle: 'ACTIVE',
    contextTokensMax: null,
    outputTokensMax: null,
    capabilities: {},
    pricing: null,
    quotaPool: quotaPoolOf({ ...place, scope: told.scope }),
  };
}

function endpointRow(
  place: { readonly account: string; readonly region: string; readonly endpoint: string },
  told: { readonly reach: readonly string[]; readonly state: Target['state'] },
): Target {
  const row = bedrockRow({ ...place, modelId: place.endpoint }, { scope: 'dedicated', reach: told.reach });
  return { ...row, id: targetId(place), kind: 'sagemaker', endpoint: place.endpoint, state: told.state };
}

/** Every way to call the models of the world, told as it is. */
export function honestRows(world: World): readonly Target[] {
  const owners = new Map(world.accounts.flatMap(({ id, regions }) => regions.map((region) => [region, id])));
  const plain = [...world.plainRegions].flatMap(([modelId, regions]) =>
    regions.flatMap((region) => {
      const owner = owners.get(region);
      return owner === undefined
        ? []
        : [bedrockRow({ account: owner, region, modelId }, { scope: 'in-region', reach: [region] })];
    }),
  );
  const profiles = world.profiles.flatMap((profile) =>
    [...profile.destinations].flatMap(([region, truth]) => {
      const owner = owners.get(region);
      if (owner === undefined) return [];
      const place = { account: owner, region, modelId: profile.modelId, profileId: profile.id };
      return truth === 'everywhere'
        ? [bedrockRow(place, { scope: 'global', reach: ['*'] })]
        : [bedrockRow(place, { scope: 'geo', reach: [...new Set([...truth, region])].sort() })];
    }),
  );
  const endpoints = world.endpoints.map((each) =>
    endpointRow(each, { reach: [each.region], state: each.warmth }),
  );
  return [...plain, ...profiles, ...endpoints];
}

/** Rows of an adversary, as many as asked for. */
export function adversaryRows(dice: Dice, world: World, count: number): readonly Target[] {
  const honest = honestRows(world);
  const calls = world.profiles.flatMap((profile) =>
    [...profile.destinations.keys()]
      .filter((source) => isFoundOut(profile, source))
      .map((source) => ({ profile, source })),
  );
  return Array.from({ length: count }, () => {
    const row = adversaryRow(dice, world, { honest, calls });
    const victim = dice.chance(0.1) && honest.length > 0 ? dice.pick(honest).id : row.id;
    return { ...row, id: victim };
  });
}

/** Whether the product knows enough of a call to see through a false reach. */
function isFoundOut(profile: TrueProfile, source: string): boolean {
  const truth = profile.destinations.get(source);
  const compiled = profile.compiled.get(source);
  if (truth === undefined || compiled === undefined) return false;
  if (compiled === 'everywhere') return true;
  return truth !== 'everywhere' && truth.every((place) => compiled.includes(place));
}

interface Material {
  readonly honest: readonly Target[];
  readonly calls: readonly { readonly profile: TrueProfile; readonly source: string }[];
}

function adversaryRow(dice: Dice, world: World, { honest, calls }: Material): Target {
  const region = dice.pick(world.regions).code;
  const elsewhere = dice.pick(world.regions).code;
  const model = dice.pick(world.models);
  const plainTricks = [
    () =>
      endpointRow(
        { account: account(dice, world), region, endpoint: 'chat-x' },
        { reach: [elsewhere], state: 'warm' },
      ),
    () =>
      endpointRow(
        { account: account(dice, world), region, endpoint: 'chat-y' },
        { reach: [elsewhere], state: 'cold' },
      ),
    () =>
      bedrockRow(
        { account: account(dice, world), region, modelId: model },
        { scope: 'in-region', reach: [elsewhere] },
      ),
    () => ({
      ...dice.pick(
        honest.length > 0
          ? honest
          : [
              bedrockRow(
                { account: account(dice, world), region, modelId: model },
                { scope: 'in-region', reach: [] },
              ),
            ],
      ),
      position: 0,
    }),
    () =>
      bedrockRow(
        { account: account(dice, world), region, ...profileOf(dice.pick(world.profiles)) },
        { scope: 'geo', reach: [] },
      ),
  ];
  if (calls.length === 0 || dice.chance(0.45)) return dice.pick(plainTricks)();
  const { profile, source } = dice.pick(calls);
  const place = { account: account(dice, world), region: source, ...profileOf(profile) };
  const reach = dice.pick([[source], [source, elsewhere], [elsewhere]]);
  return dice.pick([
    () => bedrockRow(place, { scope: 'geo', reach }),
    () => bedrockRow(place, { scope: 'in-region', reach }),
    () =>
      bedrockRow(
        { account: place.account, region: source, modelId: profile.id },
        { scope: 'in-region', reach },
      ),
    () => ({
      ...bedrockRow(place, { scope: 'dedicated', reach }),
      endpoint: 'chat-z',
      state: 'warm' as const,
    }),
    () => bedrockRow({ ...place, profileId: profileArn(place) }, { scope: 'geo', reach }),
  ])();
}

function profileOf(profile: TrueProfile): { readonly modelId: string; readonly profileId: string } {
  return { modelId: profile.modelId, profileId: profile.id };
}

/** Bedrock takes a profile by its ARN as well as by its id. */
function profileArn(place: {
  readonly account: string;
  readonly region: string;
  readonly profileId: string;
}): string {
  return `arn:aws:bedrock:${place.region}:${place.account}:inference-profile/${place.profileId}`;
}
