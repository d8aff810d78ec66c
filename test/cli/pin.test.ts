/** `pin`, `disable`, `enable` and `overrides` as a person meets them, over tables in memory. */
import { describe, expect, it } from 'vitest';
import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { createMemoryControlStore, createMemoryControls } from '#adapters/memory/memory-control-store.ts';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { createMemoryRefusalLedger } from '#adapters/memory/memory-refusal-ledger.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { houseError } from '#core/errors/catalogue.ts';
import type { Target } from '#core/target.ts';
import type { OpenTables } from '#runtime/cli-runtime.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { confirmWords } from '#usecases/operate/confirm-controls.ts';
import { sealRoute } from '#usecases/plan/seal-route.ts';

const east = aTarget();
const ohio = aTarget({ region: 'us-east-2' });

async function deployment(...versions: readonly (readonly Target[])[]) {
  const routes = createMemoryRouteStore();
  for (const [index, targets] of versions.entries()) {
    const draft = aRoute({ targets, reason: `change ${index + 1}` });
    const at = Date.UTC(2026, 10, 21, 7, index);
    await routes.publish(sealRoute(draft, { version: index + 1, at, digest: cryptoDigest }));
  }
  const words = createMemoryOperatorStore();
  const tables = {
    routes,
    words,
    observations: createMemoryObservationStore(),
    changes: createMemoryChangeLog(),
    verifications: createMemoryVerificationStore(),
    refusals: createMemoryRefusalLedger(),
    close: () => undefined,
  };
  return { routes, words, tables, openTables: () => tables };
}

const pin = ['pin', 'chat-small', 'us', '--reason', 'a release'];
const order = ['--reason', 'slow', '--yes'];

describe('spillway pin', () => {
  it('shows the route, asks, writes the audit, and holds what stands', async () => {
    const world = await deployment([east], [ohio]);
    const { exitCode, stdout, stderr } = await runCommandLine([...pin, '--hours', '2'], {
      ...world,
      typed: 'y',
    });
    expect([exitCode, stdout]).toEqual([
      0,
      '✔ chat-small · us is pinned at version 2 until 2026-11-21 09:30:00Z.\n',
    ]);
    expect(stderr).toContain('Pin version 2 of chat-small · us for 2 hours? [y/N]');
    expect(world.words.audit).toMatchObject([
      {
        operation: 'pin',
        at: '2026-11-21T07:30:00.000Z',
        order: { model: 'chat-small', residency: 'us', reason: 'a release', hours: 2 },
      },
    ]);
    expect(await world.routes.loadHolds()).toMatchObject([{ until: '2026-11-21T09:30:00.000Z' }]);
    expect((await world.routes.load('chat-small', 'us'))?.version).toBe(2);
    const shown = await runCommandLine(['routes', 'chat-small', '--residency', 'us'], world);
    expect(shown.stdout).toMatch(
      / {2}Pinned until 2026-11-21 09:30:00Z \(2h left\) by .* in us-east-1: a release\n/,
    );
  });

  it('brings another version back first, and holds that one', async () => {
    const world = await deployment([east], [ohio]);
    const { exitCode, stdout } = await runCommandLine([...pin, '--version', '1', '--yes'], world);
    expect([exitCode, stdout]).toEqual([
      0,
      '✔ chat-small · us is pinned at version 3 until 2026-11-22 07:30:00Z.\n  It has the targets of version 1.\n',
    ]);
    expect((await world.routes.load('chat-small', 'us'))?.targets).toEqual([east]);
    const again = await runCommandLine([...pin, '--version', '3', '--yes', '--json'], world);
    expect(JSON.parse(again.stdout)).toMatchObject({ version: 3, hold: { model: 'chat-small' } });
    expect(world.words.audit.map(({ operation }) => operation)).toEqual(['rollback', 'pin']);
  });

  it.each([
    [
      ['pin', 'chat-small', '--reason', 'x'],
      2,
      'Name the residency after the model; the configuration has us,',
    ],
    [['pin', 'chat', 'us', '--reason', 'x'], 2, 'no model "chat"; it has chat-large, chat-small, embed'],
    [['pin', 'chat-small', 'us'], 2, 'spillway pin needs --reason <text>'],
    [[...pin, '--residency', 'eu'], 2, 'Name one residency: "us" and --residency eu are two'],
    [[...pin, '--hours', '0'], 2, '--hours must be a whole number from 1 to 720'],
    [[...pin, '--hours', 'ten'], 2, '--hours must be a whole number from 1 to 720'],
    [[...pin, '--version', ''], 2, '--version must be a whole number from 1 to 99999999'],
    [
      ['pin', 'chat-small', 'us', '--reason', 'a\nb'],
      2,
      '--reason must say why, in 1 to 512 characters of one line',
    ],
    [
      ['pin', 'chat-small', 'eu', '--reason', 'x', '--yes'],
      1,
      'Nothing is published for chat-small · eu, so',
    ],
    [
      [...pin, '--version', '9', '--yes'],
      1,
      'There is no version 9 of chat-small · us; the history holds 1.',
    ],
    [pin, 2, 'nobody can answer here: add --yes'],
  ])('refuses %j with exit code %i', async (argv, code, text) => {
    const world = await deployment([east]);
    const { exitCode, stdout, stderr } = await runCommandLine(argv, world);
    expect([exitCode, stdout]).toEqual([code, '']);
    expect(stderr).toContain(text);
    expect([await world.routes.loadHolds(), world.words.audit]).toEqual([[], []]);
  });

  it('does nothing where the audit cannot be written', async () => {
    const world = await deployment([east]);
    const words = { ...world.words, appendAudit: () => Promise.reject(new Error('down')) };
    const openTables = () => ({ ...world.tables, words });
    for (const argv of [
      [...pin, '--yes'],
      ['disable', east.id, ...order],
    ]) {
      const { exitCode, stderr } = await runCommandLine(argv, { openTables });
      expect(exitCode).toBe(1);
      expect(stderr).toContain('The audit entry could not be written, so nothing was done.');
    }
    expect([await world.routes.loadHolds(), await world.words.loadDisabled()]).toEqual([[], []]);
  });
});

