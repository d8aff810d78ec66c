import { User } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { grantUseControls } from '#lib/permissions/use-controls.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { built } from '#test/lib/built.ts';

const controls = { regions: ['us-east-1', 'us-east-2', 'us-west-2'] };
const operators = { principals: ['arn:aws:iam::111111111111:role/ops'] };

function statementsOf(changes: Parameters<typeof acmeConfig>[0]) {
  const template = built((stack) => {
    grantUseControls(new User(stack, 'Gateway'), acmeConfig(changes), 'us-west-2');
  });
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

const arn = (region: string) => `arn:aws:dynamodb:${region}:111111111111:table/acme-controls`;

it('grants nothing where no words are kept strongly consistent', () => {
  expect(statementsOf({ operators })).toEqual([]);
});

it('lets a gateway read the copy of its region', () => {
  expect(statementsOf({ state: { controls } })).toMatchObject([
    { Sid: 'ReadControls', Action: 'dynamodb:Query', Resource: arn('us-west-2') },
  ]);
});

it('lets one that is operated say its own words there and those of home at home, and no others', () => {
  const said = statementsOf({ state: { controls }, operators })
    .filter(({ Sid }) => Sid.startsWith('SayControls'))
    .map(({ Resource, Condition }) => [
      Resource,
      Condition['ForAllValues:StringEquals']['dynamodb:LeadingKeys'],
    ]);
  expect(said).toEqual([
    [arn('us-west-2'), ['us-west-2']],
    [arn('us-east-1'), ['us-east-1']],
  ]);
});
