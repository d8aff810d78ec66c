import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { expect, it } from 'vitest';
import type { SpillwayConfigInput } from '#contract/config.ts';
import { frontDoorOf, networkSourceOf } from '#lib/stacks/gateway-choices.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { built, someFunction } from '#test/lib/built.ts';

const doorOf = (changes: Partial<SpillwayConfigInput>, region: string) => {
  const choice = frontDoorOf(checkedConfig({ ...acme, ...changes }), shippedFacts, region);
  return built((stack) => {
    choice.bind(stack, 'Door', {
      name: 'acme-gateway',
      handler: someFunction(stack).lambda,
      timeout: Duration.minutes(5),
      logRetention: RetentionDays.SIX_MONTHS,
    });
  });
};
const zones = [{ account: '111111111111', id: 'Z0001', name: 'llm.example.com' }];

it('gives a gateway the names of the residencies that its region lies inside', () => {
  const domains = Object.values(
    doorOf({ frontDoor: { domain: { zones } } }, 'us-east-1').findResources('AWS::ApiGateway::DomainName'),
  );
  expect(domains.map(({ Properties }) => Properties.DomainName)).toEqual([
    'us-east-1.llm.example.com',
    'us.llm.example.com',
    'anywhere.llm.example.com',
  ]);
});

it('asks for the signatures of tenants and operators alike', () => {
  const role = (name: string) => `arn:aws:iam::222222222222:role/${name}`;
  const template = doorOf(
    {
      frontDoor: { kind: 'function-url', authorization: 'iam' },
      tenants: { app: { residencies: ['eu'], principals: [role('app')] } },
      operators: { principals: [role('ops')] },
    },
    'us-east-1',
  );
  const [policy] = Object.values(template.findResources('AWS::Lambda::ResourcePolicy'));
  const text = JSON.stringify(policy);
  expect([text.includes(role('app')), text.includes(role('ops'))]).toEqual([true, true]);
});

it('stands in a network only where one is named', () => {
  const config = checkedConfig({ ...acme, gatewayNetworks: { 'us-east-1': { create: {} } } });
  expect(networkSourceOf(config, 'us-east-1')).toBeDefined();
  expect(networkSourceOf(config, 'eu-west-1')).toBeUndefined();
});
