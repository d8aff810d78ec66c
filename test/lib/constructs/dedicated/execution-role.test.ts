import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '#core/dedicated/deployment.ts';
import { ExecutionRole, type ExecutionRoleProps } from '#lib/constructs/dedicated/execution-role.ts';
import { aSoundDeployment } from '#test/builders/a-deployment.ts';
import { built } from '#test/lib/built.ts';
import { identityStatements, statementOf } from '#test/lib/synthesized.ts';

const image = '763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:1';

const roleOf = (changes: Partial<Deployment> = {}, network?: ExecutionRoleProps['network']) =>
  built((stack) => {
    new ExecutionRole(stack, 'Execution', {
      deployment: aSoundDeployment(changes),
      image,
      logGroups: [new LogGroup(stack, 'Log')],
      ...(network === undefined ? {} : { network }),
    });
  });

describe('what SageMaker may do to start copies', () => {
  const kmsKeyArn = 'arn:aws:kms:us-east-1:111111111111:key/0123abcd';
  const weights = { from: 's3', uri: 's3://models/chat-small/v3/', kmsKeyArn } as const;

  it('is to fetch one image and the weights of one folder, and to write its own logs', () => {
    const template = roleOf({ weights });
    const sids = identityStatements(template).map(({ Sid }) => Sid);
    expect(sids).toEqual([
      'LogInToEcr',
      'PullImage',
      'ReadWeights',
      'ListWeights',
      'DecryptWeights',
      'WriteOwnLogs',
      'PutHostMetrics',
    ]);
    expect(statementOf(template, 'PullImage').Resource).toEqual([
      'arn:aws:ecr:us-east-1:763104351884:repository/djl-inference',
    ]);
    expect(statementOf(template, 'ReadWeights').Resource).toEqual(['arn:aws:s3:::models/chat-small/v3/*']);
    expect(statementOf(template, 'ListWeights')).toMatchObject({
      Resource: ['arn:aws:s3:::models'],
      Condition: { StringLike: { 's3:prefix': ['chat-small/v3/*'] } },
    });
    expect(statementOf(template, 'DecryptWeights').Resource).toEqual([kmsKeyArn]);
    expect(statementOf(template, 'PutHostMetrics').Condition).toEqual({
      StringEquals: {
        'cloudwatch:namespace': ['/aws/sagemaker/Endpoints', '/aws/sagemaker/InferenceComponents'],
      },
    });
  });

  it('is lent to SageMaker for this account alone', () => {
    roleOf().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'sagemaker.amazonaws.com' },
            Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111111111111' } },
          },
        ],
      },
    });
  });

  it('reads no bucket where weights come from the hub', () => {
    const revision = '0123456789abcdef0123456789abcdef01234567';
    const text = JSON.stringify(
      identityStatements(roleOf({ weights: { from: 'hugging-face', id: 'a/b', revision } })),
    );
    expect(text).not.toContain('s3:');
    expect(text).not.toContain('kms:');
  });

  it('attaches containers to the subnets and groups that it is told, and to no other', () => {
    const network = { subnets: ['subnet-01234567'], securityGroups: ['sg-01234567'] };
    expect(statementOf(roleOf({}, network), 'AttachContainers').Resource).toEqual([
      'arn:aws:ec2:us-east-1:111111111111:network-interface/*',
      'arn:aws:ec2:us-east-1:111111111111:security-group/sg-01234567',
      'arn:aws:ec2:us-east-1:111111111111:subnet/subnet-01234567',
    ]);
    expect(identityStatements(roleOf()).map(({ Sid }) => Sid)).not.toContain('AttachContainers');
  });
});
