/** What a large company's gateway answers: 30 accounts, 21 regions, 140 models, and gaps of every kind. */
import type { Availability } from '#contract/http.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import catalogue from '#data/catalogue.json' with { type: 'json' };
import regions from '#data/regions.json' with { type: 'json' };

export const largeSizes = { accounts: 30, regions: 21, models: 140 } as const;

type Target = Availability['targets'][number];

/** As often as they stand in a row: most of a catalogue is there, and most of its gaps are that it is not. */
const states: readonly Pick<Target, 'state' | 'reasons' | 'hint'>[] = [
  ...Array.from({ length: 6 }, () => ({
    state: 'available',
    reasons: [],
    hint: { who: 'nobody', text: 'Nothing to repair: it can be used.' } as const,
  })),
  ...Array.from({ length: 3 }, () => ({
    state: 'not-offered',
    reasons: ['not-listed'],
    hint: { who: 'nobody', text: 'AWS does not offer it in this region.' } as const,
  })),
  {
    state: 'not-entitled',
    reasons: ['agreement-missing'],
    hint: { who: 'account-owner', text: 'Accept the model’s agreement in this account.' },
  },
  {
    state: 'denied',
    reasons: ['denied-by-scp'],
    hint: { who: 'account-owner', text: 'A policy of the organization denies it.' },
  },
];

/** 88,200 targets. */
export function largeAvailability(now: string): Availability {
  const models = catalogue.models.slice(0, largeSizes.models).map(({ id }) => id);
  const places = regions.regions.slice(0, largeSizes.regions).map(({ code }) => code);
  const accounts = Array.from({ length: largeSizes.accounts }, (_, index) => String(100_000_000_000 + index));
  const targets = accounts.flatMap((account, accountAt) =>
    places.flatMap((region, regionAt) =>
      models.map((modelId, modelAt): Target => {
        // Neighbours differ, and every run is the same.
        const state = states[(accountAt * 7 + regionAt * 3 + modelAt * 5) % states.length] ?? states[0];
        if (state === undefined) throw new Error('there are no states');
        return {
          id: `${account}/${region}/${modelId}`,
          account,
          region,
          modelId,
          ...(modelAt % 10 === 0 ? { model: `chat-${modelAt}` } : {}),
          scope: 'in-region',
          ...state,
          reach: [region],
          since: now,
          stale: false,
        };
      }),
    ),
  );
  return { asOf: now, stale: false, targets };
}

/** The same as the reports of discovery that it is told from. */
export function largeReports(at: number): readonly RegionObservations[] {
  const { targets } = largeAvailability(new Date(at).toISOString());
  const places = Map.groupBy(targets, ({ account, region }) => `${account}/${region}`);
  return [...places.values()].map((own) => ({
    account: own[0]?.account ?? '',
    region: own[0]?.region ?? '',
    at,
    failures: [],
    targets: own.map(({ id, account, region, modelId = '', state, reasons }) => ({
      id,
      account,
      region,
      modelId,
      kind: 'bedrock',
      scope: 'in-region',
      state: state as Observation['state'],
      reasons,
      reach: [region],
      lifecycle: 'ACTIVE',
      since: at,
      observedAt: at,
      stale: false,
      absentLists: 0,
    })),
  }));
}
