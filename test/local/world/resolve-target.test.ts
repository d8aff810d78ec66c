import { describe, expect, it } from 'vitest';
import { EVERYWHERE } from '#local/world/facts.ts';
import { loadWorldFacts } from '#local/world/load-world-facts.ts';
import { resolveTarget, servedRegion } from '#local/world/resolve-target.ts';
import { createWorld } from '#local/world/world.ts';

const facts = loadWorldFacts();
const account = '111111111111';
const lite = 'amazon.nova-lite-v1:0';

function resolve(region: string, identifier: string, world = createWorld(facts)) {
  const resolution = resolveTarget(world, { account, region }, identifier);
  return resolution.found ? resolution.target : undefined;
}

describe('resolveTarget', () => {
  it('reaches the own region with a plain id, as id or ARN', () => {
    expect(resolve('us-east-1', lite)).toMatchObject({ id: lite, plain: true, reach: ['us-east-1'] });
    expect(resolve('us-east-1', `arn:aws:bedrock:us-east-1::foundation-model/${lite}`)).toMatchObject({
      id: lite,
    });
  });

  it('reaches the destinations and the source with a profile, and those depend on the source', () => {
    const profile = 'us.amazon.nova-2-lite-v1:0';
    expect(resolve('us-west-1', profile)?.reach).toEqual([
      'us-east-1',
      'us-east-2',
      'us-west-1',
      'us-west-2',
    ]);
    expect(resolve('ca-west-1', profile)?.reach).toEqual([
      'ca-west-1',
      'us-east-1',
      'us-east-2',
      'us-west-2',
    ]);
    const arn = `arn:aws:bedrock:ca-west-1:${account}:inference-profile/${profile}`;
    expect(resolve('ca-west-1', arn)).toMatchObject({ id: profile, plain: false });
  });

  it('reaches everywhere with a global profile', () => {
    expect(resolve('eu-west-1', 'global.amazon.nova-2-lite-v1:0')).toMatchObject({
      reach: [EVERYWHERE],
      destinations: [EVERYWHERE],
    });
  });

  it('finds nothing outside of the source region, the account, or what is listed', () => {
    for (const [region, identifier] of [
      ['us-east-1', 'eu.amazon.nova-lite-v1:0'],
      ['us-east-1', 'nobody.knows-it'],
      ['us-east-1', ''],
      ['us-east-1', `arn:aws:bedrock:us-west-2::foundation-model/${lite}`],
      ['us-east-1', `arn:aws:bedrock:us-east-1:222222222222:inference-profile/us.${lite}`],
      ['us-east-1', `arn:aws:bedrock:us-east-1:${account}:application-inference-profile/abc`],
      ['ap-northeast-3', lite],
    ] as const) {
      expect(resolve(region, identifier), `${identifier} in ${region}`).toBeUndefined();
    }
  });

  it('refuses an added profile of a model that was withdrawn in the source region', () => {
    const world = createWorld(facts);
    world.profiles.overrides.apply([
      {
        region: 'us-east-1',
        profileId: `xx.${lite}`,
        modelArns: [`arn:aws:bedrock:us-west-2::foundation-model/${lite}`],
      },
    ]);
    expect(resolve('us-east-1', `xx.${lite}`, world)?.reach).toEqual(['us-east-1', 'us-west-2']);
    world.models.overrides.apply([{ region: 'us-east-1', modelId: lite, offered: false }]);
    expect(resolve('us-east-1', `xx.${lite}`, world)).toBeUndefined();
  });
});

describe('servedRegion', () => {
  it('is a destination, the same for the same seed, and not one that lost the model', () => {
    const world = createWorld(facts);
    const caller = { account, region: 'us-east-1' };
    const target = resolve('us-east-1', `us.${lite}`, world);
    if (!target) throw new Error('no target');
    const picks = () =>
      new Set([0, 1, 2, 3, 4, 5].map((seed) => servedRegion(world, caller, { target, seed })));
    expect([...picks()].sort()).toEqual(['us-east-1', 'us-east-2', 'us-west-2']);
    world.models.overrides.apply([{ region: 'us-east-2', modelId: lite, offered: false }]);
    expect([...picks()].sort()).toEqual(['us-east-1', 'us-west-2']);
  });

  it('is any region that has the model for a global profile, and the source where nobody has it', () => {
    const world = createWorld(facts);
    const caller = { account, region: 'af-south-1' };
    const target = resolve('af-south-1', 'global.anthropic.claude-opus-5-5', world);
    if (!target) throw new Error('no target');
    const picks = new Set(
      Array.from({ length: 60 }, (_, seed) => servedRegion(world, caller, { target, seed })),
    );
    expect(picks.size).toBeGreaterThan(20);
    const arn = 'arn:aws:bedrock:::foundation-model/nobody.knows-it';
    world.profiles.overrides.apply([{ region: 'af-south-1', profileId: 'xx.nobody', modelArns: [arn] }]);
    const unknown = resolve('af-south-1', 'xx.nobody', world);
    expect(unknown && servedRegion(world, caller, { target: unknown, seed: 3 })).toBe('af-south-1');
  });
});
