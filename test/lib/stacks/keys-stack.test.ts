import { describe, expect, it } from 'vitest';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { normalized, type StatementJson, synthesized } from '#test/lib/synthesized.ts';

const { assembly, template } = synthesized();

function keyPolicy(id: string, from = template): readonly StatementJson[] {
  const [key] = Object.values(from(id).findResources('AWS::KMS::Key'));
  return (key?.Properties.KeyPolicy.Statement ?? []).map(normalized);
}

const readers = (id: string) =>
  keyPolicy(id).filter(({ Sid }) => !['Administer', 'KeepTables', 'KeepLogs'].includes(Sid ?? ''));

describe('KeysStack', () => {
  it('stands in the home account, in each region that has a replica, before the tables', () => {
    const keys = assembly.stacks.filter(({ hierarchicalId }) => hierarchicalId.startsWith('Keys-'));
    expect(keys.map(({ environment }) => environment.name).sort()).toEqual([
      'aws://111111111111/ap-northeast-1',
      'aws://111111111111/eu-central-1',
      'aws://111111111111/eu-west-1',
    ]);
    const state = assembly.getStackByName('acme-State-us-east-1');
    const before = state.dependencies.map(({ id }) => id);
    expect(before).toEqual(expect.arrayContaining(keys.map(({ id }) => id)));
  });

  it('keeps its key when the stack goes, under the name by which tables and roles know it', () => {
    const frankfurt = template('Keys-eu-central-1');
    const [key] = Object.values(frankfurt.findResources('AWS::KMS::Key'));
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(Object.keys(frankfurt.findResources('AWS::KMS::Key'))).toEqual(['StateKey87F2E493']);
    frankfurt.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/acme-state' });
  });

  it('lets a region’s own gateways of other accounts read, and nobody else', () => {
    expect(readers('Keys-eu-central-1')).toMatchObject([
      {
        Action: ['kms:Decrypt'],
        Condition: {
          StringEquals: { 'kms:ViaService': ['dynamodb.eu-central-1.amazonaws.com'] },
          ArnEquals: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/acme-gateway-eu-central-1'] },
        },
      },
    ]);
    const alone = synthesized({ config: checkedConfig({ ...acme, standby: 'us-west-2' }) });
    expect(keyPolicy('Keys-us-west-2', alone.template).map(({ Sid }) => Sid)).toEqual([
      'Administer',
      'KeepTables',
      'KeepLogs',
    ]);
  });

  it('lets gateways and discovery of all accounts use the key at home, through DynamoDB', () => {
    expect(readers('State-us-east-1').map(({ Sid, Action }) => [Sid, Action])).toEqual([
      ['GatewaysReadTables', ['kms:Decrypt']],
      ['DiscoveryWritesObservations', ['kms:Decrypt']],
    ]);
    for (const { Condition } of readers('State-us-east-1'))
      expect(Condition.StringEquals).toEqual({ 'kms:ViaService': ['dynamodb.us-east-1.amazonaws.com'] });
  });
});
