import fc from 'fast-check';
import { expect, it } from 'vitest';
import { targetChanges } from '#core/plan/version-changes.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { toldTargets } from '#usecases/gateway/told-changes.ts';

const config = acmeConfig();
const policies = new Map(
  Object.entries(config.residencies).map(([name, spec]) => [name, resolveResidency(name, spec, facts)]),
);
const regions = ['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-1', 'ap-northeast-1'];
const targets = fc
  .subarray(regions)
  .chain((chosen) => fc.shuffledSubarray(chosen, { minLength: chosen.length }))
  .map((chosen) => chosen.map((region) => aTarget({ region, reach: [region] })));
const tenants = fc.subarray(['us', 'eu', 'japan', 'frankfurt']).map((residencies) => ({
  name: 'one',
  residencies,
  models: ['*'],
}));

it('names no target whose reach leaves every residency of the viewer, in changes or in words, and counts them', () => {
  fc.assert(
    fc.property(targets, targets, targets, tenants, (before, after, baseline, tenant) => {
      const versions = [
        { targets: before, baseline: [] },
        { targets: after, baseline },
      ];
      const told = toldTargets({ policies, facts }, { tenant, isOperator: false }, versions);
      const changes = targetChanges(before, after);
      const all = [...before, ...after, ...baseline];
      const gone = aTarget({ region: 'sa-east-1' }).id;
      const words = [...all.map(({ id }) => id), gone].join(', ');
      const said = JSON.stringify(told.changes(changes)) + told.reason(words);
      // Of what no version holds any more nobody can say whether it is lawful.
      expect(said.includes(gone)).toBe(false);
      for (const target of all) {
        const isLawful = tenant.residencies.some((name) => {
          const policy = policies.get(name);
          return policy !== undefined && judgeReach({ policy, target, facts }).lawful;
        });
        expect(told.isTold(target.id)).toBe(isLawful);
        expect(said.includes(target.id)).toBe(isLawful);
      }
      const { added, removed, hidden } = told.changes(changes);
      expect(added.length + removed.length + hidden).toBe(changes.added.length + changes.removed.length);
    }),
  );
});

it('tells an operator everything', () => {
  const abroad = aTarget({ region: 'eu-central-1' });
  const operator = { tenant: { name: 'operator', residencies: [], models: ['*'] }, isOperator: true };
  const told = toldTargets({ policies, facts }, operator, [{ targets: [abroad], baseline: [] }]);
  expect(told.changes(targetChanges([], [abroad]))).toMatchObject({ added: [abroad.id], hidden: 0 });
  expect(told.reason(`removed ${abroad.id}`)).toBe(`removed ${abroad.id}`);
});
