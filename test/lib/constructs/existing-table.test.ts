import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ObservationsTable } from '#lib/constructs/observations-table.ts';
import { RoutesTable } from '#lib/constructs/routes-table.ts';
import { TenantsTable } from '#lib/constructs/tenants-table.ts';
import { home } from '#test/lib/built.ts';

const roleArn = 'arn:aws:iam::222222222222:role/acme-gateway-eu-west-1';
const foreignGateways = [{ account: '222222222222', region: 'eu-west-1', roleArn }];

function warningsOf(build: (stack: Stack) => void): readonly string[] {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack', { env: home });
  build(stack);
  expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data));
}

describe('a table that is there already', () => {
  it('is not made, and synth says what each replica’s policy must hold', () => {
    const warnings = warningsOf((stack) => {
      const props = {
        deployment: 'acme',
        ...home,
        replicaRegions: ['eu-west-1', 'eu-west-2'],
        foreignGateways,
      };
      const routes = RoutesTable.fromDeployment(stack, 'Routes', props);
      expect(routes.table.tableName).toBe('acme-routes');
      TenantsTable.fromDeployment(stack, 'Tenants', props);
    });
    const table = 'arn:aws:dynamodb:eu-west-1:111111111111:table/acme-tenants';
    const statement = {
      Action: 'dynamodb:Scan',
      Condition: { ArnEquals: { 'aws:PrincipalArn': roleArn } },
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Resource: table,
      Sid: 'ReadKeys222222222222',
    };
    expect(warnings).toEqual([
      expect.stringMatching(
        /^arn:aws:dynamodb:eu-west-1:111111111111:table\/acme-routes is there already .*"Sid":"TellWhatFails222222222222"/,
      ),
      expect.stringContaining(
        `${table} is there already and is not changed: its resource policy must hold [${JSON.stringify(statement)}]`,
      ),
    ]);
  });

  it('needs no policy where no other account uses it', () => {
    expect(
      warningsOf((stack) => {
        RoutesTable.fromDeployment(stack, 'Routes', {
          deployment: 'acme',
          ...home,
          replicaRegions: ['eu-west-1'],
        });
      }),
    ).toEqual([]);
  });

  it('tells plan by the stream that it was given', () => {
    const streamArn =
      'arn:aws:dynamodb:us-east-1:111111111111:table/acme-observations/stream/2026-11-22T08:00:00.000';
    const warnings = warningsOf((stack) => {
      const observations = ObservationsTable.fromDeployment(stack, 'Observations', {
        ...{ deployment: 'acme', ...home, streamArn },
        foreignAccounts: ['222222222222'],
      });
      expect(observations.streamArn).toBe(streamArn);
    });
    expect(warnings).toEqual([expect.stringContaining('"Sid":"WriteOwnObservations"')]);
  });
});
