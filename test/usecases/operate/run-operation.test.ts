import { describe, expect, it } from 'vitest';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { runOperation } from '#usecases/operate/run-operation.ts';
import { controlSetting } from '#usecases/plan/control-setting.ts';

function world() {
  const words = createMemoryOperatorStore('eu-central-1');
  const dependencies = {
    clock: createVirtualClock(Date.UTC(2026, 10, 21, 8)),
    log: { write: () => undefined },
    observations: createMemoryObservationStore(),
    digest: cryptoDigest,
    routesAtHome: createMemoryRouteStore('us-east-1'),
    words,
    setting: controlSetting(acmeConfig(), facts),
    facts,
  };
  return { words, dependencies };
}

const disable = { name: 'disable', order: { target: 'a', reason: 'slow', hours: 1 } } as const;
const whose = { by: 'ada', requestId: 'request-1' };

describe('an order', () => {
  it('stands in the audit whole, also when it turns out that it cannot be carried out', async () => {
    const { words, dependencies } = world();
    const order = {
      model: 'chat-small',
      residency: 'us',
      reason: 'r',
      version: 7,
      hours: 1,
      leaveOutForbidden: false,
    };
    await expect(runOperation(dependencies, { name: 'rollback', order }, whose)).rejects.toMatchObject({
      code: 'version_unknown',
    });
    expect(words.audit).toEqual([
      { id: 'request-1', at: '2026-11-21T08:00:00.000Z', by: 'ada', operation: 'rollback', order },
    ]);
  });

  it('is not carried out where the audit cannot be written, whatever the reason', async () => {
    const { words, dependencies } = world();
    const failing = { ...words, appendAudit: () => Promise.reject(new TypeError('down')) };
    await expect(runOperation({ ...dependencies, words: failing }, disable, whose)).rejects.toMatchObject({
      code: 'audit_unwritable',
    });
    expect(await words.loadDisabled()).toEqual([]);
  });

  it('to disable is written by the region that took it, the others at home', async () => {
    const { words, dependencies } = world();
    expect(await runOperation(dependencies, disable, whose)).toMatchObject({
      operation: 'disable',
      disabled: { target: 'a', by: 'ada', region: 'eu-central-1' },
    });
    expect(await words.loadDisabled()).toHaveLength(1);
  });
});
