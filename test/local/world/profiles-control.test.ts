import { beforeEach, describe, expect, it } from 'vitest';
import { loadWorldFacts } from '#local/world/load-world-facts.ts';
import { profilesControl } from '#local/world/profiles-control.ts';
import { createWorld, type World } from '#local/world/world.ts';

const facts = loadWorldFacts();
const account = '111111111111';
const euLite = 'eu.amazon.nova-lite-v1:0';
let world: World;

const call = (method: string, body?: unknown) =>
  profilesControl(world.profiles).methods[method]?.(body, new URLSearchParams());
const listed = (region: string) => world.profiles.listed(account, region).map(({ profileId }) => profileId);

beforeEach(() => {
  world = createWorld(facts);
});

describe('/_local/profiles', () => {
  it('withdraws a profile in one source region and puts it back on DELETE', () => {
    call('PATCH', { region: 'eu-west-1', profileId: euLite, offered: false });
    expect(listed('eu-west-1')).not.toContain(euLite);
    expect(listed('eu-west-3')).toContain(euLite);
    call('DELETE');
    expect(listed('eu-west-1')).toContain(euLite);
  });

  it('changes the destinations of a profile, and adds one that no file knows in a region that no file knows', () => {
    const arn = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0';
    call('PATCH', [
      { region: 'eu-west-1', profileId: euLite, modelArns: [arn] },
      {
        region: 'xx-new-1',
        profileId: 'xx.acme.thinker-v9:0',
        modelArns: ['arn:aws:bedrock:::foundation-model/acme.thinker-v9:0'],
      },
    ]);
    expect(world.profiles.state(account, 'eu-west-1', euLite)?.modelArns).toEqual([arn]);
    expect(world.profiles.listed(account, 'xx-new-1')).toEqual([
      {
        profileId: 'xx.acme.thinker-v9:0',
        modelId: 'acme.thinker-v9:0',
        modelArns: ['arn:aws:bedrock:::foundation-model/acme.thinker-v9:0'],
      },
    ]);
  });

  it('hides the profiles of a model that was withdrawn in the source region', () => {
    world.models.overrides.apply([{ region: 'eu-west-1', modelId: 'amazon.nova-lite-v1:0', offered: false }]);
    expect(listed('eu-west-1')).not.toContain(euLite);
    expect(listed('eu-west-3')).toContain(euLite);
  });

  it('refuses a profile without known destinations, bad ARNs and unknown fields', () => {
    expect(() => call('PATCH', { region: 'sa-east-1', profileId: euLite })).toThrow('modelArns: is required');
    expect(() =>
      call('PATCH', [{ region: 'eu-west-1', profileId: euLite, modelArns: ['eu-west-1'] }]),
    ).toThrow('[0].modelArns');
    expect(() => call('PATCH', { region: 'eu-west-1', profileId: euLite, destinations: [] })).toThrow(
      'destinations: is unknown',
    );
    expect(call('GET')).toEqual([]);
  });
});
