import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import {
  AccountPrincipal,
  AnyPrincipal,
  Effect,
  type IGrantable,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AUDIT_RECEIPTS_UNTIL_DEAD } from '#contract/audit.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import {
  auditBucketName,
  auditDeadQueueName,
  auditKeys,
  auditQueueName,
  tableArn,
  tableName,
} from '#contract/resources.ts';
import { bundledConfig } from '../bundled-config.ts';
import { functionName, functionRoleName, witnessRoleArn } from '../deployment-names.ts';
import { messagesWaiting, oldestMessageSeconds } from '../monitoring/queue-metrics.ts';
import { grantSealAudit } from '../permissions/seal-audit.ts';
import type { Place } from '../places.ts';
import { acknowledge } from './acknowledge.ts';
import { AuditAlarms, unsentMetric } from './audit-alarms.ts';
import { accountKeyPolicy } from './key-policy.ts';
import { encryptionUnder, type IRegionKey } from './region-key.ts';
import { SpillwayFunction } from './spillway-function.ts';
import { auditHeadReadActions } from './table-access.ts';

export interface AuditTrailProps {
  readonly config: SpillwayConfig;
  /** Of the gateway: everything of the trail stands in its region and account. */
  readonly place: Place;
  readonly logRetention: RetentionDays;
  /**
   * For the table and the sealer's log. Segments have a key of their own.
   * @default - keys of DynamoDB's and CloudWatch's own
   */
  readonly key?: IRegionKey;
}

const TIMEOUT = Duration.minutes(1);
/** What AWS asks for of a queue whose messages come in batches: a sealer that died is missed by then. */
const HIDDEN = Duration.minutes(6);
/** As long as SQS keeps anything. */
const MESSAGE_RETENTION = Duration.days(14);
/** A record waits so long for others at most. */
const GATHER = Duration.seconds(30);
/** With what a record has of bytes at most, far below what one event holds. */
const RECORDS_MAX = 500;
/** The fewest that Lambda takes: two of them follow one chain, since a segment's place is taken once. */
const SEALERS_MAX = 2;

/**
 * Where decisions are recorded for good: a queue that gateways hand records to, a sealer that chains them, a bucket that
 * lets nobody delete what it wrote, and a table that knows how far the chain is.
 */
export class AuditTrail extends Construct {
  readonly bucket: Bucket;
  readonly key: Key;
  readonly table: TableV2;
  readonly queue: Queue;
  readonly deadQueue: Queue;
  readonly sealer: SpillwayFunction;
  readonly alarms: AuditAlarms;
  readonly #region: string;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    const { config, place, logRetention, key } = props;
    this.#region = place.region;
    this.key = new Key(this, 'Key', {
      description: 'Segments of the audit trail',
      enableKeyRotation: true,
      policy: accountKeyPolicy(Stack.of(this)),
      // What was written under it is readable for as long as it stands.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket = createBucket(this, props, this.key);
    this.table = createTable(this, props);
    this.deadQueue = createDeadQueue(this, config);
    this.queue = createQueue(this, config);
    this.alarms = new AuditAlarms(this, 'Alarms', {
      ...{ config, queue: this.queue, deadQueue: this.deadQueue, region: place.region },
    });
    this.sealer = new SpillwayFunction(this, 'Sealer', {
      folder: 'audit',
      functionName: functionName(config.name, 'audit'),
      roleName: functionRoleName({ deployment: config.name, kind: 'audit', region: place.region }),
      description: 'Chains records of decisions and locks them away',
      configJson: bundledConfig(config),
      timeout: TIMEOUT,
      logRetention,
      ...(key === undefined ? {} : { logKey: key.key }),
    });
    this.sealer.lambda.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: RECORDS_MAX,
        maxBatchingWindow: GATHER,
        maxConcurrency: SEALERS_MAX,
        reportBatchItemFailures: true,
      }),
    );
    grantSealAudit(this.sealer, { config, place, key: this.key });
    key?.grantUseTables(this.sealer);
    denyOtherWriters(this.bucket, this.sealer);
    denyHiding(this.bucket);
    acknowledgeFindings(this);
  }

  /** How many seconds the oldest record has waited to be sealed. */
  metricOldestUnsealed(): Metric {
    return oldestMessageSeconds(this.queue);
  }

  /** Messages whose records could not be sealed in any try, and wait for a person. */
  metricPutAside(): Metric {
    return messagesWaiting(this.deadQueue);
  }

  /** Records that the region's gateways could not hand over: each stands in their log. */
  metricUnsent(): Metric {
    return unsentMetric(this.#region);
  }

  /** Handing records over, and nothing else: a gateway cannot read, change or seal them. */
  grantHandOver(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'HandOverAuditRecords',
        actions: ['sqs:GetQueueUrl', 'sqs:SendMessage'],
        resources: [this.queue.queueArn],
      }),
    );
  }
}

