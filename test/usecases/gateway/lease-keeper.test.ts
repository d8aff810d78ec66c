import { expect, it } from 'vitest';
import { createScriptedLedger } from '#test/builders/scripted-ledger.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createLeaseKeeper } from '#usecases/gateway/lease-keeper.ts';
import { LEASE_RENEWED_MS } from '#usecases/ports/capacity-ledger.ts';

const limit = { target: 'a', slots: 4, copies: 1 };

function aKeeper({ stands = true, isRemote = false } = {}) {
  const clock = createVirtualClock(0, { leap: false });
  const capacity = createScriptedLedger({ stands: () => stands, isRemote });
  const events: string[] = [];
  const metrics = { count: (event: string) => void events.push(event) };
  const keeper = createLeaseKeeper({ capacity, clock, metrics });
  return { clock, capacity, events, keeper };
}

it('renews each lease in time after its grant, and again after as long', () => {
  const { clock, capacity, keeper } = aKeeper();
  keeper.keep(limit, 'first');
  clock.advance(4000);
  keeper.keep(limit, 'second');
  clock.advance(LEASE_RENEWED_MS - 4001);
  expect(capacity.renewed).toEqual([]);
  clock.advance(1);
  expect(capacity.renewed).toEqual(['first']);
  clock.advance(4000);
  expect(capacity.renewed).toEqual(['first', 'second']);
  clock.advance(LEASE_RENEWED_MS);
  expect(capacity.renewed).toEqual(['first', 'second', 'first', 'second']);
});

it('renews none that was given back, and gives each back once', () => {
  const { clock, capacity, keeper } = aKeeper();
  const { giveBack } = keeper.keep(limit, 'first');
  keeper.keep(limit, 'second');
  giveBack();
  giveBack();
  clock.advance(LEASE_RENEWED_MS);
  expect([capacity.renewed, capacity.released]).toEqual([['second'], ['first']]);
});

it('counts a lost lease once, and gives it back all the same: nobody knows who lost it', () => {
  const { clock, capacity, events, keeper } = aKeeper({ stands: false });
  const { giveBack } = keeper.keep(limit, 'first');
  clock.advance(40_000);
  giveBack();
  expect([capacity.renewed, events, capacity.released]).toEqual([['first'], ['lease-lost'], ['first']]);
});

it('sleeps only while a lease is held', () => {
  const { clock, capacity, keeper } = aKeeper();
  keeper.keep(limit, 'first').giveBack();
  clock.advance(9000);
  keeper.keep(limit, 'second');
  clock.advance(LEASE_RENEWED_MS - 1);
  expect(capacity.renewed).toEqual([]);
  clock.advance(1);
  expect(capacity.renewed).toEqual(['second']);
});

it('tells at once what a call has grown to, again with each renewal, and nothing after its end', () => {
  const { clock, capacity, keeper } = aKeeper();
  const { grow, giveBack } = keeper.keep(limit, 'long');
  grow(500);
  grow(400);
  clock.advance(LEASE_RENEWED_MS);
  grow(900);
  giveBack();
  grow(1800);
  expect(capacity.grown).toEqual([500, 500, 900]);
});

it('asks once at a time, and tells the last of what grew meanwhile', async () => {
  const { capacity, keeper } = aKeeper({ isRemote: true });
  const { grow } = keeper.keep(limit, 'long');
  for (const kvTokens of [500, 600, 700]) grow(kvTokens);
  expect(capacity.grown).toEqual([500]);
  await Promise.resolve();
  await Promise.resolve();
  expect(capacity.grown).toEqual([500, 700]);
});
