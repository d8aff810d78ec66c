import { expect, it } from 'vitest';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import {
  LiveDesk,
  SUBSCRIBERS_MAX,
  TENANT_SUBSCRIBERS_MAX,
  VIEW_SUBSCRIBERS_MAX,
} from '#usecases/gateway/live-desk.ts';
import { liveViewOf } from '#usecases/gateway/live-view.ts';

function aDesk() {
  const clock = createVirtualClock(0, { leap: false });
  let isOpen = true;
  const desk = new LiveDesk({
    clock,
    region: 'us-east-1',
    run: 'run',
    standing: () => ({ waiting: [], held: [] }),
    onClosed: () => {
      isOpen = false;
    },
  });
  const subscribe = (name: string, ends: readonly AbortSignal[] = [], isOperator = false) =>
    desk.subscribe({
      view: liveViewOf({ tenant: { name, residencies: [], models: [] }, isOperator }),
      ...{ lastEventId: null, listensMs: 1_000_000, ends },
    });
  return { clock, desk, subscribe, isOpen: () => isOpen };
}

it('has a bounded number of places, of which no view takes them all, and some that tenants do not get', () => {
  const { subscribe } = aDesk();
  const views = Array.from({ length: VIEW_SUBSCRIBERS_MAX + 1 }, () => subscribe('one'));
  expect(views.filter((place) => place === undefined)).toHaveLength(1);
  let taken = VIEW_SUBSCRIBERS_MAX;
  while (subscribe(`view-${taken}`) !== undefined) taken += 1;
  expect(taken).toBe(TENANT_SUBSCRIBERS_MAX);
  while (subscribe('operator', [], true) !== undefined) taken += 1;
  expect(taken).toBe(SUBSCRIBERS_MAX);
  expect(subscribe('late')).toBeUndefined();
});

it('goes on for a minute after the last has left, and then is closed', () => {
  const { clock, subscribe, isOpen } = aDesk();
  const leave = new AbortController();
  expect(subscribe('one', [leave.signal])).toBeDefined();
  clock.advance(20_000);
  leave.abort();
  clock.advance(59_000);
  expect(isOpen()).toBe(true);
  clock.advance(2_000);
  expect(isOpen()).toBe(false);
});

it('lets nobody in who has left already', () => {
  const { clock, subscribe, isOpen } = aDesk();
  subscribe('one', [AbortSignal.abort()]);
  clock.advance(62_000);
  expect(isOpen()).toBe(false);
});
