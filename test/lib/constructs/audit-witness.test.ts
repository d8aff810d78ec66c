import { describe, expect, it } from 'vitest';
import { AuditWitness } from '#lib/constructs/audit-witness.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { built } from '#test/lib/built.ts';

const config = checkedConfig({
  ...acme,
  audit: { enabled: true, retentionDays: 365, mode: 'compliance' },
  metrics: { budgetUsdPerMonth: 300 },
});

describe('AuditWitness', () => {
  const template = built((stack) => {
    new AuditWitness(stack, 'AuditWitness', { config });
  });

  it('signs by a key that no other role signs by, and that outlives it', () => {
    const [key] = Object.values(template.findResources('AWS::KMS::Key'));
    expect(key).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    });
    const statements: Record<string, unknown>[] = key?.Properties.KeyPolicy.Statement;
    const signing = statements.filter(({ Action }) => JSON.stringify(Action).includes('kms:Sign'));
    expect(signing).toMatchObject([
      { Sid: 'WitnessSigns', Condition: { ArnEquals: { 'aws:PrincipalArn': expect.anything() } } },
    ]);
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/acme-audit-roots' });
  });

  it('keeps roots in a locked bucket at home that it alone adds to, and of which nobody hides any', () => {
    const [bucket] = Object.values(template.findResources('AWS::S3::Bucket'));
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: 'acme-roots-111111111111-us-east-1',
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
      },
    });
    const [policy] = Object.values(template.findResources('AWS::S3::BucketPolicy'));
    const statements: Record<string, unknown>[] = policy?.Properties.PolicyDocument.Statement;
    const said = (sid: string) => statements.find(({ Sid }) => Sid === sid);
    expect(said('WitnessWritesAlone')).toMatchObject({
      Effect: 'Deny',
      Action: 's3:PutObject',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': expect.anything() } },
    });
    expect(said('NobodyHidesRoots')).toMatchObject({ Effect: 'Deny', Action: 's3:DeleteObject' });
    expect(said('NobodyHidesRoots')).not.toHaveProperty('Condition');
  });

  it('looks every five minutes, and is missed where it does not', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: 'acme-witness',
      ScheduleExpression: 'cron(0/5 * * * ? *)',
    });
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.map(({ Properties }) => Properties.AlarmName)).toEqual(
      expect.arrayContaining(['acme-witness-errors', 'acme-witness-silent']),
    );
  });

  it('names for good what outlives it', () => {
    expect(Object.keys(template.findResources('AWS::S3::Bucket'))).toEqual(['AuditWitnessBucketA7AA230E']);
    expect(Object.keys(template.findResources('AWS::KMS::Key'))).toEqual(['AuditWitnessKey8A183532']);
  });
});
