import { expect, it } from 'vitest';
import { LiveChannel, LiveSubscriber } from '#usecases/gateway/live-channel.ts';

function aSink() {
  const heard: string[] = [];
  let closed = false;
  return {
    heard,
    isClosed: () => closed,
    sink: {
      desiredSize: 0,
      enqueue: (bytes: Uint8Array) => void heard.push(new TextDecoder().decode(bytes)),
      close: () => {
        closed = true;
      },
    },
  };
}

const subscriberOf = (channel: LiveChannel, place: number, onEnd: () => void = () => undefined) =>
  new LiveSubscriber(channel, { place, endsAtMs: 0, greeting: ': hello\n\n' }, onEnd);

it('writes each event once, with an id that says whose it is', async () => {
  const channel = new LiveChannel('run');
  const [one, other] = [aSink(), aSink()];
  const subscribers = [subscriberOf(channel, 0), subscriberOf(channel, 0)];
  for (const [index, { sink }] of [one, other].entries()) await subscribers[index]?.pull(sink);
  channel.tell({ n: 1 });
  for (const [index, { sink }] of [one, other].entries()) await subscribers[index]?.pull(sink);
  expect(one.heard).toEqual([': hello\n\n', 'id: run-1\ndata: {"n":1}\n\n']);
  expect(other.heard).toEqual(one.heard);
});

it('keeps thirty events and no more than half a mebibyte', () => {
  const channel = new LiveChannel('run');
  for (let n = 0; n < 40; n += 1) channel.tell({ n });
  expect([channel.after(10)?.length, channel.after(9)]).toEqual([30, undefined]);
  for (let n = 0; n < 10; n += 1) channel.tell({ text: 'x'.repeat(100_000) });
  expect([channel.after(channel.last - 5)?.length, channel.after(channel.last - 6)]).toEqual([5, undefined]);
});

it('goes on where somebody was, and begins now for ids that are none of its own, or too old', () => {
  const channel = new LiveChannel('run-a');
  for (let n = 0; n < 40; n += 1) channel.tell({ n });
  expect(channel.placeOf('run-a-25')).toBe(25);
  for (const id of [null, '', 'run-a-', 'run-a-2', 'run-a-41', 'run-b-25', 'run-a-1e1', 'run-a--5', '25'])
    expect([id, channel.placeOf(id)]).toEqual([id, 40]);
});

it('ends a subscriber once, tells it what is left, and lets nobody wait for ever', async () => {
  let ends = 0;
  const channel = new LiveChannel('run');
  const subscriber = subscriberOf(channel, 0, () => {
    ends += 1;
  });
  const { sink, heard, isClosed } = aSink();
  await subscriber.pull(sink);
  const waiting = subscriber.pull(sink);
  channel.tell({ n: 1 });
  await waiting;
  channel.tell({ n: 2 });
  subscriber.end();
  subscriber.cancel();
  await subscriber.pull(sink);
  await subscriber.pull(sink);
  expect([ends, isClosed(), heard.length, channel.subscribers.size]).toEqual([1, true, 3, 0]);
});
