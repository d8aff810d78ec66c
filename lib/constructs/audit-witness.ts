import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { auditRootBucketName, auditRootKeyAlias } from '#contract/resources.ts';
import { bundledConfig } from '../bundled-config.ts';
import { functionName, functionRoleName } from '../deployment-names.ts';
import { CONTROL_EVERY_SECONDS } from '../monitoring/alarm-settings.ts';
import { ScheduledFunctionAlarms } from '../monitoring/scheduled-function-alarms.ts';
import { grantWitness } from '../permissions/witness-chains.ts';
import { acknowledge } from './acknowledge.ts';
import { FunctionSchedule } from './function-schedule.ts';
import { administer } from './key-policy.ts';
import { SpillwayFunction } from './spillway-function.ts';

export interface AuditWitnessProps {
  readonly config: SpillwayConfig;
  /**
   * For the function's log: a key of home that CloudWatch Logs may use.
   * @default - a key of CloudWatch's own
   */
  readonly logKey?: IKey;
}

/**
 * Who says at home how far each audit trail is: a function that reads the heads of all gateway regions every five minutes, a key
 * that signs and never leaves KMS, and a locked bucket for what was signed. Nobody of a gateway's account reaches any of it.
 */
export class AuditWitness extends Construct {
  readonly key: Key;
  readonly bucket: Bucket;
  readonly witness: SpillwayFunction;

  constructor(scope: Construct, id: string, props: AuditWitnessProps) {
    super(scope, id);
    const { config, logKey } = props;
    const { name, home } = config;
    this.witness = new SpillwayFunction(this, 'Witness', {
      folder: 'witness',
      functionName: functionName(name, 'witness'),
      roleName: functionRoleName({ deployment: name, kind: 'witness', region: home.region }),
      description: 'Signs how far each audit trail is',
      configJson: bundledConfig(config),
      timeout: Duration.minutes(2),
      ...(logKey === undefined ? {} : { logKey }),
      // Two at a time would sign the same twice.
      reservedConcurrency: 1,
      keepsFailedCalls: true,
    });
    this.key = createKey(this, name);
    this.bucket = createBucket(this, config);
    grantWitness(this.witness, { config, key: this.key });
    denyOthers(this.bucket, this.witness);
    new FunctionSchedule(this, 'Schedule', {
      scheduleName: functionName(name, 'witness'),
      target: this.witness,
      everySeconds: CONTROL_EVERY_SECONDS,
    });
    new ScheduledFunctionAlarms(this, 'Alarms', {
      ...{ config, kind: 'witness', watched: this.witness },
    });
    acknowledgeFindings(this);
  }
}

/** Who owns the account says who administers the key, and the witness alone signs. */
function createKey(scope: AuditWitness, deployment: string): Key {
  const { account } = Stack.of(scope);
  const owner = new AccountPrincipal(account);
  const common = { principals: [owner], resources: ['*'] };
  return new Key(scope, 'Key', {
    description: 'Signs how far the audit trails are',
    alias: auditRootKeyAlias(deployment),
    keySpec: KeySpec.ECC_NIST_P256,
    keyUsage: KeyUsage.SIGN_VERIFY,
    policy: new PolicyDocument({
      statements: [
        administer(account),
        new PolicyStatement({
          ...common,
          sid: 'ReadPublicKey',
          actions: ['kms:GetPublicKey', 'kms:Verify'],
        }),
        new PolicyStatement({
          ...common,
          sid: 'WitnessSigns',
          actions: ['kms:Sign'],
          conditions: { ArnEquals: { 'aws:PrincipalArn': scope.witness.role.roleArn } },
        }),
      ],
    }),
    // What it signed is proved by it for as long as it stands.
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

function createBucket(scope: Construct, { name, home, audit }: SpillwayConfig): Bucket {
  const kept = Duration.days(audit.retentionDays);
  return new Bucket(scope, 'Bucket', {
    bucketName: auditRootBucketName(name, home.account, home.region),
    objectLockEnabled: true,
    objectLockDefaultRetention:
      audit.mode === 'compliance'
        ? ObjectLockRetention.compliance(kept)
        : ObjectLockRetention.governance(kept),
    versioned: true,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/** As with segments: nobody else writes there, and nobody hides what stands there. */
function denyOthers(bucket: Bucket, { role }: SpillwayFunction): void {
  const common = {
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    resources: [bucket.arnForObjects('*')],
  };
  bucket.addToResourcePolicy(
    new PolicyStatement({
      ...common,
      sid: 'WitnessWritesAlone',
      actions: ['s3:PutObject'],
      conditions: { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } },
    }),
  );
  bucket.addToResourcePolicy(
    new PolicyStatement({ ...common, sid: 'NobodyHidesRoots', actions: ['s3:DeleteObject'] }),
  );
}

function acknowledgeFindings({ bucket }: AuditWitness): void {
  const logged =
    'One role writes it, once for each key; nobody can delete what it wrote. Who read it is told by data events of CloudTrail where an organization keeps them.';
  acknowledge(bucket, {
    'AwsSolutions-S1': logged,
    'NIST.800.53.R5-S3BucketLoggingEnabled': logged,
    'NIST.800.53.R5-S3BucketReplicationEnabled':
      'Signed roots are for keeping elsewhere, outside of AWS too: spillway audit roots prints them.',
    'NIST.800.53.R5-S3DefaultEncryptionKMS':
      'Hashes, numbers and signatures: no secret, and worth the more the more people have them.',
  });
}
