import { describe, expect, it } from 'vitest';
import { md5OfAttributes, receiptHandleOf, type SentMessage } from '#local/services/sqs/message.ts';
import { Queue } from '#local/services/sqs/queue.ts';
import { readSettings } from '#local/services/sqs/queue-settings.ts';

const minuteMs = 60_000;
const receivesMax = Number.POSITIVE_INFINITY;

const queueOf = (attributes: Record<string, string> = {}) =>
  new Queue('arn:aws:sqs:us-east-1:111111111111:q', readSettings(attributes), 0);

function sent(number: number, sentAtMs: number): SentMessage {
  const id = `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`;
  return {
    id,
    body: `m${number}`,
    attributes: {},
    senderId: 's',
    sentAtMs,
    groupId: undefined,
    traceHeader: undefined,
  };
}

const bodies = (queue: Queue, nowMs: number, countMax = 10) =>
  queue.receive({ countMax, visibilityMs: 30_000, nowMs, receivesMax }).messages.map(({ body }) => body);

describe('a queue in given time', () => {
  it('hides what it handed out until exactly the visibility timeout, and shows it again behind what waited', () => {
    const queue = queueOf();
    queue.send(sent(1, 0), 0);
    queue.send(sent(2, 0), 0);
    expect(bodies(queue, 0, 1)).toEqual(['m1']);
    expect(queue.count(0)).toEqual({ visible: 1, inFlight: 1, delayed: 0 });
    expect(bodies(queue, 29_999)).toEqual(['m2']);
    expect(bodies(queue, 30_000)).toEqual(['m1']);
  });

  it('holds delayed messages back and drops what is older than it keeps', () => {
    const queue = queueOf({ MessageRetentionPeriod: '60' });
    queue.send(sent(1, 0), 10_000);
    expect(queue.count(9_999)).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    expect(bodies(queue, 10_000)).toEqual(['m1']);
    expect(bodies(queue, 40_000)).toEqual(['m1']);
    queue.send(sent(2, 50_000), 0);
    expect(bodies(queue, minuteMs + 10_001)).toEqual(['m2']);
  });

  it('gives up what was received too often only where there is a place for it', () => {
    const queue = queueOf();
    queue.send(sent(1, 0), 0);
    const receive = (nowMs: number, most: number) =>
      queue.receive({ countMax: 1, visibilityMs: 0, nowMs, receivesMax: most });
    for (let round = 1; round <= 3; round += 1) expect(receive(round, receivesMax).messages).toHaveLength(1);
    const { messages, dead } = receive(4, 3);
    expect([messages, dead.map(({ receiveCount }) => receiveCount)]).toEqual([[], [3]]);
    expect(queue.count(5)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('hands out the oldest message of the group that has the least in flight', () => {
    const queue = queueOf();
    const groups = ['loud', 'loud', 'loud', 'quiet', undefined];
    for (const [index, groupId] of groups.entries()) queue.send({ ...sent(index + 1, 0), groupId }, 0);
    const order = groups.flatMap(() => bodies(queue, 1, 1));
    expect(order).toEqual(['m1', 'm4', 'm5', 'm2', 'm3']);
  });

  it('deletes by the handle of the latest receive only', () => {
    const queue = queueOf();
    queue.send(sent(1, 0), 0);
    const take = (nowMs: number) =>
      queue
        .receive({ countMax: 1, visibilityMs: 1000, nowMs, receivesMax })
        .messages.map(receiptHandleOf)[0] ?? '';
    const first = take(0);
    const second = take(1000);
    expect(queue.delete(first)).toBe('deleted');
    expect(queue.count(1001).inFlight).toBe(1);
    expect(queue.changeVisibility(first, { visibilityMs: 0, nowMs: 1001 })).toBe('not-in-flight');
    queue.delete(second);
    expect(queue.count(1001).inFlight).toBe(0);
    expect(queue.delete('nonsense')).toBe('bad-handle');
  });
});

describe('the digest of attributes', () => {
  it('hangs on names, types and values in the order of names', () => {
    const one = { DataType: 'String', StringValue: '1' };
    const two = { DataType: 'Binary', BinaryValue: new Uint8Array([2]) };
    expect(md5OfAttributes({})).toBeUndefined();
    expect(md5OfAttributes({ a: one, b: two })).toBe(md5OfAttributes({ b: two, a: one }));
    expect(md5OfAttributes({ a: one })).not.toBe(md5OfAttributes({ a: { ...one, DataType: 'Number' } }));
  });
});
