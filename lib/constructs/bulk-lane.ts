import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { RECEIPTS_UNTIL_DEAD } from '#contract/batch-messages.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import {
  batchBucketName,
  batchKeys,
  batchQueueName,
  bulkQueueName,
  deadQueueName,
  tableName,
} from '#contract/resources.ts';
import { timeToLiveAttribute } from '#contract/table-keys.ts';
import { lifecycleDays } from '#core/batch/retention.ts';
import { bundledConfig } from '../bundled-config.ts';
import { functionName } from '../deployment-names.ts';
import { messagesWaiting, oldestMessageSeconds } from '../monitoring/queue-metrics.ts';
import { grantKeepBatches } from '../permissions/keep-batches.ts';
import type { Place } from '../places.ts';
import { acknowledge } from './acknowledge.ts';
import { BulkAlarms } from './bulk-alarms.ts';
import type { FunctionNetwork } from './gateway-network.ts';
import { accountKeyPolicy } from './key-policy.ts';
import { encryptionUnder, type IRegionKey } from './region-key.ts';
import { SpillwayFunction } from './spillway-function.ts';

export interface BulkLaneProps {
  readonly config: SpillwayConfig;
  /** Of the gateway: everything of the lane stands in its region and account. */
  readonly place: Place;
  /** Whose life the dispatcher leads, under whose role: what it calls is what a caller could have. */
  readonly gateway: SpillwayFunction;
  readonly logRetention: RetentionDays;
  /**
   * For the table and the dispatcher's log. Files have a key of their own.
   * @default - keys of DynamoDB's and CloudWatch's own
   */
  readonly key?: IRegionKey;
  /**
   * The VPC that the dispatcher stands in.
   * @default - none
   */
  readonly network?: FunctionNetwork;
}

/** The longest that a function may run: a dispatcher begins no calls that would not end in it. */
const TIMEOUT = Duration.minutes(15);
/** Longer than the window of a batch, so that no message is gone while its batch may still end. */
const MESSAGE_RETENTION = Duration.days(4);
const DEAD_RETENTION = Duration.days(14);

/**
 * Where calls wait that nobody waits for: files in a bucket under a key of its own, work in a queue per model, a
 * dispatcher that takes so much of it at a time, and a table that knows how far each batch is.
 */
export class BulkLane extends Construct {
  readonly bucket: Bucket;
  readonly key: Key;
  readonly table: TableV2;
  readonly queues: readonly Queue[];
  readonly deadQueue: Queue;
  readonly dispatcher: SpillwayFunction;
  readonly alarms: BulkAlarms;

  constructor(scope: Construct, id: string, props: BulkLaneProps) {
    super(scope, id);
    const { config, place, gateway, logRetention, key } = props;
    this.key = new Key(this, 'Key', {
      description: 'Files of batches: prompts and answers',
      enableKeyRotation: true,
      policy: accountKeyPolicy(Stack.of(this)),
      // What was written under it is readable for as long as it stands, and forgotten within thirty days.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket = createBucket(this, props, this.key);
    this.table = new TableV2(this, 'Table', {
      tableName: tableName(config.name, 'batches'),
      partitionKey: { name: batchKeys.partition, type: AttributeType.STRING },
      sortKey: { name: batchKeys.sort, type: AttributeType.STRING },
      timeToLiveAttribute,
      billing: Billing.onDemand(),
      encryption: encryptionUnder(key),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.deadQueue = new Queue(this, 'DeadQueue', {
      queueName: deadQueueName(config.name),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_RETENTION,
    });
    const batchQueue = createQueue(this, 'Queue', batchQueueName(config.name));
    const bulkQueues = new Map(
      Object.keys(config.models).map((model) => [
        model,
        createQueue(this, `Queue-${model}`, bulkQueueName(config.name, model)),
      ]),
    );
    this.queues = [batchQueue, ...bulkQueues.values()];
    acknowledge(this.deadQueue, {
      'Serverless-SQSRedrivePolicy':
        'It is itself the queue for what failed, and an alarm watches its depth.',
    });
    this.alarms = new BulkAlarms(this, 'Alarms', {
      ...{ config, batchQueue, bulkQueues, deadQueue: this.deadQueue },
    });
    this.dispatcher = new SpillwayFunction(this, 'Dispatcher', {
      folder: 'dispatch',
      functionName: functionName(config.name, 'dispatch'),
      sharesRoleOf: gateway,
      description: 'Calls the lines of batches',
      configJson: bundledConfig(config),
      timeout: TIMEOUT,
      memoryMebibytes: 1024,
      logRetention,
      ...(key === undefined ? {} : { logKey: key.key }),
      ...(props.network === undefined ? {} : { network: props.network }),
    });
    key?.grantUseTables(gateway);
    for (const queue of this.queues) this.dispatcher.lambda.addEventSource(workOf(queue, config));
    acknowledge(this.dispatcher.lambda, {
      'Serverless-LambdaEventSourceMappingDestination':
        'Lambda gives queues no such destination: what fails stays in its queue, and goes to the dead-letter queue in the end.',
    });
    grantKeepBatches(gateway, { config, place, key: this.key, queues: this.queues });
  }

  /** How many seconds the oldest work of each queue has waited: files to read first, then lines by model. */
  metricOldestWork(): readonly Metric[] {
    return this.queues.map(oldestMessageSeconds);
  }

  /** Work that failed in every try and waits for a person. */
  metricPutAside(): Metric {
    return messagesWaiting(this.deadQueue);
  }
}

function createQueue(lane: BulkLane, id: string, queueName: string): Queue {
  return new Queue(lane, id, {
    queueName,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    // Lambda asks for at least a function's timeout; a dispatcher at work makes it short, so that one that dies is soon
    // missed.
    visibilityTimeout: TIMEOUT,
    retentionPeriod: MESSAGE_RETENTION,
    deadLetterQueue: { queue: lane.deadQueue, maxReceiveCount: RECEIPTS_UNTIL_DEAD },
  });
}

/** One message at a time: each holds as many calls as a dispatcher may have under way. */
function workOf(queue: Queue, { batches }: SpillwayConfig): SqsEventSource {
  return new SqsEventSource(queue, {
    batchSize: 1,
    maxConcurrency: batches.dispatchersMax,
    reportBatchItemFailures: true,
  });
}

function createBucket(scope: Construct, { config, place }: BulkLaneProps, key: Key): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    bucketName: batchBucketName(config.name, place.account, place.region),
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    versioned: false,
    lifecycleRules: [
      {
        id: 'forget-prompts-and-answers',
        expiration: Duration.days(lifecycleDays(config.batches.retentionDays)),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledgeBucketFindings(bucket);
  return bucket;
}

function acknowledgeBucketFindings(bucket: Bucket): void {
  const logged =
    'Who stored, read or deleted which file stands in the log of the gateway; a log of its own would outlive what it tells of.';
  acknowledge(bucket, {
    'AwsSolutions-S1': logged,
    'NIST.800.53.R5-S3BucketLoggingEnabled': logged,
    'NIST.800.53.R5-S3BucketReplicationEnabled':
      'Prompts and answers stay in the region whose gateway took them; a batch that is lost can be handed in again.',
    'NIST.800.53.R5-S3BucketVersioningEnabled':
      'What a caller deleted is gone, and what has expired is forgotten; a version of it would be neither.',
  });
}
