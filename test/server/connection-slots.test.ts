import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { ConnectionSlots } from '#server/connection-slots.ts';

const answerOn = (socket: object) =>
  Object.assign(new EventEmitter(), { req: { socket } }) as unknown as ServerResponse;

it('gives each connection its slots, and takes one back when the answer is closed and the work for it done', () => {
  const slots = new ConnectionSlots(2);
  const [one, other] = [{}, {}];
  const first = answerOn(one);
  const letGo = slots.take(first);
  expect(slots.take(answerOn(one))).toBeDefined();
  expect(slots.take(answerOn(one))).toBeUndefined();
  expect(slots.take(answerOn(other))).toBeDefined();
  first.emit('close');
  expect(slots.take(answerOn(one))).toBeUndefined();
  letGo?.();
  expect(slots.take(answerOn(one))).toBeDefined();
  expect(slots.take(answerOn(one))).toBeUndefined();
});
