import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { invokeStatements } from '#lib/permissions/invoke-statements.ts';
import { deployedPolicies } from '#test/builders/deployed-policies.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { modelTable } from '#test/builders/model-table.ts';
import { isAllowed } from '#test/builders/policy-engine.ts';
import { profiledModels, residencyConfigs } from '#test/builders/residency-configs.ts';

const nothing = deployedPolicies([]);

it('IAM allows a call of a model exactly where a residency does, and never a step beyond its reach', async () => {
  let lawful = 0;
  let unlawful = 0;
  await fc.assert(
    fc.asyncProperty(
      residencyConfigs,
      fc.constantFrom(...facts.regions),
      fc.nat(),
      async (config, elsewhere, pick) => {
        const account = config.accounts[pick % config.accounts.length]?.id ?? '';
        const statements = invokeStatements({ config, facts, account }).map((one) => one.toJSON());
        const policies = [{ Version: '2012-10-17', Statement: statements }];
        const role = `arn:aws:iam::${account}:role/acme-gateway-access`;
        const regions = new Set([...config.accounts.flatMap((each) => each.regions), elsewhere]);
        const ways = modelTable({ config, facts, account, modelIds: profiledModels, regions: [...regions] });
        for (const way of ways) {
          const answers = await Promise.all(
            way.calls.map((call) => isAllowed(nothing, { ...call, role, policies })),
          );
          expect([way.name, answers.every((allowed) => allowed)]).toEqual([way.name, way.lawful]);
          if (way.lawful) lawful += 1;
          else unlawful += 1;
          // One step astray, another for each call: every region would take minutes.
          const step = way.astray[pick % Math.max(1, way.astray.length)];
          if (step !== undefined)
            expect([way.name, step, await isAllowed(nothing, { ...step, role, policies })]).toEqual([
              way.name,
              step,
              false,
            ]);
        }
      },
    ),
    { numRuns: 10 },
  );
  expect([lawful > 10, unlawful > 10]).toEqual([true, true]);
});
