import { describe, expect, it } from 'vitest';
import { BucketMeter } from '#usecases/gateway/bucket-meter.ts';

const start = Date.UTC(2026, 10, 21, 8);
const meterOf = (perMinute: number) =>
  new BucketMeter({ bucket: 'requests', unit: 'requests', rate: { perMinute } });

function used(meter: BucketMeter, units: number, at: number): void {
  meter.took(units, at);
  meter.spend(units, at);
}

describe('what a process asks for ahead', () => {
  it('is what its last second used beyond the request, two seconds of the rate at most', () => {
    const meter = meterOf(600);
    expect(meter.demand(1, 0, start)).toMatchObject({ units: 1, ahead: 0 });
    used(meter, 12, start);
    expect(meter.demand(1, 3, start + 1000)).toMatchObject({ units: 1, ahead: 3 + 11 });
    expect(meter.demand(1, 0, start + 2000)).toMatchObject({ units: 1, ahead: 0 });
    used(meter, 500, start + 2000);
    expect(meter.demand(1, 0, start + 3000)).toMatchObject({ units: 1, ahead: 20 });
  });

  it('is lost after two seconds, however it was topped up', () => {
    const meter = meterOf(600);
    meter.took(5, start);
    meter.spend(2, start);
    meter.took(4, start + 1500);
    expect(meter.spendable(start + 1999)).toBe(7);
    expect(meter.spendable(start + 2000)).toBe(0);
    meter.took(1, start + 2500);
    expect(meter.spendable(start + 2500)).toBe(1);
  });
});

describe('what comes back', () => {
  it('is spent first, and handed out once', () => {
    const meter = meterOf(600);
    meter.took(3, start);
    meter.return(10);
    meter.spend(4, start);
    expect(meter.spendable(start)).toBe(9);
    expect(meter.takeUnused()).toBe(6);
    expect(meter.takeUnused()).toBe(0);
    expect(meter.spendable(start)).toBe(3);
  });

  it('can be a debt', () => {
    const meter = meterOf(600);
    meter.took(3, start);
    meter.return(-5);
    expect(meter.spendable(start)).toBe(-2);
    expect(meter.demand(1, 0, start)).toMatchObject({ units: 3 });
    expect(meter.takeUnused()).toBe(-5);
  });
});

describe('a refusal', () => {
  it('is remembered for a tenth of a second, for as much or more', () => {
    const meter = meterOf(60);
    meter.heard((start + 10_000) * 1000);
    expect(meter.waitMs(2, start)).toBe(2000);
    meter.refuse(2, 2000, start);
    expect(meter.refusedLately(2, start + 99)).toBe(true);
    expect(meter.refusedLately(1, start + 99)).toBe(false);
    expect(meter.refusedLately(2, start + 100)).toBe(false);
    meter.refuse(2, 2000, start);
    meter.return(2);
    expect(meter.refusedLately(2, start)).toBe(false);
  });
});

describe('the safe share', () => {
  it('is charged for what the store grants, down to empty and not below', () => {
    const meter = meterOf(60);
    for (let count = 0; count < 50; count += 1) meter.chargeSafeShare(1, 2, start);
    expect(meter.judgeSafely(1, 2, start)).toEqual({ granted: false, retryAfterMs: 2000 });
    expect(meter.judgeSafely(1, 2, start + 2000).granted).toBe(true);
  });

  it('is the share divided by the processes, and one request at least', () => {
    const meter = meterOf(60);
    let granted = 0;
    for (; meter.judgeSafely(1, 16, start).granted; granted += 1) meter.takeSafely(1, 16, start);
    expect(granted).toBe(1);
    expect(meter.judgeSafely(1, 16, start)).toEqual({ granted: false, retryAfterMs: 16_000 });
    meter.returnSafely(1, 16);
    expect(meter.judgeSafely(1, 16, start).granted).toBe(true);
  });
});

it('owes the ledger what was granted without it, as far as it has not flowed in again', () => {
  const meter = meterOf(60);
  for (let count = 0; count < 4; count += 1) meter.takeSafely(1, 2, start);
  meter.owe(2, start + 6000);
  expect(meter.spendable(start)).toBe(-1);
  meter.owe(2, start + 6000);
  expect(meter.spendable(start)).toBe(-1);
});

it('shows what is left of the bucket and in hand', () => {
  const meter = meterOf(60);
  meter.heard((start + 4000) * 1000);
  meter.took(2, start);
  expect(meter.view(start, undefined)).toEqual({ limit: 60, remaining: 8, resetMs: 4000 });
  meter.takeSafely(3, 2, start);
  expect(meter.view(start, { processes: 2 })).toEqual({ limit: 60, remaining: 4, resetMs: 6000 });
});
