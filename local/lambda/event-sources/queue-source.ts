/** A queue as the source of a function's events: polled with the function's own role, as Lambda does. */
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { LambdaError } from '../lambda-error.ts';
import type { LambdaHost } from '../lambda-host.ts';
import { roleCredentials } from '../role-credentials.ts';
import { failedItems } from './batch-failures.ts';
import { queueUrl } from './queue-url.ts';

export interface QueueSourceOptions {
  readonly host: LambdaHost;
  readonly functionArn: string;
  readonly queueArn: string;
  /** Of the function: it needs sqs:ReceiveMessage and DeleteMessage. */
  readonly roleArn: string;
  /** The stand-in's origin. */
  readonly awsUrl: string;
  /** At most 10 without a batching window. */
  readonly batchSize: number;
  /**
   * Batches at work at once, 2 or more.
   * @default 5 as many as Lambda begins with
   */
  readonly maximumConcurrency?: number;
  readonly reportBatchItemFailures: boolean;
  /** Told of what went wrong beside the function: a missing permission, a queue that is gone. */
  readonly onError?: (error: unknown) => void;
}

export interface EventSource {
  /** Takes nothing new; over when what is at work has ended. */
  close(): Promise<void>;
}

/** A poll that found nothing comes back after so long. */
const POLL_SECONDS = 2;
/** After what went wrong, so that a queue that is gone is not asked all the time. */
const ERROR_PAUSE_MS = 200;

export function openQueueSource(options: QueueSourceOptions): EventSource {
  const region = options.queueArn.split(':')[3] ?? '';
  const client = new SQSClient({
    ...{ region, endpoint: options.awsUrl, maxAttempts: 1 },
    credentials: roleCredentials(options.roleArn, 'event-source'),
  });
  const stop = new AbortController();
  const poll = async () => {
    while (!stop.signal.aborted) {
      try {
        await takeBatch(options, client, stop.signal);
      } catch (error) {
        if (stop.signal.aborted) return;
        options.onError?.(error);
        await new Promise((resolve) => setTimeout(resolve, ERROR_PAUSE_MS));
      }
    }
  };
  const polls = Array.from({ length: options.maximumConcurrency ?? 5 }, poll);
  return {
    close: async () => {
      stop.abort();
      await Promise.all(polls);
      client.destroy();
    },
  };
}

/** What fails stays in the queue, and comes again when it is visible again. */
async function takeBatch(options: QueueSourceOptions, client: SQSClient, signal: AbortSignal): Promise<void> {
  const QueueUrl = queueUrl(options.awsUrl, options.queueArn);
  const receive = new ReceiveMessageCommand({
    ...{ QueueUrl, MaxNumberOfMessages: options.batchSize, WaitTimeSeconds: POLL_SECONDS },
    ...{ MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] },
  });
  const { Messages = [] } = await client.send(receive, { abortSignal: signal });
  if (Messages.length === 0) return;
  const ids = Messages.map(({ MessageId = '' }) => MessageId);
  const failed = await answered(options, Messages, ids);
  const done = Messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
  if (done.length === 0) return;
  const entries = done.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
  await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: entries }));
}

async function answered(
  { host, functionArn, queueArn, reportBatchItemFailures }: QueueSourceOptions,
  messages: readonly Message[],
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const event = JSON.stringify({ Records: messages.map((message) => recordOf(message, queueArn)) });
  try {
    return failedItems(ids, await host.invoke(functionArn, event), reportBatchItemFailures);
  } catch (error) {
    if (error instanceof LambdaError && error.status === 429) return new Set(ids);
    throw error;
  }
}

function recordOf(message: Message, queueArn: string): object {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: message.MessageAttributes ?? {},
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3],
  };
}
