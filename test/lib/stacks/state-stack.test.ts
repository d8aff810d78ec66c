import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { keyRegions, StateStack } from '#lib/stacks/state-stack.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { normalized, type StatementJson, synthesized } from '#test/lib/synthesized.ts';

const { template } = synthesized();
const state = template('State-us-east-1');

interface Replica {
  readonly Region: string;
  readonly SSESpecification?: { readonly KMSMasterKeyId: unknown };
  readonly ResourcePolicy?: {
    readonly PolicyDocument: { readonly Statement: Parameters<typeof normalized>[0][] };
  };
}

function replicasOf(name: string, from = state): readonly Replica[] {
  const tables = Object.values(from.findResources('AWS::DynamoDB::GlobalTable'));
  return tables.find(({ Properties }) => Properties.TableName === name)?.Properties.Replicas ?? [];
}

function policyOf(name: string, region: string): readonly StatementJson[] {
  const replica = replicasOf(name).find(({ Region }) => Region === region);
  return (replica?.ResourcePolicy?.PolicyDocument.Statement ?? []).map(normalized);
}

describe('StateStack', () => {
  it('keeps tables when the stack goes, and pins the ids that CloudFormation knows them by', () => {
    const kept = {
      RoutesTableC26918F6: 'AWS::DynamoDB::GlobalTable',
      ObservationsTableA2C238FE: 'AWS::DynamoDB::GlobalTable',
      TenantsTable97BAC775: 'AWS::DynamoDB::GlobalTable',
    };
    const stateful = state.findResources('AWS::DynamoDB::GlobalTable');
    const types = Object.fromEntries(Object.entries(stateful).map(([id, resource]) => [id, resource.Type]));
    expect(types).toEqual(kept);
    for (const resource of Object.values(stateful)) {
      expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  it.each(['acme-routes', 'acme-observations', 'acme-tenants'])(
    'protects %s from deletion and can restore it to any second, in every region',
    (name) => {
      const replicas = replicasOf(name);
      expect(replicas.length).toBeGreaterThan(0);
      for (const replica of replicas) {
        expect(replica).toMatchObject({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        });
      }
    },
  );

  it('keys the tables as the contract says', () => {
    state.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      TableName: 'acme-routes',
      KeySchema: [
        { AttributeName: 'model', KeyType: 'HASH' },
        { AttributeName: 'residency', KeyType: 'RANGE' },
      ],
    });
    state.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      TableName: 'acme-observations',
      KeySchema: [
        { AttributeName: 'accountRegion', KeyType: 'HASH' },
        { AttributeName: 'item', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
    });
  });

  it('lets what says that it expires vanish', () => {
    for (const name of ['acme-routes', 'acme-observations'])
      state.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
        TableName: name,
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      });
  });

  it('encrypts every table in every region under a key of that region', () => {
    const home = { 'Fn::GetAtt': ['StateKey87F2E493', 'Arn'] };
    for (const name of ['acme-routes', 'acme-observations', 'acme-tenants'])
      for (const { Region, SSESpecification } of replicasOf(name))
        expect(SSESpecification?.KMSMasterKeyId).toEqual(
          Region === 'us-east-1' ? home : `arn:aws:kms:${Region}:111111111111:alias/acme-state`,
        );
  });

  it('replicates routes and keys to every gateway region and the region that stands by', () => {
    for (const name of ['acme-routes', 'acme-tenants'])
      expect(replicasOf(name).map(({ Region }) => Region)).toEqual([
        'ap-northeast-1',
        'eu-central-1',
        'eu-west-1',
        'us-east-1',
      ]);
    const standingBy = synthesized({ config: checkedConfig({ ...acme, standby: 'us-west-2' }) });
    const regions = replicasOf('acme-routes', standingBy.template('State-us-east-1')).map(
      ({ Region }) => Region,
    );
    expect(regions).toContain('us-west-2');
  });

  it('lets a gateway of another account read its region’s replica and tell what fails there', () => {
    const Resource = ['arn:aws:dynamodb:eu-central-1:111111111111:table/acme-routes'];
    const role = { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/acme-gateway-eu-central-1' };
    const [read, write, ...rest] = policyOf('acme-routes', 'eu-central-1');
    expect(rest).toEqual([]);
    expect(read).toMatchObject({ Resource, Condition: { ArnEquals: role } });
    expect(read?.Action.filter((action) => !/:(Batch)?(Get|Query|Scan)/.test(action))).toEqual([]);
    expect(write).toMatchObject({
      Resource,
      Action: ['dynamodb:PutItem'],
      Condition: {
        ArnEquals: role,
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['#signals#eu-central-1', '#health'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
  });

  it('lets a gateway of another account read its region’s keys and write none', () => {
    const [read, ...rest] = policyOf('acme-tenants', 'eu-central-1');
    expect(rest).toEqual([]);
    expect(read).toMatchObject({
      Action: ['dynamodb:Scan'],
      Resource: ['arn:aws:dynamodb:eu-central-1:111111111111:table/acme-tenants'],
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/acme-gateway-eu-central-1' },
      },
    });
  });

  it('opens no replica that only the home account reads', () => {
    expect(policyOf('acme-routes', 'us-east-1')).toEqual([]);
    expect(policyOf('acme-tenants', 'us-east-1')).toEqual([]);
  });

  it('lets discovery of another account write the partitions of its own account only', () => {
    const [write] = policyOf('acme-observations', 'us-east-1');
    expect(write).toMatchObject({
      Sid: 'WriteOwnObservations',
      Resource: ['arn:aws:dynamodb:us-east-1:111111111111:table/acme-observations'],
      Condition: {
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/acme-discover-*' },
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['$' + '{aws:PrincipalAccount}#*'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
  });

  it('lets gateways of other accounts read the observations and write none', () => {
    const read = policyOf('acme-observations', 'us-east-1').find(({ Sid }) => Sid === 'ReadObservations');
    expect(read?.Condition).toEqual({
      ArnEquals: {
        'aws:PrincipalArn': [
          'arn:aws:iam::222222222222:role/acme-gateway-eu-central-1',
          'arn:aws:iam::333333333333:role/acme-gateway-ap-northeast-1',
          'arn:aws:iam::222222222222:role/acme-gateway-eu-west-1',
        ],
      },
    });
    expect(read?.Action.filter((action) => !/:(Batch)?(Get|Query|Scan)/.test(action))).toEqual([]);
  });
});

describe('StateStack of what is there already', () => {
  const key = (region: string) =>
    `arn:aws:kms:${region}:111111111111:key/1c72e9ec-0000-4000-8000-000000000000`;
  const keys = { 'us-east-1': key('us-east-1'), 'eu-west-1': key('eu-west-1') };
  const stateOf = (changes: object) => {
    const config = checkedConfig({ ...acme, ...changes });
    const stack = new StateStack(new App({ builtinCloudFormationValidation: false }), 'State', { config });
    return { config, stack, template: Template.fromStack(stack) };
  };

  it('encrypts tables under keys of one’s own where there are any, and says what their policies must hold', () => {
    const { config, stack, template } = stateOf({ state: { keys } });
    expect(template.findResources('AWS::KMS::Key')).toEqual({});
    const used = replicasOf('acme-routes', template).map(
      ({ SSESpecification }) => SSESpecification?.KMSMasterKeyId,
    );
    expect(used).toEqual([
      'arn:aws:kms:ap-northeast-1:111111111111:alias/acme-state',
      'arn:aws:kms:eu-central-1:111111111111:alias/acme-state',
      keys['eu-west-1'],
      keys['us-east-1'],
    ]);
    expect(keyRegions(config)).toEqual(['ap-northeast-1', 'eu-central-1']);
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    expect(warnings.map(({ entry }) => String(entry.data))).toEqual([
      expect.stringMatching(
        /key\/1c72e9ec-0000-4000-8000-000000000000 is there already .*"Sid":"KeepTables".*"Sid":"DiscoveryWritesObservations"/,
      ),
      expect.stringMatching(/"Sid":"KeepLogs".*"Sid":"GatewaysReadTables"/),
    ]);
  });

  it('makes no table that it was told of', () => {
    const { template } = stateOf({ state: { existing: { routes: true } } });
    const names = Object.values(template.findResources('AWS::DynamoDB::GlobalTable')).map(
      ({ Properties }) => Properties.TableName,
    );
    expect(names).toEqual(['acme-tenants', 'acme-observations']);
  });
});
