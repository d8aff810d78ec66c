import { randomUUID } from 'node:crypto';
import {
  BatchRequestTooLong,
  type ChangeMessageVisibilityBatchCommandInput,
  type ChangeMessageVisibilityCommandInput,
  type DeleteMessageBatchCommandInput,
  type DeleteMessageCommandInput,
  InvalidMessageContents,
  KmsNotFound,
  MessageNotInflight,
  ReceiptHandleIsInvalid,
  type SendMessageBatchCommandInput,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import type { CallContext, Operation } from '../../service.ts';
import { invalidParameter, runBatch, wholeNumber } from './batch.ts';
import { md5OfAttributes, md5OfBody, messageBytes } from './message.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';
import { receiveMessage } from './receive-message.ts';

/** Ways of messages through queues. */
export function messageOperations(queues: Queues): Record<string, Operation> {
  return {
    SendMessage: (input: SendMessageCommandInput, context) =>
      send(queues.reach(input.QueueUrl, context), input, context),
    SendMessageBatch: (input: SendMessageBatchCommandInput, context) => {
      const queue = queues.reach(input.QueueUrl, context);
      checkBatchBytes(input, queue);
      return runBatch(input.Entries, (entry) => send(queue, entry, context));
    },
    ReceiveMessage: (input, context) => receiveMessage(queues, input, context),
    DeleteMessage: (input: DeleteMessageCommandInput, context) =>
      deleteMessage(queues.reach(input.QueueUrl, context), input),
    DeleteMessageBatch: (input: DeleteMessageBatchCommandInput, context) => {
      const queue = queues.reach(input.QueueUrl, context);
      return runBatch(input.Entries, (entry) => deleteMessage(queue, entry));
    },
    ChangeMessageVisibility: (input: ChangeMessageVisibilityCommandInput, context) =>
      changeVisibility(queues.reach(input.QueueUrl, context), input),
    ChangeMessageVisibilityBatch: (input: ChangeMessageVisibilityBatchCommandInput, context) => {
      const queue = queues.reach(input.QueueUrl, context);
      return runBatch(input.Entries, (entry) => changeVisibility(queue, entry));
    },
  };
}

type Sending = Omit<SendMessageCommandInput, 'QueueUrl'>;

const delaySecondsMax = 900;
const groupIdForm = /^[\x21-\x7e]{1,128}$/;
/** What SQS takes: XML 1.0's characters. */
const bodyForm = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$/u;

function send(queue: Queue, input: Sending, context: CallContext) {
  const { MessageBody: body = '', MessageAttributes: attributes = {}, MessageGroupId: groupId } = input;
  const { settings } = queue;
  checkSending(input);
  const bytes = messageBytes(body, attributes);
  if (bytes > settings.messageBytesMax) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${settings.messageBytesMax} bytes; it has ${bytes}.`,
    );
  }
  checkKey(settings.kmsKeyId, context.region);
  const bounds = { min: 0, max: delaySecondsMax, initial: settings.delayMs / 1000 };
  const delayMs = wholeNumber('DelaySeconds', input.DelaySeconds, bounds) * 1000;
  const id = randomUUID();
  const traceHeader = input.MessageSystemAttributes?.AWSTraceHeader?.StringValue;
  queue.send(
    { id, body, attributes, senderId: context.caller.arn, sentAtMs: Date.now(), groupId, traceHeader },
    delayMs,
  );
  return {
    MessageId: id,
    MD5OfMessageBody: md5OfBody(body),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
  };
}

function checkSending({
  MessageBody: body = '',
  MessageGroupId: groupId,
  MessageDeduplicationId,
}: Sending): void {
  if (MessageDeduplicationId !== undefined)
    throw invalidParameter('MessageDeduplicationId is for FIFO queues, which the local AWS does not offer.');
  if (groupId !== undefined && !groupIdForm.test(groupId))
    throw invalidParameter(`Value ${groupId} for parameter MessageGroupId is invalid.`);
  if (body !== '' && bodyForm.test(body)) return;
  const message = `A message body must not be empty and hold characters of XML 1.0 only.`;
  throw new InvalidMessageContents({ message, $metadata: {} });
}

/** Keys are regional: a message cannot be encrypted under another region's. */
function checkKey(keyId: string | undefined, region: string): void {
  const keyRegion = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):/.exec(keyId ?? '')?.[1];
  if (keyRegion === undefined || keyRegion === region) return;
  throw new KmsNotFound({ message: `Invalid arn ${keyRegion}: the queue is in ${region}.`, $metadata: {} });
}

function checkBatchBytes({ Entries = [] }: SendMessageBatchCommandInput, { settings }: Queue): void {
  const sizes = Entries.map((entry) => messageBytes(entry.MessageBody ?? '', entry.MessageAttributes ?? {}));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes <= settings.messageBytesMax) return;
  const message = `Batch requests cannot be longer than ${settings.messageBytesMax} bytes. You have sent ${bytes} bytes.`;
  throw new BatchRequestTooLong({ message, $metadata: {} });
}

function deleteMessage(queue: Queue, { ReceiptHandle = '' }: { ReceiptHandle?: string | undefined }): object {
  if (queue.delete(ReceiptHandle) === 'bad-handle') throw badHandle(ReceiptHandle);
  return {};
}

const visibilitySecondsMax = 43_200;

function changeVisibility(
  queue: Queue,
  {
    ReceiptHandle = '',
    VisibilityTimeout,
  }: { ReceiptHandle?: string | undefined; VisibilityTimeout?: number | undefined },
): object {
  const bounds = { min: 0, max: visibilitySecondsMax, initial: queue.settings.visibilityMs / 1000 };
  const visibilityMs = wholeNumber('VisibilityTimeout', VisibilityTimeout, bounds) * 1000;
  const outcome = queue.changeVisibility(ReceiptHandle, { visibilityMs, nowMs: Date.now() });
  if (outcome === 'bad-handle') throw badHandle(ReceiptHandle);
  if (outcome === 'changed') return {};
  throw new MessageNotInflight({ message: 'The specified message is not in flight.', $metadata: {} });
}

function badHandle(handle: string): Error {
  return new ReceiptHandleIsInvalid({
    message: `The input receipt handle "${handle}" is not a valid receipt handle.`,
    $metadata: {},
  });
}
