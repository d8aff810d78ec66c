import { expect, it } from 'vitest';
import type { Signal } from '#core/plan/route.ts';
import type { Verification } from '#core/verify/verification.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { loadDenials } from '#usecases/gateway/show-availability-denials.ts';

const at = 1_000_000;
const signal = { target: 'met', gatewayRegion: 'us-east-1', outcome: 'access-denied', at };
const proof = { target: 'proved', at, outcome: 'refused', errorName: 'NoAccess', refusals: 1 } as const;
const never = () => new Promise<never>(() => undefined);
const down = () => Promise.reject(new Error('down'));

function denials(
  loadSignals: () => Promise<readonly Signal[]>,
  loadAll: () => Promise<readonly Verification[]>,
) {
  const clock = createVirtualClock(at + 1000);
  return loadDenials({ clock, routes: { loadSignals }, verifications: { loadAll } }, 5000);
}

it('tells who met a refusal, when and by what name', async () => {
  const loaded = await denials(
    async () => [signal],
    async () => [proof],
  );
  expect([...loaded.values()]).toEqual([
    { target: 'proved', at, why: 'NoAccess', by: 'verification' },
    { target: 'met', at, why: 'access-denied', by: 'signal' },
  ]);
});

it('says nothing while either half is missing: a proof that cannot be read may have cleared a signal', async () => {
  for (const broken of [never, down]) {
    expect((await denials(async () => [signal], broken)).size).toBe(0);
    expect((await denials(broken, async () => [proof])).size).toBe(0);
  }
});
