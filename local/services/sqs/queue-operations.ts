import {
  type CreateQueueCommandInput,
  type DeleteQueueCommandInput,
  type GetQueueAttributesCommandInput,
  type GetQueueUrlCommandInput,
  InvalidAttributeName,
  InvalidAttributeValue,
  type ListQueuesCommandInput,
  type ListQueueTagsCommandInput,
  type PurgeQueueCommandInput,
  QueueDoesNotExist,
  QueueNameExists,
  type SetQueueAttributesCommandInput,
} from '@aws-sdk/client-sqs';
import type { CallContext, Operation } from '../../service.ts';
import { wholeNumber } from './batch.ts';
import { Queue } from './queue.ts';
import { type QueueSettings, readSettings, shownSettings } from './queue-settings.ts';
import { arnOf, checkQueueName, type Queues, urlOf } from './queues.ts';

/** Life and settings of queues. */
export function queueOperations(queues: Queues): Record<string, Operation> {
  return {
    CreateQueue: (input: CreateQueueCommandInput, context) => createQueue(queues, input, context),
    DeleteQueue: ({ QueueUrl }: DeleteQueueCommandInput, context) => {
      queues.remove(queues.reach(QueueUrl, context));
      return {};
    },
    PurgeQueue: ({ QueueUrl }: PurgeQueueCommandInput, context) => {
      queues.reach(QueueUrl, context).purge();
      return {};
    },
    GetQueueUrl: (input: GetQueueUrlCommandInput, context) => getQueueUrl(queues, input, context),
    ListQueues: (input: ListQueuesCommandInput, context) => listQueues(queues, input, context),
    GetQueueAttributes: ({ QueueUrl, AttributeNames }: GetQueueAttributesCommandInput, context) => {
      return { Attributes: attributesOf(queues.reach(QueueUrl, context), AttributeNames ?? []) };
    },
    SetQueueAttributes: ({ QueueUrl, Attributes }: SetQueueAttributesCommandInput, context) => {
      const queue = queues.reach(QueueUrl, context);
      queue.settings = checkRedrive(
        queues,
        queue.arn,
        readSettings(Attributes ?? {}, queue.settings.attributes),
      );
      queue.modifiedAtMs = Date.now();
      return {};
    },
    ListQueueTags: ({ QueueUrl }: ListQueueTagsCommandInput, context) => {
      return { Tags: queues.reach(QueueUrl, context).tags };
    },
  };
}

function createQueue(queues: Queues, input: CreateQueueCommandInput, context: CallContext): unknown {
  const name = input.QueueName ?? '';
  checkQueueName(name);
  const arn = arnOf(context, name);
  const settings = checkRedrive(queues, arn, readSettings(input.Attributes ?? {}));
  const existing = queues.named(context, name);
  if (existing !== undefined) checkSame(existing, input.Attributes ?? {});
  else {
    const queue = new Queue(arn, settings, Date.now());
    queue.tags = input.tags ?? {};
    queues.add(queue);
  }
  return { QueueUrl: urlOf(context, name) };
}

/** Creating a queue again is fine as long as it asks for nothing else than there is. */
function checkSame({ settings }: Queue, asked: Readonly<Record<string, string>>): void {
  const standing = shownSettings(settings);
  const other = Object.keys(asked).find((name) => asked[name] !== standing[name]);
  if (other === undefined) return;
  const message = `A queue already exists with the same name and a different value for attribute ${other}`;
  throw new QueueNameExists({ message, $metadata: {} });
}

/** A dead letter queue must stand, beside the queue it serves. */
function checkRedrive(queues: Queues, arn: string, settings: QueueSettings): QueueSettings {
  const target = settings.redrive?.deadLetterTargetArn;
  if (target === undefined) return settings;
  const beside = arn.slice(0, arn.lastIndexOf(':') + 1);
  if (target.startsWith(beside) && target !== arn && queues.byArn(target) !== undefined) return settings;
  const message = `Value for parameter RedrivePolicy is invalid. Reason: Dead letter target ${target} does not exist beside ${arn}.`;
  throw new InvalidAttributeValue({ message, $metadata: {} });
}

function getQueueUrl(queues: Queues, input: GetQueueUrlCommandInput, context: CallContext): unknown {
  const name = input.QueueName ?? '';
  const isOwn = (input.QueueOwnerAWSAccountId ?? context.account) === context.account;
  if (isOwn && queues.named(context, name) !== undefined) return { QueueUrl: urlOf(context, name) };
  throw new QueueDoesNotExist({ message: 'The specified queue does not exist.', $metadata: {} });
}

const pageMax = 1000;

function listQueues(queues: Queues, input: ListQueuesCommandInput, context: CallContext): unknown {
  const { QueueNamePrefix = '', NextToken } = input;
  const count = wholeNumber('MaxResults', input.MaxResults, { min: 1, max: pageMax, initial: pageMax });
  const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString();
  const found = queues.namesIn(context).filter((name) => name.startsWith(QueueNamePrefix) && name > after);
  const page = found.slice(0, count);
  const isPaged = input.MaxResults !== undefined && found.length > count;
  return {
    QueueUrls: page.map((name) => urlOf(context, name)),
    ...(isPaged ? { NextToken: Buffer.from(page.at(-1) ?? '').toString('base64url') } : {}),
  };
}

function attributesOf(queue: Queue, asked: readonly string[]): Record<string, string> {
  const { visible, inFlight, delayed } = queue.count(Date.now());
  const all: Record<string, string> = {
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAtMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAtMs / 1000)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ...shownSettings(queue.settings),
  };
  if (asked.includes('All')) return all;
  const unknown = asked.find((name) => !known.has(name) && all[name] === undefined);
  if (unknown !== undefined)
    throw new InvalidAttributeName({ message: `Unknown Attribute ${unknown}.`, $metadata: {} });
  return Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes(name)));
}

/** Attributes that a queue may be without. */
const known = new Set(['RedrivePolicy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'Policy']);
