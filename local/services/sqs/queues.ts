import { QueueDoesNotExist } from '@aws-sdk/client-sqs';
import type { CallContext } from '../../service.ts';
import { invalidParameter } from './batch.ts';
import type { Queue } from './queue.ts';

/** Where a queue is: the same name in another account or region is another queue. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

const queueName = /^[A-Za-z0-9_-]{1,80}$/;

/** Every queue of every account and region. */
export class Queues {
  readonly #byArn = new Map<string, Queue>();

  named(place: Place, name: string): Queue | undefined {
    return this.#byArn.get(arnOf(place, name));
  }

  add(queue: Queue): void {
    this.#byArn.set(queue.arn, queue);
  }

  /** Removes a queue with its messages; who waits for one is let go. */
  remove(queue: Queue): void {
    this.#byArn.delete(queue.arn);
    queue.purge();
    queue.wake();
  }

  byArn(arn: string): Queue | undefined {
    return this.#byArn.get(arn);
  }

  /** Names of the queues of a place, in order. */
  namesIn(place: Place): string[] {
    const prefix = arnOf(place, '');
    const own = [...this.#byArn.keys()].filter((arn) => arn.startsWith(prefix));
    return own.map((arn) => arn.slice(prefix.length)).sort();
  }

  /** The queue that a URL of the caller's own account means, in the region that the call is signed for. */
  reach(url: string | undefined, context: CallContext): Queue {
    const { account, name } = readQueueUrl(url ?? '') ?? {};
    if (name === undefined) throw invalidParameter(`Value ${url} for parameter QueueUrl is invalid.`);
    const queue = account === context.account ? this.named(context, name) : undefined;
    if (queue !== undefined) return queue;
    const message = `The specified queue does not exist: ${name} of account ${account} in ${context.region}.`;
    throw new QueueDoesNotExist({ message, $metadata: {} });
  }
}

export function arnOf({ account, region }: Place, name: string): string {
  return `arn:aws:sqs:${region}:${account}:${name}`;
}

/** Account and name of a queue URL; its host means nothing, because the region comes from the signature. */
export function readQueueUrl(url: string): { account: string; name: string } | undefined {
  const [, account, name] = /\/(\d{12})\/([^/]+)$/.exec(url) ?? [];
  return account === undefined || name === undefined ? undefined : { account, name };
}

/** The URL under which the caller reaches a queue: on the host that it called. */
export function urlOf({ account, headers }: CallContext, name: string): string {
  return `http://${headers.host ?? headers[':authority'] ?? '127.0.0.1'}/${account}/${name}`;
}

/** Refuses names that no standard queue can have. */
export function checkQueueName(name: string): void {
  if (name.endsWith('.fifo'))
    throw invalidParameter('The local AWS offers standard queues only, no FIFO queues.');
  if (queueName.test(name)) return;
  throw invalidParameter(
    `The name of a queue can only include alphanumeric characters, hyphens, or underscores, 1 to 80 in length; it is '${name}'.`,
  );
}
