import type { ReceiveMessageCommandInput, Message as ShownMessage } from '@aws-sdk/client-sqs';
import type { CallContext } from '../../service.ts';
import { wholeNumber } from './batch.ts';
import {
  type Message,
  type MessageAttributes,
  md5OfAttributes,
  md5OfBody,
  receiptHandleOf,
} from './message.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

const countMaxOfAws = 10;
const waitSecondsMax = 20;
const visibilitySecondsMax = 43_200;

/** Answers at once with what is there, or when something comes, at the latest when the wait is over. */
export async function receiveMessage(
  queues: Queues,
  input: ReceiveMessageCommandInput,
  context: CallContext,
): Promise<{ Messages?: ShownMessage[] }> {
  const queue = queues.reach(input.QueueUrl, context);
  const receipt = receiptOf(input, queue);
  const waitBounds = { min: 0, max: waitSecondsMax, initial: queue.settings.waitMs / 1000 };
  const waitMs = wholeNumber('WaitTimeSeconds', input.WaitTimeSeconds, waitBounds) * 1000;
  const untilMs = Date.now() + waitMs;
  for (;;) {
    const nowMs = Date.now();
    // A caller that has left would hold its messages in flight for nothing.
    if (context.signal.aborted) return {};
    const { redrive } = queue.settings;
    const deadLetters = redrive && queues.byArn(redrive.deadLetterTargetArn);
    const receivesMax =
      deadLetters === undefined ? Number.POSITIVE_INFINITY : (redrive?.maxReceiveCount ?? 0);
    const { messages, dead } = queue.receive({ ...receipt, nowMs, receivesMax });
    for (const message of dead) deadLetters?.bury(message, queue.arn, nowMs);
    if (messages.length > 0) return { Messages: messages.map((message) => shown(message, input)) };
    const stands = queues.byArn(queue.arn) === queue;
    if (nowMs >= untilMs || !stands) return {};
    await queue.change({ untilMs, nowMs, signal: context.signal });
  }
}

function receiptOf(
  { MaxNumberOfMessages, VisibilityTimeout }: ReceiveMessageCommandInput,
  { settings }: Queue,
) {
  const countBounds = { min: 1, max: countMaxOfAws, initial: 1 };
  const visibilityBounds = { min: 0, max: visibilitySecondsMax, initial: settings.visibilityMs / 1000 };
  return {
    countMax: wholeNumber('MaxNumberOfMessages', MaxNumberOfMessages, countBounds),
    visibilityMs: wholeNumber('VisibilityTimeout', VisibilityTimeout, visibilityBounds) * 1000,
  };
}

function shown(message: Message, input: ReceiveMessageCommandInput): ShownMessage {
  const asked = [...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])] as string[];
  const system = Object.entries(systemAttributes(message)).filter(
    ([name, value]) => value !== undefined && (asked.includes('All') || asked.includes(name)),
  ) as [string, string][];
  const attributes = pick(message.attributes, input.MessageAttributeNames ?? []);
  const hasAttributes = Object.keys(attributes).length > 0;
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandleOf(message),
    Body: message.body,
    MD5OfBody: md5OfBody(message.body),
    ...(system.length > 0 ? { Attributes: Object.fromEntries(system) } : {}),
    ...(hasAttributes
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }
      : {}),
  };
}

function systemAttributes(message: Message): Record<string, string | undefined> {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAtMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    MessageGroupId: message.groupId,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
}

function pick(attributes: MessageAttributes, asked: readonly string[]): MessageAttributes {
  const fits = (name: string) =>
    asked.some(
      (wish) =>
        wish === 'All' || wish === name || (wish.endsWith('.*') && name.startsWith(wish.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => fits(name)));
}
