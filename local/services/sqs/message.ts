import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;

/** What a sender gave. */
export interface SentMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly senderId: string;
  readonly sentAtMs: number;
  readonly groupId: string | undefined;
  readonly traceHeader: string | undefined;
}

/** A message in a queue. Only the queue it stands in changes it. */
export interface Message extends SentMessage {
  receiveCount: number;
  firstReceivedAtMs: number | undefined;
  /** Hidden until then: delayed, or in the hands of a receiver. */
  visibleAtMs: number;
  /** The queue that gave up on it. */
  deadLetterSourceArn: string | undefined;
}

/** Bytes that count against a queue's message size: the body, and names, types and values of attributes. */
export function messageBytes(body: string, attributes: MessageAttributes): number {
  const parts = Object.entries(attributes).map(([name, { DataType = '', StringValue = '', BinaryValue }]) => {
    return Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0);
  });
  return parts.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(body));
}

export function md5OfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

const stringMark = 1;
const binaryMark = 2;

/** The digest that AWS answers for attributes, over their names, types and values in the order of their names. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const digest = createHash('md5');
  const add = (part: string | Uint8Array) => {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    add(name);
    add(DataType);
    digest.update(Buffer.from([BinaryValue === undefined ? stringMark : binaryMark]));
    add(BinaryValue ?? StringValue ?? '');
  }
  return digest.digest('hex');
}

/** A handle is good for the receipt that it came with, and for no later one. */
export function receiptHandleOf({ id, receiveCount }: Message): string {
  return Buffer.from(`${id}#${receiveCount}`).toString('base64url');
}

/** The message and the receipt that a handle speaks of; `undefined` where it is none. */
export function readReceiptHandle(handle: string): { id: string; receiveCount: number } | undefined {
  const [, id, count] = /^([0-9a-f-]{36})#(\d+)$/.exec(Buffer.from(handle, 'base64url').toString()) ?? [];
  return id === undefined ? undefined : { id, receiveCount: Number(count) };
}
