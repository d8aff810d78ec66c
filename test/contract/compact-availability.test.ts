import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AvailabilityFolder, unfoldAvailability } from '#contract/compact-availability.ts';
import { type Availability, availabilitySchema, compactAvailabilitySchema } from '#contract/http.ts';

type Target = Availability['targets'][number];

const head = { asOf: '2026-11-21T08:00:00.000Z', stale: false };
const word = fc.constantFrom('', 'a', 'b', '1:a', '-', 'a-b', '__proto__', 'é');
const absent = fc.option(word, { nil: undefined });
const place = fc.record({
  account: fc.constantFrom('111111111111', '222222222222'),
  region: fc.constantFrom('us-east-1', 'eu-west-1'),
});
const target = fc.record({
  tail: word,
  model: absent,
  modelId: absent,
  endpoint: absent,
  profileId: absent,
  scope: word,
  state: word,
  reasons: fc.array(word, { maxLength: 3 }),
  hint: fc.record({ who: fc.constantFrom('nobody' as const, 'wait' as const), text: word }),
  reach: fc.array(word, { maxLength: 3 }),
  since: word,
  stale: fc.boolean(),
});

const folded = (places: readonly { account: string; region: string; targets: Target[] }[]) => {
  const folder = new AvailabilityFolder();
  const compact = places.map(({ targets, ...where }) => folder.fold(where, targets));
  return { ...head, ...folder.dictionaries, places: compact };
};

describe('compact availability', () => {
  it('says the same, whatever it says', () => {
    const places = fc.array(fc.tuple(place, fc.array(target, { maxLength: 5 })), { maxLength: 4 });
    fc.assert(
      fc.property(places, (some) => {
        const given = some.map(([where, targets]) => ({
          ...where,
          targets: targets.map(({ tail, model, modelId, endpoint, profileId, ...rest }) => ({
            id: `${where.account}/${where.region}/${tail}`,
            ...where,
            ...(model === undefined ? {} : { model }),
            ...(modelId === undefined ? {} : { modelId }),
            ...(endpoint === undefined ? {} : { endpoint }),
            ...(profileId === undefined ? {} : { profileId }),
            ...rest,
          })),
        }));
        const sent = compactAvailabilitySchema.parse(JSON.parse(JSON.stringify(folded(given))));
        const read = availabilitySchema.parse(unfoldAvailability(sent));
        expect(read).toEqual({ ...head, targets: given.flatMap(({ targets }) => targets) });
      }),
    );
  });

  it('names what is alike once', () => {
    const alike = (region: string): Target => ({
      ...{ id: `1/${region}/m`, account: '1', region, modelId: 'm', scope: 'geo', state: 'available' },
      ...{ reasons: [], hint: { who: 'nobody', text: '' }, reach: ['*'], since: head.asOf, stale: false },
    });
    const regions = ['us-east-1', 'us-west-2'];
    const { names, conditions, reaches, times, places } = folded(
      regions.map((region) => ({ account: '1', region, targets: [alike(region), alike(region)] })),
    );
    expect([names, conditions, reaches, times].map(({ length }) => length)).toEqual([1, 1, 1, 1]);
    expect(places.map(({ targets }) => targets)).toEqual(regions.map(() => [0, 0, 0, 0, 0, 0, 0, 0]));
  });

  it('is refused where it names what it does not have', () => {
    const broken = { ...folded([]), places: [{ account: '1', region: 'us-east-1', targets: [0, 0, 0, 0] }] };
    expect(() => unfoldAvailability(broken)).toThrow(RangeError);
  });
});
