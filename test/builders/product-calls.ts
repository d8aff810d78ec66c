/**
 * Every call to AWS that the product's adapters make: who makes it, on what, and what for.
 *
 * A test holds them against the calls that stand in the source, so that a new call without an entry here, and so without a permission that was judged, fails by name.
 */
import {
  auditPartition,
  awakePartition,
  controlPartition,
  healthPartition,
  historyPartition,
  learnedPartition,
  observationPartition,
  signalPartition,
  verificationPartition,
} from '#contract/table-keys.ts';
import {
  bucketOf,
  type CallPlace,
  type CallUse,
  deployment,
  homePlace,
  listing,
  someModel as model,
  onObjects,
  onQueues,
  onTable,
  operator,
} from '#test/builders/call-uses.ts';

const signals = ({ region }: CallPlace) => [signalPartition(region)];
const health = () => [healthPartition];
const control = ({ region }: CallPlace) => [controlPartition(region)];
const observed = ({ account, region }: CallPlace) => [observationPartition(account, region)];
const ownPartition = { by: 'discover', table: 'observations', where: 'home', keys: observed } as const;
const here = { by: 'gateway', table: 'routes', where: 'here' } as const;
const published = { by: 'plan', table: 'routes', where: 'home' } as const;
const seen = { by: 'gateway', table: 'observations', where: 'home' } as const;
const proofs = { by: 'verify', table: 'observations', where: 'home' } as const;
const proofKeys = () => [verificationPartition];
const limits = { by: 'gateway', table: 'ledger', where: 'own' } as const;
const slots = { by: 'gateway', table: 'capacity', where: 'own' } as const;
const batches = { by: 'gateway', table: 'batches', where: 'own' } as const;
const atHome = { by: 'gateway', table: 'routes', where: 'home' } as const;

const table = (operation: string, ...uses: readonly Parameters<typeof onTable>[1][]): readonly CallUse[] =>
  uses.map((use) => onTable(operation, use));

/** The one endpoint of the configuration under test. */
const onEndpoint = (action: string, resource: string, purpose: string): CallUse => ({
  by: 'discover',
  for: purpose,
  at: ({ account, region }) =>
    account === homePlace.account && region === homePlace.region
      ? [{ action, resource: `arn:aws:sagemaker:${region}:${account}:${resource}` }]
      : [],
});