describe('spillway disable and enable', () => {
  it('say what is left of each route, and act when a person agrees', async () => {
    const world = await deployment([east, ohio]);
    const disable = ['disable', east.id, '--reason', 'slow', '--hours', '4'];
    const first = await runCommandLine(disable, { ...world, typed: 'y' });
    expect([first.exitCode, first.stdout]).toEqual([
      0,
      `✔ ${east.id} is disabled until 2026-11-21 11:30:00Z.\n`,
    ]);
    expect(first.stderr).toContain('  chat-small · us  1      1 other target\n');
    const last = await runCommandLine(['disable', ohio.id, '--reason', 'slow'], { ...world, typed: 'n' });
    expect([last.exitCode, last.stdout]).toEqual([1, '']);
    expect(last.stderr).toContain('  chat-small · us  2      nothing: its requests would fail\n');
    expect(await world.words.loadDisabled()).toMatchObject([{ target: east.id, reason: 'slow' }]);
    const enabled = await runCommandLine(['enable', east.id, '--reason', 'well again'], {
      ...world,
      typed: 'y',
    });
    expect(enabled.stderr).toContain('  disabled until 2026-11-21 11:30:00Z (4h left) by ');
    expect([enabled.exitCode, enabled.stdout]).toEqual([
      0,
      `✔ ${east.id} may be called again; gateways know within five seconds.\n`,
    ]);
    expect(world.words.audit.map(({ operation }) => operation)).toEqual(['disable', 'enable']);
  });

  it.each([
    [['disable', `${east.id}0`, ...order], 2, `is known; the nearest are\n  ${east.id}\n  ${ohio.id}\n`],
    [['disable', 'east-2', ...order], 2, `No target "east-2" is known; the nearest are\n  ${ohio.id}\n`],
    [['disable', east.id, '--hours', '0', ...order], 2, `run: spillway enable ${east.id} --reason <text>`],
    [
      ['disable', east.id, '--region', 'mars', ...order],
      2,
      'No order can stand in "mars"; the regions are us-',
    ],
    [['enable', east.id, ...order], 1, `${east.id} is not disabled; no target is.`],
  ])('refuse %j with exit code %i', async (argv, code, text) => {
    const world = await deployment([east, ohio]);
    const { exitCode, stdout, stderr } = await runCommandLine(argv, world);
    expect([exitCode, stdout]).toEqual([code, '']);
    expect(stderr).toContain(text);
    expect(world.words.audit).toEqual([]);
  });

  it('are given while the strongly consistent set is away, and say that it did not confirm them', async () => {
    const world = await deployment([east]);
    const away = () =>
      Promise.reject(houseError('upstream_unavailable', { message: 'two regions are gone' }));
    const controls = { ...createMemoryControlStore('us-east-1', createMemoryControls()), loadDisabled: away };
    const words = confirmWords(world.words, { ...controls, saveDisabled: away });
    const openTables = () => ({ ...world.tables, words });
    const { exitCode, stdout, stderr } = await runCommandLine(['disable', east.id, ...order], { openTables });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('What is disabled already cannot be read now: less may be left to call.');
    expect(stderr).toContain('The strongly consistent set did not confirm the order; the routing table of ');
    expect(await world.words.loadDisabled()).toMatchObject([{ target: east.id }]);
  });

  it('say which regions ended their words where another one cannot be written', async () => {
    const world = await deployment([east]);
    await runCommandLine(['disable', east.id, ...order], world);
    const abroad = createMemoryOperatorStore('eu-west-1');
    await abroad.saveDisabled(later);
    const loadDisabled = async () => [
      ...(await world.words.loadDisabled()),
      ...(await abroad.loadDisabled()),
    ];
    const away = { ...abroad, loadDisabled, appendAudit: () => Promise.reject(new Error('down')) };
    const openTables: OpenTables = (_config, _connection, region) => ({
      ...world.tables,
      words: region === 'eu-west-1' ? away : { ...world.words, loadDisabled },
    });
    const { exitCode, stdout, stderr } = await runCommandLine(['enable', east.id, ...order], { openTables });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      'spillway: Ended in us-east-1 only. The audit entry could not be written, so nothing was done.',
    );
  });

  it('know a target from an observation alone, and do without observations where a route holds it', async () => {
    const world = await deployment([east]);
    const observations = {
      ...world.tables.observations,
      loadAll: () => Promise.reject(houseError('upstream_unavailable', { message: 'home is down' })),
    };
    const blind = { openTables: () => ({ ...world.tables, observations }) };
    expect((await runCommandLine(['disable', east.id, ...order], blind)).exitCode).toBe(0);
    const unseen = await runCommandLine(['disable', ohio.id, ...order], blind);
    expect([unseen.exitCode, unseen.stderr]).toEqual([
      1,
      `spillway: No route has a target "${ohio.id}", and what was observed cannot be read now; the nearest are\n  ${east.id}\n`,
    ]);
    const paris = { account: '222222222222', region: 'eu-west-3' };
    const id = `${paris.account}/${paris.region}/a`;
    await world.tables.observations.save({
      ...paris,
      targets: [{ ...observed, ...paris, id }],
      at: 1,
      failures: [],
    });
    const done = await runCommandLine(['disable', id, ...order], world);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain('in no published route');
    const near = await runCommandLine(['enable', `${id}b`, ...order], world);
    expect(near.stderr).toContain(`is not disabled; these are\n  ${id}\n  ${east.id}\n`);
  });
});

