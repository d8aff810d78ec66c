import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WavePlanOptions, waveKindOf, waveKinds, wavePlan } from '#core/deploy-waves/wave-plan.ts';

const options: WavePlanOptions = { homeRegion: 'us-east-1', bakeSeconds: 600 };
const home = '111111111111';
const other = '222222222222';

const stack = (id: string, region: string, account = home) => ({ id, region, account });
const place = (region: string, account = home) => stack(`Discovery-${account}-${region}`, region, account);

const deployment = [
  place('us-east-1'),
  place('us-west-2'),
  place('eu-central-1', other),
  place('eu-west-1', other),
  place('ap-northeast-1', other),
  stack('Gateway-us-east-1', 'us-east-1'),
  stack('Gateway-eu-west-1', 'eu-west-1', other),
  stack('Gateway-us-west-2', 'us-west-2'),
  stack('Names-222222222222', 'eu-west-1', other),
  stack('Control-111111111111-us-east-1', 'us-east-1'),
  stack('Access-222222222222', 'eu-central-1', other),
  stack('Observability-eu-west-1', 'eu-west-1'),
  stack('State-us-east-1', 'us-east-1'),
  stack('Keys-eu-west-1', 'eu-west-1'),
  stack('Dashboards-us-east-1', 'us-east-1'),
];

const told = (changes: Partial<WavePlanOptions> = {}) =>
  wavePlan(deployment, { ...options, ...changes }).map(({ name, stacks }) => [name, stacks]);

describe('wavePlan', () => {
  it('goes from keys and state to control, one region, one of each geography, all others, names', () => {
    expect(told()).toEqual([
      ['keys', ['Keys-eu-west-1']],
      ['state', ['Observability-eu-west-1', 'State-us-east-1']],
      ['control', ['Access-222222222222', 'Control-111111111111-us-east-1', 'Dashboards-us-east-1']],
      ['one-region: eu-west-1', ['Discovery-222222222222-eu-west-1', 'Gateway-eu-west-1']],
      [
        'one-per-geography: us-west-2, ap-northeast-1',
        ['Discovery-111111111111-us-west-2', 'Discovery-222222222222-ap-northeast-1', 'Gateway-us-west-2'],
      ],
      [
        'all-others',
        ['Discovery-111111111111-us-east-1', 'Discovery-222222222222-eu-central-1', 'Gateway-us-east-1'],
      ],
      ['names', ['Names-222222222222']],
    ]);
  });

  it('puts whoever reads tables before the tables, where these are to turn to other keys, and control behind both', () => {
    const usual = told();
    const turned = told({ readersFirst: true });
    expect(turned.map(([name]) => name)).toEqual([
      'keys',
      'one-region: eu-west-1',
      'one-per-geography: us-west-2, ap-northeast-1',
      'all-others',
      'state',
      'control',
      'names',
    ]);
    expect([...turned].sort()).toEqual([...usual].sort());
  });

  it('leaves the pipeline out, which cannot change itself while it carries the waves out', () => {
    const piped = wavePlan([...deployment, stack('Pipeline-us-east-1', 'us-east-1')], options);
    expect(piped).toEqual(wavePlan(deployment, options));
    expect(wavePlan([stack('Pipeline-us-east-1', 'us-east-1')], options)).toEqual([]);
  });

  it('begins where it is told to', () => {
    expect(told({ firstRegion: 'us-west-2' }).slice(3, 5)).toEqual([
      ['one-region: us-west-2', ['Discovery-111111111111-us-west-2', 'Gateway-us-west-2']],
      [
        'one-per-geography: eu-west-1, ap-northeast-1',
        ['Discovery-222222222222-ap-northeast-1', 'Discovery-222222222222-eu-west-1', 'Gateway-eu-west-1'],
      ],
    ]);
    expect(() => told({ firstRegion: 'sa-east-1' })).toThrow(
      'no stack stands in sa-east-1; the regions are ap-northeast-1, eu-central-1, eu-west-1, us-east-1, us-west-2',
    );
  });

  it('takes a region with a gateway of each geography, home where it has the only one, and one beside a first without', () => {
    const few = [
      ...['us-east-1', 'us-east-2', 'eu-north-1', 'eu-west-1', 'eu-west-3'].map((region) => place(region)),
      ...['us-east-1', 'eu-west-1', 'eu-west-3'].map((region) => stack(`Gateway-${region}`, region)),
    ];
    const chosen = (firstRegion: string) =>
      wavePlan(few, { ...options, firstRegion })
        .map(({ name }) => name)
        .slice(1);
    expect(chosen('eu-north-1')).toEqual(['one-per-geography: eu-west-1, us-east-1', 'all-others']);
    expect(chosen('eu-west-1')).toEqual(['one-per-geography: eu-west-3, us-east-1', 'all-others']);
    expect(chosen('us-east-2')).toEqual(['one-per-geography: eu-west-1, us-east-1', 'all-others']);
  });

  it('looks at the alarms of each account and region that a wave touched', () => {
    const [, state, , one] = wavePlan(deployment, options);
    expect(state?.places).toEqual([
      { account: home, region: 'eu-west-1' },
      { account: home, region: 'us-east-1' },
    ]);
    expect(one).toMatchObject({ places: [{ account: other, region: 'eu-west-1' }], bakeSeconds: 600 });
  });

  it('leaves out waves without stacks, and begins at home where there is nothing else', () => {
    const alone = [place('us-east-1'), stack('State-us-east-1', 'us-east-1')];
    expect(wavePlan(alone, options).map(({ name }) => name)).toEqual(['state', 'one-region: us-east-1']);
    expect(wavePlan([], options)).toEqual([]);
  });

  it('has every stack once, one of an unknown part too, in this order of waves, and begins at home only where it must', () => {
    const one = fc.record({
      part: fc.constantFrom(
        'State',
        'Access',
        'Control',
        'Discovery',
        'Gateway',
        'Dedicated',
        'Names',
        'Later',
      ),
      region: fc.constantFrom('us-east-1', 'us-west-2', 'eu-west-1', 'eu-north-1', 'ap-south-1', 'sa-east-1'),
      account: fc.constantFrom(home, other),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), (drawn) => {
        const made = drawn.map(({ part, region, account }, index) =>
          stack(`${part}-${index}-${region}`, region, account),
        );
        const waves = wavePlan(made, options);
        expect(waves.flatMap(({ stacks }) => stacks).sort()).toEqual(made.map(({ id }) => id).sort());
        const order = waves.map((wave) => waveKindOf(wave));
        expect(order).toEqual(waveKinds.filter((name) => order.includes(name)));
        expect(waves.every(({ stacks }) => stacks.length > 0)).toBe(true);
        // Whatever goes out to all others has met a gateway of each geography that has one.
        const early = waves.filter(({ name }) => /^one-/.test(name)).flatMap(({ places }) => places);
        const words = (regions: readonly string[]) => new Set(regions.map((region) => region.split('-')[0]));
        const gateways = made.filter(({ id }) => id.startsWith('Gateway-')).map(({ region }) => region);
        const met = gateways.filter((region) => early.some((each) => each.region === region));
        expect(words(met)).toEqual(words(gateways));
        // The first region is home's only where no other has a regional stack.
        const regional = made.filter(({ id }) => /^(?:Discovery|Gateway|Dedicated|Later)-/.test(id));
        if (order.includes('one-region'))
          expect(waves.some(({ name }) => name === 'one-region: us-east-1')).toBe(
            regional.every(({ region }) => region === 'us-east-1'),
          );
      }),
    );
  });
});
