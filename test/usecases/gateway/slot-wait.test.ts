import { expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget } from '#test/builders/a-target.ts';
import { createScriptedLedger } from '#test/builders/scripted-ledger.ts';

const alone = [aDedicatedTarget({ share: { 'us-east-1': 32 } })];

async function waits(next: number, headers: Readonly<Record<string, string>> = {}) {
  const overrides = {
    capacity: createScriptedLedger({ answer: () => 'full' }),
    random: { next: () => next },
  };
  const { chat, records } = await aStartedGateway(alone, { overrides });
  await chat({}, headers);
  return records[0]?.slotWaitMs;
}

it('is two times half a tenth of the dedicated deadline at most, and nothing at least', async () => {
  expect(await waits(0.999)).toBeCloseTo(499.5);
  expect(await waits(0)).toBe(0);
});

it('ends with the caller’s own deadline', async () => {
  expect(await waits(0.999, { 'x-spillway-deadline-ms': '100' })).toBeLessThanOrEqual(100);
});