const later = { target: east.id, by: 'bob', reason: 'slow', until: '2026-11-23T07:30:00.000Z' };

const observed = {
  kind: 'bedrock',
  scope: 'in-region',
  modelId: 'a',
  state: 'available',
  reasons: [],
  reach: ['eu-west-3'],
  lifecycle: 'ACTIVE',
  since: 1,
  observedAt: 1,
  stale: false,
  absentLists: 0,
} as const;

describe('spillway overrides', () => {
  it('tells what stands and nothing that is over', async () => {
    const world = await deployment([east]);
    const empty = await runCommandLine(['overrides'], world);
    expect([empty.exitCode, empty.stdout]).toEqual([0, 'No route is pinned and no target is disabled.\n']);
    await runCommandLine([...pin, '--yes'], world);
    await runCommandLine(['disable', east.id, ...order, '--hours', '1'], world);
    const { stdout } = await runCommandLine(['overrides', '--json'], world);
    expect(JSON.parse(stdout)).toMatchObject({
      holds: [{ model: 'chat-small', residency: 'us', region: 'us-east-1', reason: 'a release' }],
      disabled: [{ target: east.id, region: 'us-east-1', reason: 'slow' }],
    });
    const anHourOn = { ...world, now: '2026-11-21T08:30:00Z' };
    expect(JSON.parse((await runCommandLine(['overrides', '--json'], anHourOn)).stdout).disabled).toEqual([]);
  });
});
