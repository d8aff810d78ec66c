import type { CompiledFacts } from '../facts/compile-facts.ts';
import { geoPrefixOf } from '../residency/reach.ts';

/** Jurisdictions whose guardrail profiles stay inside. */
const JURISDICTION_OF_GEOGRAPHY: ReadonlyMap<string, string> = new Map([
  ['us', 'US'],
  ['eu', 'EU'],
  ['apac', 'APAC'],
  ['jp', 'JP'],
  ['au', 'AU'],
  ['ca', 'CA'],
  ['in', 'IN'],
]);

/** What the ids of guardrail profiles begin with, where it is known what that announces. */
export const guardrailGeographies: readonly string[] = [...JURISDICTION_OF_GEOGRAPHY.keys()];

/**
 * Where a guardrail reads prompts that stands in `region`. No API tells where its profile goes, so every region of the
 * geography that the profile announces counts. Undefined where nobody knows.
 *
 * @param profileId such as `eu.guardrail.v1:0`. @default - it reads where it stands
 */
export function guardrailReach(
  { region, profileId }: { readonly region: string; readonly profileId: string | undefined },
  facts: CompiledFacts,
): readonly string[] | undefined {
  if (profileId === undefined) return [region];
  const jurisdiction = JURISDICTION_OF_GEOGRAPHY.get(geoPrefixOf(profileId));
  const regions = jurisdiction === undefined ? [] : facts.regionsOf(jurisdiction);
  return regions.length === 0 ? undefined : [...new Set([region, ...regions])].sort();
}
