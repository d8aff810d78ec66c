/** Queues of SQS, in the account and region of the client. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { houseError } from '#core/errors/catalogue.ts';
import type { ReceiveOptions, SendOptions, WorkMessage, WorkQueue } from '#usecases/ports/work-queue.ts';
import { translated } from './to-house-error.ts';

export interface SqsWorkQueueOptions {
  readonly client: SQSClient;
  /** Of one call, beyond the time that it was asked to wait. @default 5000 */
  readonly callMsMax?: number | undefined;
}

const CALL_MS_MAX = 5_000;
const SEND_MAX = 10;

export function createSqsWorkQueue(options: SqsWorkQueueOptions): WorkQueue {
  return new SqsWorkQueue(options);
}

class SqsWorkQueue implements WorkQueue {
  readonly #client: SQSClient;
  readonly #callMsMax: number;
  readonly #urls = new Map<string, string>();

  constructor({ client, callMsMax = CALL_MS_MAX }: SqsWorkQueueOptions) {
    this.#client = client;
    this.#callMsMax = callMsMax;
  }

  async send(
    queue: string,
    bodies: readonly string[],
    { delaySeconds = 0, owner }: SendOptions = {},
  ): Promise<void> {
    const QueueUrl = await this.#urlOf(queue);
    for (let start = 0; start < bodies.length; start += SEND_MAX) {
      const Entries = bodies.slice(start, start + SEND_MAX).map((MessageBody, index) => ({
        Id: String(index),
        MessageBody,
        DelaySeconds: delaySeconds,
        // Of a standard queue this is no order, but what makes it fair among groups.
        ...(owner === undefined ? {} : { MessageGroupId: owner }),
      }));
      const { Failed = [] } = await translated('SendMessageBatch', () =>
        this.#client.send(new SendMessageBatchCommand({ QueueUrl, Entries }), this.#limits()),
      );
      const [failed] = Failed;
      if (failed === undefined) continue;
      throw houseError(failed.SenderFault === true ? 'upstream_rejected' : 'upstream_unavailable', {
        message: `SendMessageBatch: ${Failed.length} of ${Entries.length} were not taken: ${failed.Code}`,
        facts: { operation: 'SendMessageBatch' },
      });
    }
  }

  async receive(queue: string, options: ReceiveOptions): Promise<readonly WorkMessage[]> {
    const { messagesMax, waitSeconds, hiddenSeconds, signal } = options;
    const call = new ReceiveMessageCommand({
      QueueUrl: await this.#urlOf(queue),
      MaxNumberOfMessages: messagesMax,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: hiddenSeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(waitSeconds * 1000 + this.#callMsMax)]);
    const { Messages = [] } = await translated('ReceiveMessage', () =>
      this.#client.send(call, { abortSignal }),
    );
    return Messages.flatMap(({ Body: body, ReceiptHandle: handle, Attributes }) =>
      body === undefined || handle === undefined
        ? []
        : [{ body, handle, receipts: Number(Attributes?.ApproximateReceiveCount ?? 1) }],
    );
  }

  async hide(queue: string, { handle }: WorkMessage, seconds: number): Promise<void> {
    const QueueUrl = await this.#urlOf(queue);
    const call = new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: handle,
      VisibilityTimeout: seconds,
    });
    await translated('ChangeMessageVisibility', () => this.#client.send(call, this.#limits()));
  }

  async remove(queue: string, { handle }: WorkMessage): Promise<void> {
    const call = new DeleteMessageCommand({ QueueUrl: await this.#urlOf(queue), ReceiptHandle: handle });
    await translated('DeleteMessage', () => this.#client.send(call, this.#limits()));
  }

  /** A queue's address never changes while it stands. */
  async #urlOf(queue: string): Promise<string> {
    const known = this.#urls.get(queue);
    if (known !== undefined) return known;
    const { QueueUrl } = await translated('GetQueueUrl', () =>
      this.#client.send(new GetQueueUrlCommand({ QueueName: queue }), this.#limits()),
    );
    if (QueueUrl === undefined) {
      const message = `GetQueueUrl: no address of ${queue}`;
      throw houseError('answer_malformed', { message, facts: { operation: 'GetQueueUrl' } });
    }
    this.#urls.set(queue, QueueUrl);
    return QueueUrl;
  }

  #limits(): { readonly abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(this.#callMsMax) };
  }
}
