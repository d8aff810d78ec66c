import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { expect, it } from 'vitest';
import { FrontDoor } from '#lib/constructs/front-door.ts';
import { built, someFunction } from '#test/lib/built.ts';

const bound = (choice: FrontDoor) =>
  built((stack) => {
    choice.bind(stack, 'Door', {
      name: 'acme-door',
      handler: someFunction(stack).lambda,
      timeout: Duration.minutes(5),
      logRetention: RetentionDays.SIX_MONTHS,
    });
  });

it.each([
  ['a REST API', FrontDoor.restApi(), { 'AWS::ApiGateway::RestApi': 1, 'AWS::Lambda::Url': 0 }],
  [
    'a function URL',
    FrontDoor.functionUrl({ signedBy: [] }),
    { 'AWS::ApiGateway::RestApi': 0, 'AWS::Lambda::Url': 1 },
  ],
])('makes %s, and what only that one takes', (_, choice, counts) => {
  const template = bound(choice);
  for (const [type, count] of Object.entries(counts)) template.resourceCountIs(type, count);
});

it('hands its options to the door', () => {
  const template = bound(FrontDoor.restApi({ firewall: { requestsPerAddressMax: 500 } }));
  const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
  expect(acl?.Properties.Name).toBe('acme-door');
  bound(FrontDoor.functionUrl({ signedBy: ['arn:aws:iam::111111111111:role/app'] })).resourceCountIs(
    'AWS::Lambda::ResourcePolicy',
    1,
  );
});