/** By file of src/adapters/aws and operation of the SDK. */
export const productCalls: Readonly<Record<string, Readonly<Record<string, readonly CallUse[]>>>> = {
  'account-probe.ts': {
    DescribeEndpoint: [operator('spillway doctor', 'sagemaker:DescribeEndpoint')],
    DescribeInferenceComponent: [operator('spillway doctor', 'sagemaker:DescribeInferenceComponent')],
    DescribeTable: [operator('spillway doctor', 'dynamodb:DescribeTable')],
    GetCallerIdentity: [operator('spillway doctor', 'sts:GetCallerIdentity')],
    GetFoundationModelAvailability: [operator('spillway doctor', 'bedrock:GetFoundationModelAvailability')],
    ListFoundationModels: [operator('spillway doctor', 'bedrock:ListFoundationModels')],
    ListInferenceProfiles: [operator('spillway doctor', 'bedrock:ListInferenceProfiles')],
    ListMetrics: [operator('spillway doctor', 'cloudwatch:ListMetrics')],
    ListServiceQuotas: [operator('spillway doctor', 'servicequotas:ListServiceQuotas')],
    Query: [operator('spillway doctor', 'dynamodb:Query')],
  },
  'audit-provisioner.ts': {
    CreateAlias: [operator('local mode', 'kms:CreateAlias')],
    CreateKey: [operator('local mode', 'kms:CreateKey')],
    GetPublicKey: [operator('local mode', 'kms:GetPublicKey')],
    PutObjectLockConfiguration: [operator('local mode', 's3:PutBucketObjectLockConfiguration')],
  },
  'bedrock-model-catalogue.ts': {
    GetFoundationModelAvailability: [
      listing('discover', 'what the account may use', 'bedrock:GetFoundationModelAvailability'),
    ],
    ListFoundationModels: [listing('discover', 'what the region offers', 'bedrock:ListFoundationModels')],
    ListInferenceProfiles: [listing('discover', 'what the region offers', 'bedrock:ListInferenceProfiles')],
  },
  'bulk-provisioner.ts': {
    PutBucketLifecycleConfiguration: [operator('local mode', 's3:PutLifecycleConfiguration')],
  },
  'cloudwatch-alarm-watch.ts': {
    DescribeAlarms: [operator('waves of a deployment', 'cloudwatch:DescribeAlarms')],
  },
  'cloudwatch-metric-reader.ts': {
    GetMetricData: [operator('spillway capacity plan', 'cloudwatch:GetMetricData')],
  },
  'cloudwatch-metric-sink.ts': {
    PutMetricData: (['discover', 'plan', 'verify'] as const).map((by) =>
      listing(by, 'what it did and saw', 'cloudwatch:PutMetricData', {
        'cloudwatch:namespace': 'Spillway/Availability',
      }),
    ),
  },
  'conditional-items.ts': {
    GetItem: table('GetItem', { ...slots, for: 'slots of targets' }, { ...limits, for: 'limits of tenants' }),
    UpdateItem: table('UpdateItem', { ...slots, for: 'slots of targets' }),
  },
  'create-bucket.ts': {
    CreateBucket: [operator('local mode', 's3:CreateBucket')],
  },
  'create-queues.ts': {
    CreateQueue: [operator('local mode', 'sqs:CreateQueue')],
    GetQueueAttributes: [operator('local mode', 'sqs:GetQueueAttributes')],
  },
  'dynamodb-batch-store.ts': {
    DeleteItem: table('DeleteItem', { ...batches, for: 'how far files and batches are' }),
    GetItem: table('GetItem', { ...batches, for: 'how far files and batches are' }),
    PutItem: table('PutItem', { ...batches, for: 'how far files and batches are' }),
    Query: table('Query', { ...batches, for: 'how far files and batches are' }),
  },
  // Judged with the trail that they serve.
  'dynamodb-chain-head-store.ts': { GetItem: [], PutItem: [] },
  'dynamodb-change-log.ts': {
    PutItem: table('PutItem', { ...ownPartition, for: 'what moved' }),
    Query: table('Query', { ...ownPartition, for: 'what moved' }),
  },
  // Functions call these with `state.controls` alone: test/lib/permissions/use-controls.test.ts has their permissions.
  'dynamodb-control-store.ts': {
    DeleteItem: [operator('orders, with state.controls', 'dynamodb:DeleteItem')],
    PutItem: [operator('orders, with state.controls', 'dynamodb:PutItem')],
    Query: [operator('orders, with state.controls', 'dynamodb:Query')],
  },
  'dynamodb-health-store.ts': {
    GetItem: table('GetItem', { ...here, for: 'shared health' }),
    PutItem: table('PutItem', { ...here, keys: health, for: 'shared health' }),
    Query: table('Query', { ...here, for: 'shared health' }),
  },
  'dynamodb-key-store.ts': {
    GetItem: [operator('spillway key revoke', 'dynamodb:GetItem')],
    PutItem: [operator('spillway key create', 'dynamodb:PutItem')],
    Scan: table('Scan', { by: 'gateway', table: 'tenants', where: 'here', for: 'API keys, as hashes' }),
  },
  'dynamodb-learned-store.ts': {
    GetItem: table('GetItem', {
      ...slots,
      keys: () => [learnedPartition('demo')],
      for: 'lengths of answers',
    }),
    UpdateItem: table('UpdateItem', { ...slots, for: 'lengths of answers, and chains' }),
  },
  'dynamodb-observation-store.ts': {
    BatchGetItem: table(
      'BatchGetItem',
      { ...seen, for: 'the availability board' },
      { ...seen, by: 'plan', for: 'what may become a route' },
      { ...proofs, for: 'what is to be proved' },
    ),
    PutItem: table('PutItem', { ...ownPartition, for: 'what the place can serve' }),
    Query: table('Query', { ...ownPartition, for: 'what it said last' }),
  },
  'dynamodb-operator-store.ts': {
    PutItem: table(
      'PutItem',
      { ...here, keys: control, for: 'a target switched off' },
      { ...here, keys: ({ region }) => [auditPartition(region)], for: 'the audit of an order' },
    ),
    Query: table('Query', { ...here, for: 'targets that are switched off' }),
  },
  'dynamodb-rate-ledger.ts': {
    GetItem: table('GetItem', { ...limits, for: 'limits of tenants' }),
    UpdateItem: table('UpdateItem', { ...limits, for: 'limits of tenants' }),
  },
  'dynamodb-refusal-ledger.ts': {
    DeleteItem: table('DeleteItem', { ...published, for: 'a refusal that is over' }),
    PutItem: table('PutItem', { ...published, for: 'a change that the guard refused' }),
    Query: table('Query', { ...published, for: 'changes that the guard refused' }),
  },
  'dynamodb-route-store.ts': {
    BatchWriteItem: table(
      'BatchWriteItem',
      { ...published, for: 'versions of a route' },
      { ...atHome, keys: () => [historyPartition(model)], for: 'an order: rolling back' },
    ),
    GetItem: table(
      'GetItem',
      { ...here, for: 'routes' },
      { ...published, for: 'routes' },
      { ...published, by: 'verify', for: 'routes' },
      { ...atHome, keys: () => [model], for: 'an order: rolling back' },
    ),
    PutItem: table(
      'PutItem',
      { ...published, for: 'publishing a route' },
      { ...here, keys: signals, for: 'what failed on the data path' },
      { ...atHome, keys: () => [model], for: 'an order: rolling back' },
      { ...atHome, keys: () => [controlPartition(homePlace.region)], for: 'an order: pinning' },
    ),
    Query: table(
      'Query',
      { ...here, for: 'routes' },
      { ...published, for: 'routes, history, holds, signals' },
      { ...published, by: 'verify', for: 'routes' },
      { ...atHome, keys: () => [historyPartition(model)], for: 'an order: rolling back' },
    ),
  },
  'dynamodb-table.ts': {},
  'dynamodb-table-keys.ts': {
    DescribeTable: [operator('waves of a deployment', 'dynamodb:DescribeTable')],
  },
  'dynamodb-verification-store.ts': {
    GetItem: table('GetItem', { ...proofs, keys: proofKeys, for: 'what was spent on proofs' }),
    PutItem: table('PutItem', { ...proofs, keys: proofKeys, for: 'proofs, and what they cost' }),
    Query: table(
      'Query',
      { ...proofs, for: 'proofs' },
      { ...seen, by: 'plan', for: 'proofs' },
      { ...seen, for: 'the availability board' },
    ),
  },
  'dynamodb-warm-store.ts': {
    GetItem: table('GetItem', { ...slots, keys: () => [awakePartition], for: 'targets that woke' }),
    UpdateItem: table('UpdateItem', { ...slots, keys: () => [awakePartition], for: 'targets that woke' }),
  },
  'endpoint-provisioner.ts': {
    CreateEndpoint: [operator('local mode', 'sagemaker:CreateEndpoint')],
    CreateEndpointConfig: [operator('local mode', 'sagemaker:CreateEndpointConfig')],
    CreateInferenceComponent: [operator('local mode', 'sagemaker:CreateInferenceComponent')],
    CreateModel: [operator('local mode', 'sagemaker:CreateModel')],
  },
  'kms-root-signer.ts': {
    GetPublicKey: [operator('spillway audit verify', 'kms:GetPublicKey')],
    // The witness’s own: test/builders/audit-calls.ts.
    Sign: [],
  },
  'prompt-path-probe.ts': {
    GetAccountDataRetention: [operator('spillway doctor', 'bedrock:GetAccountDataRetention')],
    GetGuardrail: [operator('spillway doctor', 'bedrock:GetGuardrail')],
    GetModelInvocationLoggingConfiguration: [
      operator('spillway doctor', 'bedrock:GetModelInvocationLoggingConfiguration'),
    ],
    ListBuckets: [operator('spillway doctor', 's3:ListAllMyBuckets')],
    ListEnforcedGuardrailsConfiguration: [
      operator('spillway doctor', 'bedrock:ListEnforcedGuardrailsConfiguration'),
    ],
    ListGuardrails: [operator('spillway doctor', 'bedrock:ListGuardrails')],
  },
  's3-object-store.ts': {
    AbortMultipartUpload: [onObjects('s3:AbortMultipartUpload', 'a file that was not brought to its end')],
    CompleteMultipartUpload: [onObjects('s3:PutObject', 'files of batches')],
    CreateMultipartUpload: [onObjects('s3:PutObject', 'files of batches')],
    DeleteObjects: [onObjects('s3:DeleteObject', 'files that nobody needs any more')],
    GetObject: [onObjects('s3:GetObject', 'files of batches')],
    ListObjectsV2: [
      {
        by: 'gateway',
        for: 'files that nobody needs any more',
        at: (place) => [{ action: 's3:ListBucket', resource: bucketOf(place) }],
      },
    ],
    PutObject: [onObjects('s3:PutObject', 'files of batches')],
    UploadPart: [onObjects('s3:PutObject', 'files of batches')],
  },
  's3-segment-store.ts': { GetObject: [], ListObjectVersions: [], PutObject: [] },
  'sagemaker-endpoint-inventory.ts': {
    DescribeEndpoint: [
      onEndpoint('sagemaker:DescribeEndpoint', 'endpoint/chat-small', 'endpoints of one’s own'),
    ],
    DescribeInferenceComponent: [
      onEndpoint(
        'sagemaker:DescribeInferenceComponent',
        'inference-component/chat-small-component',
        'components on endpoints of one’s own',
      ),
    ],
  },
  'service-quotas-inventory.ts': {
    ListServiceQuotas: [listing('discover', 'quotas of zero', 'servicequotas:ListServiceQuotas')],
  },
  'sqs-work-queue.ts': {
    ChangeMessageVisibility: [onQueues('sqs:ChangeMessageVisibility', 'work of batches')],
    DeleteMessage: [onQueues('sqs:DeleteMessage', 'work of batches')],
    GetQueueUrl: [onQueues('sqs:GetQueueUrl', 'work of batches')],
    ReceiveMessage: [onQueues('sqs:ReceiveMessage', 'work of batches')],
    SendMessageBatch: [onQueues('sqs:SendMessage', 'work of batches')],
  },
  'sts-access.ts': {
    AssumeRole: (['gateway', 'verify'] as const).map((by) => ({
      by,
      for: 'models of other accounts',
      at: ({ account }) =>
        ['111111111111', '222222222222', '333333333333']
          .filter((other) => other !== account)
          .map((other) => ({
            action: 'sts:AssumeRole',
            resource: `arn:aws:iam::${other}:role/${deployment}-gateway-access`,
            context: { 'sts:ExternalId': `spillway-${deployment}` },
          })),
    })),
  },
  'table-provisioner.ts': {
    CreateTable: [operator('local mode', 'dynamodb:CreateTable')],
    DescribeTable: [operator('local mode', 'dynamodb:DescribeTable')],
    PutResourcePolicy: [operator('local mode', 'dynamodb:PutResourcePolicy')],
    UpdateTable: [operator('local mode', 'dynamodb:UpdateTable')],
  },
};
