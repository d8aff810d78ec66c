import { describe, expect, it } from 'vitest';
import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { createMemoryRefusalLedger } from '#adapters/memory/memory-refusal-ledger.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import type { Route } from '#core/plan/route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { anAuditedGateway } from '#test/builders/an-audited-gateway.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const east = aTarget({ modelId: 'amazon.nova-pro-v1:0' });

async function world() {
  const made = await anAuditedGateway([east, aTarget({ region: 'eu-central-1' })], acmeConfig());
  const run = (line: string, history: readonly Route[] = [made.route]) =>
    runCommandLine(line.split(' '), {
      openArchive: made.openArchive,
      openTables: () => ({
        routes: { ...createMemoryRouteStore(), loadVersion: async () => history[0] },
        observations: createMemoryObservationStore(),
        changes: createMemoryChangeLog(),
        verifications: createMemoryVerificationStore(),
        refusals: createMemoryRefusalLedger(),
        words: createMemoryOperatorStore(),
        close: () => undefined,
      }),
      now: '2026-11-21T09:00:00Z',
    });
  await made.chat();
  await made.chat();
  return { ...made, run };
}

describe('spillway audit replay', () => {
  it('makes every decision again, with the published route and the baseline of the configuration', async () => {
    const { seal, run } = await world();
    await seal(2);
    const { exitCode, stdout } = await run('audit replay');
    expect(stdout.split('\n')).toEqual([
      'the beginning to now',
      '✔ 2 decisions of 2 records came out the same, and every one of them did.',
      '',
    ]);
    expect(exitCode).toBe(0);
  });

  it('proves nothing where nothing was decided', async () => {
    const { seal, run } = await world();
    await seal(2);
    const before = await run('audit replay --to 2026-11-01');
    expect(before).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('Nothing to prove') });
    const json = await run('audit replay --json --to 2026-11-01');
    expect(JSON.parse(json.stdout)).toMatchObject({ same: false, isNothing: true, records: 0, findings: [] });
    expect(await run('audit replay --from 2026-11-22')).toMatchObject({ exitCode: 2 });
  });

  it('fails where decisions cannot be made again', async () => {
    const { seal, run } = await world();
    await seal(2);
    const { exitCode, stdout } = await run('audit replay', []);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('2 name a version of their route that is kept no more');
  });
});
