import type { Availability } from '#contract/http.ts';

type AvailabilityTarget = Availability['targets'][number];

/** An availability row; the id follows from where it stands. */
export function anAvailabilityTarget(
  facts: Pick<AvailabilityTarget, 'region'> & Partial<AvailabilityTarget>,
): AvailabilityTarget {
  const { account = '111111111111', region, modelId = 'amazon.nova-lite-v1:0', profileId, endpoint } = facts;
  const { modelId: _modelId, ...rest } = facts;
  return {
    id: `${account}/${region}/${endpoint ?? profileId ?? modelId}`,
    account,
    ...(endpoint === undefined ? { modelId } : {}),
    scope: 'in-region',
    state: 'available',
    reasons: [],
    hint: { who: 'nobody', text: 'Nothing to repair: it can be used.' },
    reach: [region],
    since: '2026-11-21T07:00:00.000Z',
    stale: false,
    ...rest,
  };
}
