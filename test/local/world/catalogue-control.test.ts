import { beforeEach, describe, expect, it } from 'vitest';
import { ControlError } from '#local/service.ts';
import { catalogueControl } from '#local/world/catalogue-control.ts';
import { loadWorldFacts } from '#local/world/load-world-facts.ts';
import { createWorld, type World } from '#local/world/world.ts';

const facts = loadWorldFacts();
const lite = 'amazon.nova-lite-v1:0';
const account = '111111111111';
let world: World;

const call = (method: string, body?: unknown) =>
  catalogueControl(world.models).methods[method]?.(body, new URLSearchParams());
const listed = (region: string, of = account) =>
  world.models.listed(of, region).map(({ fact }) => fact.modelId);

beforeEach(() => {
  world = createWorld(facts);
});

describe('/_local/catalogue', () => {
  it('withdraws a model: not listed, not available, and back after DELETE', () => {
    expect(listed('us-east-1')).toContain(lite);
    call('PATCH', { region: 'us-east-1', modelId: lite, offered: false });
    expect(listed('us-east-1')).not.toContain(lite);
    expect(world.models.state(account, 'us-east-1', lite)).toMatchObject({
      regionAvailability: 'NOT_AVAILABLE',
      servable: false,
    });
    expect(listed('us-west-2')).toContain(lite);
    call('DELETE');
    expect(listed('us-east-1')).toContain(lite);
    expect(call('GET')).toEqual([]);
  });

  it('drops a model from the list alone when the region is said to have it still', () => {
    call('PATCH', { region: 'us-east-1', modelId: lite, offered: false, regionAvailability: 'AVAILABLE' });
    expect(world.models.state(account, 'us-east-1', lite)).toMatchObject({
      listed: false,
      servable: true,
      withdrawn: false,
    });
  });

  it('puts a model, known or new, into a region, known or new', () => {
    call('PATCH', [
      { region: 'xx-new-1', modelId: lite, offered: true },
      { region: 'xx-new-1', modelId: 'acme.thinker-v9:0', inferenceTypes: ['ON_DEMAND', 'SOMETHING_NEW'] },
      { region: 'us-east-1', modelId: 'acme.embed-v1', lifecycle: 'LEGACY' },
    ]);
    expect(listed('xx-new-1')).toEqual(['acme.thinker-v9:0', lite]);
    expect(world.models.state(account, 'xx-new-1', 'acme.thinker-v9:0')?.inferenceTypes).toEqual([
      'ON_DEMAND',
      'SOMETHING_NEW',
    ]);
    expect(world.models.state(account, 'us-east-1', 'acme.embed-v1')).toMatchObject({
      listed: true,
      lifecycle: { status: 'LEGACY' },
      fact: { output: ['EMBEDDING'] },
    });
    expect(world.models.state(account, 'us-west-2', 'acme.embed-v1')).toMatchObject({ listed: false });
  });

  it('leaves a known model out of a region that does not offer it when only its access is changed', () => {
    call('PATCH', { region: 'ap-northeast-3', modelId: lite, denied: true });
    expect(listed('ap-northeast-3')).not.toContain(lite);
  });

  it('lets one account differ from the others, and merges what is said in several requests', () => {
    call('PATCH', { region: 'us-east-1', modelId: lite, lifecycle: 'LEGACY' });
    call('PATCH', {
      region: 'us-east-1',
      account,
      modelId: lite,
      agreementAvailability: { status: 'ERROR', errorMessage: 'no card' },
    });
    call('PATCH', { region: 'us-east-1', account, modelId: lite, authorizationStatus: 'NOT_AUTHORIZED' });
    expect(world.models.state(account, 'us-east-1', lite)).toMatchObject({
      lifecycle: { status: 'LEGACY' },
      agreementAvailability: { status: 'ERROR', errorMessage: 'no card' },
      authorizationStatus: 'NOT_AUTHORIZED',
    });
    expect(world.models.state('222222222222', 'us-east-1', lite)).toMatchObject({
      authorizationStatus: 'AUTHORIZED',
    });
    expect(call('GET')).toHaveLength(2);
  });

  it('takes lifecycle dates', () => {
    call('PATCH', {
      region: 'us-east-1',
      modelId: lite,
      lifecycle: { status: 'LEGACY', endOfLifeTime: '2026-12-01T00:00:00Z' },
    });
    expect(world.models.state(account, 'us-east-1', lite)?.lifecycle).toEqual({
      status: 'LEGACY',
      endOfLifeTime: new Date('2026-12-01T00:00:00Z'),
    });
  });

  it('shows what it was told in the form in which it was told', () => {
    const told = {
      region: 'us-east-1',
      modelId: lite,
      lifecycle: 'LEGACY',
      agreementAvailability: 'PENDING',
      denied: true,
    };
    expect(call('PATCH', told)).toEqual([told]);
  });

  it('refuses a body as a whole, with every violation and its path', () => {
    const body = [
      { region: 'us-east-1', modelId: lite, offered: false },
      { region: 'Mars', modelId: '', lifecycle: 'OLD', inferenceTypes: [], denied: 'yes', surprise: 1 },
      { account: '12' },
      'nothing',
    ];
    let violations: readonly { path: string }[] = [];
    try {
      call('PATCH', body);
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      violations = error.violations;
    }
    expect(violations.map(({ path }) => path).sort()).toEqual(
      [
        '[1].denied',
        '[1].inferenceTypes',
        '[1].lifecycle',
        '[1].modelId',
        '[1].region',
        '[1].surprise',
        '[2].account',
        '[2].modelId',
        '[2].region',
        '[3]',
      ].sort(),
    );
    expect(call('GET')).toEqual([]);
    expect(() =>
      call('PATCH', { region: 'us-east-1', modelId: lite, agreementAvailability: 'MAYBE' }),
    ).toThrow('agreementAvailability: "MAYBE" must be one of');
  });
});
