import { expect, it } from 'vitest';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { forbiddenTargets } from '#usecases/operate/forbidden-targets.ts';

it('are those of the route and its baseline whose reach leaves the residency; all where there is no such residency', () => {
  const here = aTarget({ region: 'us-east-1' });
  const abroad = aTarget({ region: 'eu-central-1' });
  const route = { targets: [here, abroad], baseline: [abroad, here] };
  const policy = resolveResidency('us', { jurisdictions: ['US'] }, facts);
  expect(forbiddenTargets(route, policy, facts)).toEqual([abroad.id, abroad.id]);
  expect(forbiddenTargets(route, undefined, facts)).toHaveLength(4);
});
