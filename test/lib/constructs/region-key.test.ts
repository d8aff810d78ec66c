import { describe, expect, it } from 'vitest';
import { LedgerTable } from '#lib/constructs/ledger-table.ts';
import { RegionKey } from '#lib/constructs/region-key.ts';
import { built, home, someFunction } from '#test/lib/built.ts';
import { normalized, type StatementJson, statementOf } from '#test/lib/synthesized.ts';

const throughHere = { StringEquals: { 'kms:ViaService': ['dynamodb.us-east-1.amazonaws.com'] } };

describe('RegionKey', () => {
  const template = built((stack) => {
    const key = new RegionKey(stack, 'Own', {
      deployment: 'acme',
      description: 'For a test',
      alias: 'alias/acme-state',
      foreignReaders: [
        {
          sid: 'ReadTables',
          accounts: ['222222222222'],
          principals: { ArnEquals: ['arn:aws:iam::222222222222:role/acme-gateway-eu-west-1'] },
        },
      ],
    });
    new LedgerTable(stack, 'Ledger', { deployment: 'acme', ...home, key }).grantUse(someFunction(stack));
  });
  const [resource] = Object.values(template.findResources('AWS::KMS::Key'));
  const statements: readonly StatementJson[] = (resource?.Properties.KeyPolicy.Statement ?? []).map(
    normalized,
  );
  const statement = (sid: string) => statements.find(({ Sid }) => Sid === sid);

  it('turns by the year, outlives its stack and has a name for others', () => {
    expect(resource).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { EnableKeyRotation: true, Description: 'For a test' },
    });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/acme-state' });
  });

  it('lets its owner do everything with it but use it or grant its use', () => {
    const administer = statement('Administer')?.Action ?? [];
    expect(administer).toContain('kms:PutKeyPolicy');
    expect(administer.filter((action) => /crypt|GenerateDataKey|CreateGrant|\*/.test(action))).toEqual([]);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  });

  it('can be used through DynamoDB, by logs of the deployment, and by nobody else', () => {
    expect(statements.map(({ Sid }) => Sid)).toEqual(['Administer', 'KeepTables', 'KeepLogs', 'ReadTables']);
    expect(statement('KeepTables')?.Condition).toEqual(throughHere);
    expect(statement('KeepLogs')?.Condition).toEqual({
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn':
          'arn:aws:logs:us-east-1:111111111111:log-group:/spillway/acme-*',
      },
    });
  });

  it('lets named roles of other accounts read tables under it, and nothing else', () => {
    expect(statement('ReadTables')).toMatchObject({
      Action: ['kms:Decrypt'],
      Condition: {
        ...throughHere,
        ArnEquals: { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:role/acme-gateway-eu-west-1'] },
      },
    });
  });

  it('encrypts a table, whose users may use it through DynamoDB', () => {
    const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
    expect(table?.Properties).toMatchObject({
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [{ SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': [expect.any(String), 'Arn'] } } }],
    });
    expect(statementOf(template, 'UseTableKey')).toMatchObject({
      Action: ['kms:Decrypt'],
      Resource: [{ 'Fn::GetAtt': [expect.any(String), 'Arn'] }],
      Condition: throughHere,
    });
  });

  it('can be one that exists', () => {
    const keyArn = 'arn:aws:kms:us-east-1:111111111111:key/00000000-1111-2222-3333-444444444444';
    const existing = built((stack) => {
      const key = RegionKey.fromKeyArn(stack, 'Own', keyArn);
      new LedgerTable(stack, 'Ledger', { deployment: 'acme', ...home, key }).grantUse(someFunction(stack));
    });
    existing.resourceCountIs('AWS::KMS::Key', 0);
    existing.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [{ SSESpecification: { KMSMasterKeyId: keyArn } }],
    });
    expect(statementOf(existing, 'UseTableKey').Resource).toEqual([keyArn]);
  });
});
