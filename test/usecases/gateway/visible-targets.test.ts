import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeReach } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { anObservation } from '#test/builders/an-observation.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { regionsVisibleTo, visibleTo } from '#usecases/gateway/visible-targets.ts';

const config = acmeConfig();
const policies = new Map(
  Object.entries(config.residencies).map(([name, spec]) => [name, resolveResidency(name, spec, facts)]),
);
const context = { config, policies, facts };
const regions = ['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-1', 'ap-northeast-1'];

function allows(name: string, region: string): boolean {
  const allowed = policies.get(name)?.allowed;
  return allowed === 'any' || allowed?.has(region) === true;
}

it('is never a target outside a tenant’s residencies or models, whatever discovery says of its reach', () => {
  const bounded = ['us', 'eu', 'japan', 'frankfurt'];
  const question = fc.record({
    region: fc.constantFrom(...regions),
    reach: fc.subarray([...regions, '*']),
    residencies: fc.subarray(bounded),
    models: fc.subarray(['chat-small', 'embed', '*']),
  });
  fc.assert(
    fc.property(question, ({ region, reach, residencies, models }) => {
      const target = anObservation({ region, reach });
      const tenant = { name: 'one', residencies, models };
      const lawful = residencies.some((name) => {
        const policy = policies.get(name);
        return policy !== undefined && judgeReach({ policy, target, facts }).lawful;
      });
      const isModels = models.includes('*') || models.includes('chat-small');
      expect(visibleTo(context, { tenant, isOperator: false })(target)).toBe(lawful && isModels);
      expect(visibleTo(context, { tenant, isOperator: true })(target)).toBe(true);
      // A region of which nobody is told holds no target of which somebody is.
      const isRegionTold = regionsVisibleTo(context, { tenant, isOperator: false })(region);
      expect(isRegionTold).toBe(residencies.some((name) => allows(name, region)));
      if (lawful) expect(isRegionTold).toBe(true);
      expect(regionsVisibleTo(context, { tenant, isOperator: true })(region)).toBe(true);
    }),
  );
});

it('tells a dedicated endpoint to those who may use the model that names it', () => {
  const endpoint = anObservation({
    id: '111111111111/us-east-1/chat-small',
    kind: 'sagemaker',
    endpoint: 'chat-small',
    modelId: 'chat-small',
    scope: 'dedicated',
  });
  const sees = (models: readonly string[]) =>
    visibleTo(context, { tenant: { name: 'one', residencies: ['us'], models }, isOperator: false })(endpoint);
  expect([sees(['chat-small']), sees(['embed']), sees(['*'])]).toEqual([true, false, true]);
});
