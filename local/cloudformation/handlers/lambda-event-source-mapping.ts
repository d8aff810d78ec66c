import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { queueUrl } from '../../lambda/event-sources/queue-url.ts';
import type { Cloud } from '../cloud.ts';
import type { QueueMapping, StreamMapping } from '../parts/event-sources.ts';
import { accountOf, regionOf } from '../parts/service-access.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { tagsShape } from './kept-resource.ts';

/** What Lambda asks of the function's role before it makes a mapping. */
const neededActions: Readonly<Record<string, readonly string[]>> = {
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  dynamodb: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
};

const batchDefault: Readonly<Record<string, number>> = { sqs: 10, dynamodb: 100 };
/** SQS gives no more at a time; Lambda asks several times for more. */
const batchMax: Readonly<Record<string, number>> = { sqs: 10, dynamodb: 10_000 };
const concurrencyDefault = 5;

export const eventSourceMapping: ResourceHandler<Cloud> = {
  type: 'AWS::Lambda::EventSourceMapping',
  properties: {
    BatchSize: 'number',
    BisectBatchOnFunctionError: 'boolean',
    DestinationConfig: { OnFailure: { Destination: 'text' } },
    Enabled: 'boolean',
    EventSourceArn: 'text',
    FilterCriteria: { Filters: [{ Pattern: 'text' }] },
    FunctionName: 'text',
    FunctionResponseTypes: ['text'],
    MaximumBatchingWindowInSeconds: 'number',
    MaximumRecordAgeInSeconds: 'number',
    MaximumRetryAttempts: 'number',
    ParallelizationFactor: 'number',
    ScalingConfig: { MaximumConcurrency: 'number' },
    StartingPosition: 'text',
    Tags: tagsShape,
  },
  required: ['EventSourceArn', 'FunctionName'],
  createOnly: ['EventSourceArn', 'StartingPosition'],
  async create(request, cloud) {
    const id = request.nameOf(60);
    const settings = await prepared(request, cloud);
    cloud.sources.start(id, settings);
    return { physicalId: id, attributes: { Id: id } };
  },
  async update({ from, request }, cloud) {
    const settings = await prepared(request, cloud);
    await cloud.sources.stop(from.made.physicalId);
    cloud.sources.start(from.made.physicalId, settings);
    return from.made;
  },
  remove: ({ made }, { sources }) => sources.stop(made.physicalId),
};

async function prepared(request: ResourceRequest, cloud: Cloud): Promise<QueueMapping | StreamMapping> {
  const { properties } = request;
  const sourceArn = String(properties.EventSourceArn);
  const service = sourceArn.split(':')[2] ?? '';
  const actions = neededActions[service];
  if (actions === undefined)
    throw new Error(`EventSourceArn ${sourceArn}: no source of this kind is polled here`);
  const functionArn = cloud.functions.arnOf(String(properties.FunctionName), request);
  const { spec } = cloud.functions.find(functionArn);
  for (const action of actions) {
    const question = { action, resource: sourceArn, account: accountOf(sourceArn) };
    await cloud.access.require(spec.roleArn, question, regionOf(sourceArn));
  }
  const { Destination: failedArn } = ((properties.DestinationConfig as Json | undefined)?.OnFailure ??
    {}) as {
    Destination?: string;
  };
  if (failedArn !== undefined) {
    const question = { action: 'sqs:SendMessage', resource: failedArn, account: accountOf(failedArn) };
    await cloud.access.require(spec.roleArn, question, regionOf(failedArn));
  }
  if (service === 'dynamodb' && properties.StartingPosition !== 'LATEST') {
    throw new Error(
      `StartingPosition ${String(properties.StartingPosition)}: streams are read here from LATEST only`,
    );
  }
  if (service === 'sqs') await checkQueue(request, { sourceArn, timeoutSeconds: spec.timeoutSeconds }, cloud);
  const { roleArn } = spec;
  const batchSize = Number(properties.BatchSize ?? batchDefault[service]);
  const common = {
    sourceArn,
    functionArn,
    roleArn,
    batchSize: Math.min(batchSize, batchMax[service] ?? batchSize),
  };
  if (service === 'sqs') {
    const scaling = properties.ScalingConfig as Json | undefined;
    return {
      ...common,
      kind: 'queue',
      concurrencyMax: Number(scaling?.MaximumConcurrency ?? concurrencyDefault),
      reportsItemFailures: ((properties.FunctionResponseTypes ?? []) as string[]).includes(
        'ReportBatchItemFailures',
      ),
    };
  }
  const filters = ((properties.FilterCriteria as Json | undefined)?.Filters ?? []) as { Pattern: string }[];
  return {
    ...common,
    kind: 'stream',
    windowSeconds: Number(properties.MaximumBatchingWindowInSeconds ?? 0),
    retriesMax: Number(properties.MaximumRetryAttempts ?? 0),
    patterns: filters.map(({ Pattern }) => Pattern),
    failedArn,
  };
}

/** What Lambda refuses of a queue: a call that may outlast the time its messages are hidden, and a batch nobody gathers. */
async function checkQueue(
  { properties }: ResourceRequest,
  { sourceArn, timeoutSeconds }: { readonly sourceArn: string; readonly timeoutSeconds: number },
  { clients }: Cloud,
): Promise<void> {
  const { BatchSize = 0, MaximumBatchingWindowInSeconds = 0 } = properties;
  if (Number(BatchSize) > (batchMax.sqs ?? 0) && Number(MaximumBatchingWindowInSeconds) < 1) {
    throw new Error(`BatchSize ${String(BatchSize)} wants MaximumBatchingWindowInSeconds of 1 or more`);
  }
  const place = { account: accountOf(sourceArn), region: regionOf(sourceArn) };
  const asked = {
    QueueUrl: queueUrl(clients.endpoint, sourceArn),
    AttributeNames: ['VisibilityTimeout' as const],
  };
  const { Attributes } = await clients.sqs(place).send(new GetQueueAttributesCommand(asked));
  const hiddenSeconds = Number(Attributes?.VisibilityTimeout);
  if (hiddenSeconds >= timeoutSeconds) return;
  throw new Error(
    `Queue visibility timeout: ${hiddenSeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
  );
}