function createBucket(scope: Construct, { config, place }: AuditTrailProps, key: Key): Bucket {
  const { retentionDays, mode } = config.audit;
  const kept = Duration.days(retentionDays);
  return new Bucket(scope, 'Bucket', {
    bucketName: auditBucketName(config.name, place.account, place.region),
    objectLockEnabled: true,
    objectLockDefaultRetention:
      mode === 'compliance' ? ObjectLockRetention.compliance(kept) : ObjectLockRetention.governance(kept),
    versioned: true,
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/** A segment that anybody else put there would hold up the chain. */
function denyOtherWriters(bucket: Bucket, sealer: SpillwayFunction): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'SealersWriteAlone',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: { ArnNotEquals: { 'aws:PrincipalArn': sealer.role.roleArn } },
    }),
  );
}

/**
 * A deletion that names no version needs no right to bypass a lock, and hides a segment under a mark. Deleting a version
 * is left to locks: it is also how such a mark is taken away again.
 */
function denyHiding(bucket: Bucket): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'NobodyHidesSegments',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:DeleteObject'],
      resources: [bucket.arnForObjects('*')],
    }),
  );
}

function createTable(scope: Construct, { config, place, key }: AuditTrailProps): TableV2 {
  const resourcePolicy = witnessPolicy(config, place);
  return new TableV2(scope, 'Table', {
    ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    tableName: tableName(config.name, 'audit'),
    partitionKey: { name: auditKeys.partition, type: AttributeType.STRING },
    sortKey: { name: auditKeys.sort, type: AttributeType.STRING },
    billing: Billing.onDemand(),
    encryption: encryptionUnder(key),
    deletionProtection: true,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/** The witness at home reads the head. Undefined where it belongs to the same account: its own policy says so then. */
function witnessPolicy(config: SpillwayConfig, { account, region }: Place): PolicyDocument | undefined {
  const { name, home } = config;
  if (account === home.account) return undefined;
  const statement = new PolicyStatement({
    sid: 'WitnessReadsHead',
    principals: [new AccountPrincipal(home.account)],
    actions: [...auditHeadReadActions],
    resources: [tableArn({ deployment: name, kind: 'audit', account, region })],
    conditions: { ArnEquals: { 'aws:PrincipalArn': witnessRoleArn(config) } },
  });
  return new PolicyDocument({ statements: [statement] });
}

function createDeadQueue(scope: Construct, { name }: SpillwayConfig): Queue {
  return new Queue(scope, 'DeadQueue', {
    queueName: auditDeadQueueName(name),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: MESSAGE_RETENTION,
  });
}

function createQueue(trail: AuditTrail, { name }: SpillwayConfig): Queue {
  return new Queue(trail, 'Queue', {
    queueName: auditQueueName(name),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    visibilityTimeout: HIDDEN,
    retentionPeriod: MESSAGE_RETENTION,
    deadLetterQueue: { queue: trail.deadQueue, maxReceiveCount: AUDIT_RECEIPTS_UNTIL_DEAD },
  });
}

function acknowledgeFindings({ bucket, deadQueue, sealer }: AuditTrail): void {
  const logged =
    'One role writes it, once for each key; nobody can delete what it wrote. Who read it is told by data events of CloudTrail where an organization keeps them.';
  acknowledge(bucket, {
    'AwsSolutions-S1': logged,
    'NIST.800.53.R5-S3BucketLoggingEnabled': logged,
    'NIST.800.53.R5-S3BucketReplicationEnabled': `Records of a residency stay in the region ${Stack.of(bucket).region} whose gateway decided.`,
  });
  acknowledge(deadQueue, {
    'Serverless-SQSRedrivePolicy': 'It is itself the queue for what failed, and an alarm watches its depth.',
  });
  acknowledge(sealer.lambda, {
    'Serverless-LambdaEventSourceMappingDestination':
      'Lambda gives queues no such destination: what fails stays in its queue, and goes to the dead-letter queue in the end.',
  });
}
