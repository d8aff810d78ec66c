import { expect, it } from 'vitest';
import { BodyRoom } from '#server/body-room.ts';

it('is shared: what one body takes another lacks, until it is given back', () => {
  const room = new BodyRoom(10);
  const [one, other] = [room.share(), room.share()];
  expect([one.take(6), other.take(4), other.take(1)]).toEqual([true, true, false]);
  expect([one.overfull, other.overfull]).toEqual([false, true]);
  one.giveBack();
  // A body that had no room once has a hole, whatever comes after.
  expect(other.take(1)).toBe(false);
  expect(room.share().take(6)).toBe(true);
});

it('gives back once, and takes nothing for a request that has ended', () => {
  const room = new BodyRoom(10);
  const ended = room.share();
  ended.take(4);
  ended.giveBack();
  ended.giveBack();
  expect([ended.take(1), room.share().take(11), room.share().take(10)]).toEqual([false, false, true]);
});
