import { describe, expect, it } from 'vitest';
import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { createMemoryRefusalLedger } from '#adapters/memory/memory-refusal-ledger.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import { availability } from '#cli/availability.ts';
import { parseCommandLine } from '#cli/parse-command-line.ts';
import { loadStoredAvailability } from '#cli/stored-availability.ts';
import { createTerminal } from '#cli/terminal/terminal.ts';
import { createCliRuntime } from '#runtime/cli-runtime.ts';
import { gatewayStart } from '#test/builders/a-gateway.ts';
import { anObservation } from '#test/builders/an-observation.ts';

const at = gatewayStart - 1000;
const target = anObservation();

async function stored(verifications = createMemoryVerificationStore()) {
  const routes = createMemoryRouteStore();
  const observations = createMemoryObservationStore();
  await observations.save({
    account: target.account,
    region: target.region,
    at,
    failures: [],
    targets: [target],
  });
  await routes.saveSignal({ target: target.id, gatewayRegion: 'us-east-1', outcome: 'access-denied', at });
  let closed = 0;
  const stream = { isTTY: false, columns: 100, write: () => undefined };
  const runtime = createCliRuntime({
    environment: {},
    folder: process.cwd(),
    now: () => gatewayStart,
    audit: () => undefined,
    openTables: () => ({
      routes,
      observations,
      changes: createMemoryChangeLog(),
      verifications,
      refusals: createMemoryRefusalLedger(),
      words: createMemoryOperatorStore(),
      close: () => {
        closed += 1;
      },
    }),
  });
  const shown = await loadStoredAvailability({
    line: parseCommandLine(availability.spec, []),
    runtime,
    terminal: createTerminal(
      { stdout: stream, stderr: stream, stdinIsTerminal: false, readLine: async () => '' },
      { colour: 'never', columns: 100 },
    ),
  });
  return { shown, closed };
}

describe('availability out of the tables', () => {
  it('shows what gateways were refused as denied, as a gateway does, and closes the tables', async () => {
    const { shown, closed } = await stored();
    expect(shown.targets).toMatchObject([
      { id: target.id, model: 'chat-small', state: 'denied', reasons: ['denied-by-signal-access-denied'] },
    ]);
    expect(closed).toBe(1);
  });

  it('shows what discovery knows while proofs cannot be read', async () => {
    const broken = { ...createMemoryVerificationStore(), loadAll: () => Promise.reject(new Error('down')) };
    expect((await stored(broken)).shown.targets).toMatchObject([{ id: target.id, state: 'available' }]);
  });
});
