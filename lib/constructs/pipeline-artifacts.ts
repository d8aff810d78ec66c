import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { logGroupPrefix } from '../deployment-names.ts';
import { acknowledge } from './acknowledge.ts';
import { accountKeyPolicy } from './key-policy.ts';

/** A stage goes back to what an earlier run handed on, for as long as that is kept. */
const KEPT = Duration.days(90);

/** What stages hand to each other, under a key of its own that also keeps the logs of builds. */
export class PipelineArtifacts extends Construct {
  readonly key: Key;
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { deployment }: { readonly deployment: string }) {
    super(scope, id);
    const { account, region } = Stack.of(this);
    this.key = new Key(this, 'Key', {
      description: `What the pipeline of ${deployment} hands on`,
      enableKeyRotation: true,
      policy: accountKeyPolicy(Stack.of(this)),
      // It opens nothing that a new run would not make again.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'KeepLogs',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${region}:${account}:log-group:${logGroupPrefix}${deployment}-waves-*`,
          },
        },
      }),
    );
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      lifecycleRules: [{ expiration: KEPT, noncurrentVersionExpiration: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledgeFindings(this.bucket);
  }

  /** Taking what was handed on. */
  grantTake(grantee: IGrantable & IConstruct): void {
    this.#grant(grantee, {
      sid: 'TakeArtifacts',
      onObjects: ['s3:GetObject', 's3:GetObjectVersion'],
      onKey: ['kms:Decrypt'],
    });
  }

  /** Taking, and handing on. */
  grantHandOn(grantee: IGrantable & IConstruct): void {
    this.#grant(grantee, {
      sid: 'HandOnArtifacts',
      onObjects: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
      onKey: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
    });
  }

  #grant(
    grantee: IGrantable & IConstruct,
    {
      sid,
      onObjects,
      onKey,
    }: { readonly sid: string; readonly onObjects: readonly string[]; readonly onKey: readonly string[] },
  ): void {
    const statements = [
      { sid, actions: [...onObjects], resources: [this.bucket.arnForObjects('*')] },
      {
        sid: 'FindArtifacts',
        actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'],
        resources: [this.bucket.bucketArn],
      },
      { sid: 'UseArtifactKey', actions: [...onKey], resources: [this.key.keyArn] },
    ];
    for (const statement of statements)
      grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
    const { bucket } = this;
    const logicalId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as never);
    acknowledge(grantee, {
      [`AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/*]`]:
        'CodePipeline names what stages hand on; the bucket holds nothing else.',
    });
  }
}

function acknowledgeFindings(bucket: Bucket): void {
  const logged =
    'Three roles of one pipeline use it; what they do is told by CloudTrail and the logs of builds.';
  acknowledge(bucket, {
    'AwsSolutions-S1': logged,
    'NIST.800.53.R5-S3BucketLoggingEnabled': logged,
    'NIST.800.53.R5-S3BucketReplicationEnabled': 'A run that lost what it handed on is begun again.',
  });
}
