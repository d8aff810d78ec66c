import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { queueUrl } from '../../lambda/event-sources/queue-url.ts';
import type { Cloud } from '../cloud.ts';
import type { Made, ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { tagsShape } from './kept-resource.ts';

const settings = [
  'DelaySeconds',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
] as const;

export const queue: ResourceHandler<Cloud> = {
  type: 'AWS::SQS::Queue',
  properties: {
    DelaySeconds: 'number',
    KmsDataKeyReusePeriodSeconds: 'number',
    KmsMasterKeyId: 'text',
    MaximumMessageSize: 'number',
    MessageRetentionPeriod: 'number',
    QueueName: 'text',
    ReceiveMessageWaitTimeSeconds: 'number',
    RedrivePolicy: { deadLetterTargetArn: 'text', maxReceiveCount: 'number' },
    SqsManagedSseEnabled: 'boolean',
    Tags: tagsShape,
    VisibilityTimeout: 'number',
  },
  required: [],
  createOnly: ['QueueName'],
  async create(request, { clients }) {
    const name = String(request.properties.QueueName ?? request.nameOf(80));
    const { Tags = [] } = request.properties as { Tags?: { Key: string; Value: string }[] };
    const sqs = clients.sqs(request);
    const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
    const made = madeOf(request, name, clients.endpoint);
    const asked = new GetQueueAttributesCommand({ QueueUrl: made.physicalId, AttributeNames: ['QueueArn'] });
    const exists = await sqs.send(asked).then(
      () => true,
      () => false,
    );
    if (exists) throw new Error(`QueueAlreadyExists: ${made.attributes.Arn}`);
    await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: attributesOf(request.properties), tags }),
    );
    return made;
  },
  async update({ from, request }, { clients }) {
    const QueueUrl = from.made.physicalId;
    const Attributes = attributesOf(request.properties);
    await clients.sqs(request).send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    return from.made;
  },
  async remove({ request, made }, { clients }) {
    await clients.sqs(request).send(new DeleteQueueCommand({ QueueUrl: made.physicalId }));
  },
};

function madeOf({ account, region }: ResourceRequest, name: string, awsUrl: string): Made {
  const Arn = `arn:aws:sqs:${region}:${account}:${name}`;
  const QueueUrl = queueUrl(awsUrl, Arn);
  return { physicalId: QueueUrl, attributes: { Arn, QueueName: name, QueueUrl } };
}

function attributesOf(properties: Json): Record<string, string> {
  return Object.fromEntries(
    settings
      .filter((name) => properties[name] !== undefined)
      .map((name) => [
        name,
        typeof properties[name] === 'object' ? JSON.stringify(properties[name]) : String(properties[name]),
      ]),
  );
}
