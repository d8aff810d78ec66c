import { describe, expect, it } from 'vitest';
import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { createMemoryRefusalLedger } from '#adapters/memory/memory-refusal-ledger.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import type { Route } from '#core/plan/route.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { startLoopbackGateway } from '#test/builders/loopback-gateway.ts';

const profileId = 'us.amazon.nova-lite-v1:0';
const reach = ['us-east-1', 'us-east-2', 'us-west-2'];
const route = aRoute({
  version: 3,
  publishedAt: '2026-11-21T07:26:00.000Z',
  reason: 'us-west-2 is available again',
  targets: [
    aDedicatedTarget({ state: 'cold' }),
    aTarget({ region: 'us-east-2' }),
    aTarget({ region: 'us-west-2', scope: 'geo', profileId, reach, state: 'legacy' }),
  ],
  baseline: [aTarget()],
});

async function session(published: readonly Route[] = [route]) {
  const routes = createMemoryRouteStore();
  for (const one of published) await routes.publish({ ...one, version: 1 });
  const loadAll = async () => ({ routes: published, badItems: 0 });
  const observations = createMemoryObservationStore();
  return {
    openTables: () => ({
      routes: { ...routes, loadAll },
      observations,
      changes: createMemoryChangeLog(),
      verifications: createMemoryVerificationStore(),
      refusals: createMemoryRefusalLedger(),
      words: createMemoryOperatorStore(),
      close: () => undefined,
    }),
    columns: 80,
  };
}

describe('spillway routes', () => {
  it('prints the ordered targets, then the baseline, and spells out a long reach', async () => {
    const { exitCode, stdout } = await runCommandLine(
      ['routes', 'chat-small', '--residency', 'us'],
      await session(),
    );
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'chat-small · us  version 3 · 4 minutes ago · 3 targets · baseline 1',
      '  us-west-2 is available again',
      '      region     tier        scope      reach       USD/M in/out  state',
      '   1  us-east-1  dedicated   dedicated  own region             –  cold',
      '      chat-small · 111111111111',
      '   2  us-east-2  serverless  in-region  own region   0.06 / 0.24  available',
      '      amazon.nova-lite-v1:0 · 111111111111',
      '   3  us-west-2  serverless  geo        us (3)       0.06 / 0.24  legacy',
      '      us.amazon.nova-lite-v1:0 · 111111111111',
      '  b1  us-east-1  baseline    in-region  own region   0.06 / 0.24  available',
      '      amazon.nova-lite-v1:0 · 111111111111',
      '      us (3): us-east-1 us-east-2 us-west-2',
      '',
    ]);
  });

  it('puts each target on one line where the terminal is wide', async () => {
    const { stdout } = await runCommandLine(['routes', 'chat-small', '--residency', 'us'], {
      ...(await session()),
      columns: 140,
    });
    expect(stdout).toContain(
      '   2  us-east-2  amazon.nova-lite-v1:0     111111111111  serverless  in-region  own region   0.06 / 0.24  available\n',
    );
  });

  it('orders as a reader in a region does', async () => {
    const { stdout } = await runCommandLine(
      ['routes', 'chat-small', '--residency', 'us', '--from', 'us-west-2', '--json'],
      await session(),
    );
    const [shown] = JSON.parse(stdout);
    expect(shown.targets.map(({ region }: { region: string }) => region)).toEqual([
      'us-east-1',
      'us-west-2',
      'us-east-2',
    ]);
  });

  it('shows every model and residency of the configuration, and says where nothing is lawful', async () => {
    const { exitCode, stdout } = await runCommandLine(['routes'], await session());
    expect(exitCode).toBe(0);
    expect(stdout.match(/ · (us|eu|japan|frankfurt|anywhere) {2}/g)).toHaveLength(15);
    expect(stdout).toContain(
      "chat-large · frankfurt  not published · 0 targets · baseline 0\n  Nothing lawful: no target's reach lies inside this residency.\n",
    );
  });

  it('exits 1 when what was asked for has neither target nor baseline', async () => {
    const { exitCode } = await runCommandLine(
      ['routes', 'chat-large', '--residency', 'frankfurt'],
      await session(),
    );
    expect(exitCode).toBe(1);
  });

  it('names the models there are', async () => {
    const { exitCode, stderr } = await runCommandLine(['routes', 'chat-huge'], await session());
    expect([exitCode, stderr]).toEqual([
      2,
      'spillway: The configuration has no model "chat-huge"; it has chat-large, chat-small, embed\n',
    ]);
  });

  it('says what to wait for before the first publication', async () => {
    const { exitCode, stderr } = await runCommandLine(['routes'], await session([]));
    expect([exitCode, stderr]).toEqual([
      1,
      'spillway: No route is published yet. Wait for the first discovery round, or run `spillway doctor`.\n',
    ]);
  });

  it('asks a gateway where one is named', async () => {
    await using gateway = await startLoopbackGateway(() => ({ body: route }));
    const { stdout } = await runCommandLine([
      'routes',
      'chat-small',
      '--residency',
      'us',
      '--url',
      gateway.url,
      '--json',
    ]);
    expect(JSON.parse(stdout)).toEqual([JSON.parse(JSON.stringify(route))]);
    expect(gateway.calls[0]?.path).toBe('/spillway/v1/routes/chat-small?residency=us');
    const vague = await runCommandLine(['routes', '--url', gateway.url]);
    expect(vague.exitCode).toBe(2);
  });

  it('tells a person to start local mode when nothing answers at the tables', async () => {
    const { exitCode, stderr } = await runCommandLine(['routes', '--aws-url', 'http://127.0.0.1:9']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Nothing answers at http://127.0.0.1:9. Start local mode with `npm start`');
  });
});
