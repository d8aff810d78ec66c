import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkGuardrails } from '#core/config/check-guardrails.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { guardrailStatements } from '#lib/permissions/guardrail-statements.ts';
import { deployedPolicies } from '#test/builders/deployed-policies.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { isAllowed } from '#test/builders/policy-engine.ts';
import { residencyConfigs } from '#test/builders/residency-configs.ts';

const nothing = deployedPolicies([]);
const profile = fc.constantFrom(undefined, 'us.guardrail.v1:0', 'eu.guardrail.v1:0', 'apac.guardrail.v1:0');
const placeOf = (arn: string) => arn.split(':')[3] ?? '';

it('lets guardrails of the configuration be applied and no others, and never where no residency may be', async () => {
  let granted = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(residencyConfigs, profile, fc.nat(), async (drawn, profileId, pick) => {
      const [first, ...others] = drawn.accounts;
      if (first === undefined) throw new Error('there is no account');
      const region = first.regions[pick % first.regions.length] ?? '';
      const guardrails = [{ region, id: 'abc123', profile: profileId }];
      const config = { ...drawn, accounts: [{ ...first, guardrails }, ...others] };
      if (checkGuardrails(config, facts).errors.length > 0) {
        refused += 1;
        return;
      }
      const account = first.id;
      const resources = guardrailStatements({ config, facts, account }).flatMap(
        (one) => [one.toJSON().Resource].flat() as string[],
      );
      const bounds = Object.entries(config.residencies).map(
        ([name, spec]) => resolveResidency(name, spec, facts).allowed,
      );
      const places = resources.map(placeOf);
      expect(bounds.some((allowed) => allowed === 'any' || places.every((place) => allowed.has(place)))).toBe(
        true,
      );
      const Statement = guardrailStatements({ config, facts, account }).map((one) => one.toJSON());
      const policies = [{ Version: '2012-10-17', Statement }];
      const role = `arn:aws:iam::${account}:role/acme-gateway-access`;
      const may = (resource: string, action = 'bedrock:ApplyGuardrail') =>
        isAllowed(nothing, { role, action, resource, context: {}, policies });
      const own = `arn:aws:bedrock:${region}:${account}:guardrail/abc123`;
      expect(await may(own)).toBe(true);
      for (const resource of resources) expect([resource, await may(resource)]).toEqual([resource, true]);
      const elsewhere = region === 'sa-east-1' ? 'us-east-1' : 'sa-east-1';
      const astray = [
        `${own}4`,
        own.replace(account, '999999999999'),
        own.replace(region, elsewhere),
        `arn:aws:bedrock:${region}:${account}:guardrail-profile/jp.guardrail.v1:0`,
      ];
      for (const resource of astray) expect([resource, await may(resource)]).toEqual([resource, false]);
      expect(await may(own, 'bedrock:UpdateGuardrail')).toBe(false);
      for (const { id } of others) expect(guardrailStatements({ config, facts, account: id })).toEqual([]);
      granted += 1;
    }),
    { numRuns: 40, seed: 20_261_122 },
  );
  expect([granted > 5, refused > 5]).toEqual([true, true]);
});
