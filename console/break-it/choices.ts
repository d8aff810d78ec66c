/** What there is to break, from what discovery knows. */
import type { Availability } from '#contract/http.ts';
import type { Pool, SlowSubject } from './breakage.ts';

export interface Choices {
  readonly regions: readonly string[];
  readonly pools: readonly Pool[];
  readonly models: readonly SlowSubject[];
}

type Target = Availability['targets'][number];

/**
 * Only what takes part in a route, and can be called: what nobody may call cannot be throttled.
 *
 * @param gateways regions that are known also when discovery's table is not readable
 */
export function choicesOf(availability: Availability | undefined, gateways: readonly string[]): Choices {
  const routed = (availability?.targets ?? []).filter(
    ({ model, state }) => model !== undefined && isCalled(state),
  );
  const regions = new Set([...gateways, ...routed.map(({ region }) => region)]);
  return {
    regions: [...regions].sort(),
    pools: routed
      .filter(({ endpoint }) => endpoint === undefined)
      .map(poolOf)
      .sort(byPlace),
    models: uniqueSubjects(routed.map(subjectOf)),
  };
}

const isCalled = (state: string): boolean => state === 'available' || state === 'warm';

/** An id is account, region and what is called there. */
function poolOf({ id, account, region }: Target): Pool {
  return { account, region, target: id.slice(`${account}/${region}/`.length) };
}

const byPlace = (left: Pool, right: Pool): number =>
  `${left.region} ${left.target}` < `${right.region} ${right.target}` ? -1 : 1;

function subjectOf({ modelId, endpoint, id }: Target): SlowSubject {
  if (endpoint !== undefined) return { service: 'sagemaker-runtime', name: endpoint };
  return { service: 'bedrock-runtime', name: modelId ?? id };
}

function uniqueSubjects(subjects: readonly SlowSubject[]): readonly SlowSubject[] {
  const byKey = new Map(subjects.map((subject) => [`${subject.service} ${subject.name}`, subject]));
  return [...byKey.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}
