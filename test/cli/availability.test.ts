import { describe, expect, it } from 'vitest';
import { filterTargets } from '#cli/availability/filter-availability.ts';
import { readDiff, readMoment } from '#cli/availability/read-moment.ts';
import { anAvailabilityTarget } from '#test/builders/availability-target.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { startLoopbackGateway } from '#test/builders/loopback-gateway.ts';

const targets = [
  anAvailabilityTarget({ region: 'us-east-1', model: 'chat-small' }),
  anAvailabilityTarget({
    region: 'eu-west-1',
    model: 'chat-small',
    state: 'denied',
    since: '2026-11-21T07:29:00.000Z',
  }),
  anAvailabilityTarget({ region: 'eu-west-1', modelId: 'other.model' }),
];
const answer = { asOf: '2026-11-21T07:29:00.000Z', stale: false, targets };
const serve = () => startLoopbackGateway(() => ({ body: answer }));

describe('spillway availability', () => {
  it('prints the contracted JSON for programs', async () => {
    await using gateway = await serve();
    const { exitCode, stdout } = await runCommandLine(['availability', '--json', '--url', gateway.url]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  it('draws the matrix for people', async () => {
    await using gateway = await serve();
    const { stdout } = await runCommandLine(['availability', '--url', gateway.url]);
    expect(stdout).toContain('  amazon.nova-lite-v1:0 ●    ✗\n');
    expect(stdout).toContain('denied');
  });

  it('narrows by logical model or model id, and still tells the gaps of regions that lack it', async () => {
    await using gateway = await serve();
    const byId = await runCommandLine([
      'availability',
      '--model',
      'other.model',
      '--json',
      '--url',
      gateway.url,
    ]);
    expect(JSON.parse(byId.stdout).targets).toEqual([targets[2]]);
    const byName = await runCommandLine(['availability', '--model', 'chat-small', '--url', gateway.url]);
    expect(byName.stdout).toContain('use1 euw1');
    expect(byName.stdout).not.toContain('other.model');
  });

  it('finds a model whose id another model has as well', () => {
    const shared = anAvailabilityTarget({ region: 'us-east-1', model: 'first' });
    expect(filterTargets([shared], { model: 'second' })).toEqual([]);
    expect(filterTargets([shared], { model: 'second', alsoNamed: ['amazon.nova-lite-v1:0'] })).toEqual([
      shared,
    ]);
  });

  it('asks whether the place exists when nothing was ever observed there, and blames no discovery', async () => {
    await using gateway = await startLoopbackGateway(() => ({
      body: { ...answer, stale: true, targets: [] },
    }));
    const { stdout } = await runCommandLine(['availability', '--region', 'mars-1', '--url', gateway.url]);
    expect(stdout).toContain('Nothing was ever observed there');
    expect(stdout).not.toContain('STALE');
  });

  it('exits 1 when nothing that was asked for can be used', async () => {
    await using gateway = await serve();
    const { exitCode } = await runCommandLine([
      'availability',
      '--model',
      'chat-small',
      '--region',
      'eu-west-1',
      '--url',
      gateway.url,
    ]);
    expect(exitCode).toBe(1);
    expect(gateway.calls[0]?.path).toBe('/spillway/v1/availability?region=eu-west-1&format=compact');
  });

  it('shows what changed since a time', async () => {
    await using gateway = await serve();
    const { stdout } = await runCommandLine([
      'availability',
      '--changed-since',
      '5m',
      '--json',
      '--url',
      gateway.url,
    ]);
    expect(JSON.parse(stdout).targets).toEqual([targets[1]]);
  });

  it('shows only configured models with --tracked', async () => {
    await using gateway = await serve();
    const { stdout } = await runCommandLine(['availability', '--tracked', '--json', '--url', gateway.url]);
    expect(JSON.parse(stdout).targets).toEqual(targets.slice(0, 2));
  });

  it('refuses an option that it does not have', async () => {
    const { exitCode, stderr, stdout } = await runCommandLine(['availability', '--regoin', 'x']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'spillway: There is no option --regoin; did you mean --region? (see: spillway availability --help)\n',
    );
  });
});

describe('a moment that a person names', () => {
  const now = Date.parse('2026-11-21T07:30:00Z');
  const iso = (text: string) => new Date(readMoment(text, { option: '--since', now })).toISOString();

  it('is a duration back from now, or a time', () => {
    expect(iso('90m')).toBe('2026-11-21T06:00:00.000Z');
    expect(iso('2026-11-20')).toBe('2026-11-20T00:00:00.000Z');
    expect(iso('2026-11-21T08:00:00+01:00')).toBe('2026-11-21T07:00:00.000Z');
    expect(iso('now')).toBe('2026-11-21T07:30:00.000Z');
  });

  it.each(['yesterday', '5', '-1h', '', '2026-11-21T07:00:00', '2026-02-30'])('is not "%s"', (text) => {
    expect(() => iso(text)).toThrow(
      `--since must be a duration such as 90m, 2h or 7d, or a time with its zone such as`,
    );
    expect(() => iso(text)).toThrow(`not "${text}"`);
  });

  it('is not to come', () => {
    expect(() => iso('2026-11-21T08:30:00Z')).toThrow(
      '--since must be past: "2026-11-21T08:30:00Z" is yet to come',
    );
  });

  it('comes in pairs, the earlier one first', () => {
    expect(readDiff('1h..now', now)).toEqual({ since: now - 3_600_000, until: now });
    expect(() => readDiff('1h', now)).toThrow('--diff must be two moments such as 7d..1d');
    expect(() => readDiff('1h..2h', now)).toThrow(
      '--diff must name the earlier moment first: "1h" is not before "2h"',
    );
    expect(() => readDiff('1h..soon', now)).toThrow('not "soon"');
  });
});

const identity = {
  id: '111111111111/eu-west-1/amazon.nova-lite-v1:0',
  account: '111111111111',
  region: 'eu-west-1',
  model: 'chat-small',
  modelId: 'amazon.nova-lite-v1:0',
  scope: 'in-region',
};
const nobody = { who: 'nobody', text: 'Nothing to repair: it can be used.' };
const day = '2026-11-21T';
const told = {
  since: '2026-11-14T07:30:00.000Z',
  until: '2026-11-21T07:30:00.000Z',
  asOf: '2026-11-21T07:29:00.000Z',
  stale: false,
  counts: { appeared: 0, left: 1, changed: 1, returned: 0, lost: 0 },
  changes: [
    {
      ...identity,
      kind: 'changed',
      at: `${day}05:00:00.000Z`,
      before: { state: 'available', reasons: [], since: '2026-11-10T00:00:00.000Z' },
      after: { state: 'no-agreement', reasons: ['agreement-pending'], since: `${day}05:00:00.000Z` },
      hint: { who: 'wait', text: 'It takes up to 15 minutes.' },
      steps: [
        { at: `${day}04:00:00.000Z`, from: 'available', to: 'denied', reasons: ['no, "really"'] },
        { at: `${day}05:00:00.000Z`, from: 'denied', to: 'no-agreement', reasons: ['agreement-pending'] },
      ],
      stepsLeftOut: 0,
    },
    {
      ...identity,
      id: '111111111111/eu-west-1/other.model',
      model: undefined,
      modelId: 'other.model',
      kind: 'left',
      at: `${day}03:00:00.000Z`,
      before: { state: 'legacy', reasons: ['old, "very"'], since: '2026-11-10T00:00:00.000Z' },
      hint: nobody,
      steps: [{ at: `${day}03:00:00.000Z`, from: 'legacy', reasons: [] }],
      stepsLeftOut: 0,
    },
  ],
  unrecorded: [{ account: '222222222222', region: 'us-east-1', recordedFrom: `${day}01:00:00.000Z` }],
  unreadable: 2,
};

describe('spillway availability over time', () => {
  const serveChanges = () =>
    startLoopbackGateway(({ path }) => {
      const [changed, left] = told.changes;
      if (path.includes('after=')) return { body: { ...told, changes: [left] } };
      return { body: { ...told, changes: [changed], next: '/spillway/v1/availability/changes?after=1' } };
    });
  const run = async (gateway: { readonly url: string }, ...argv: readonly string[]) =>
    runCommandLine(['availability', ...argv, '--url', gateway.url]);

  it('tells what moved since a time, all pages of it, and what is not known', async () => {
    await using gateway = await serveChanges();
    const { stdout, exitCode } = await run(gateway, '--since', '7d', '--region', 'eu-west-1');
    expect(exitCode).toBe(0);
    expect(gateway.calls.map(({ path }) => path)).toEqual([
      '/spillway/v1/availability/changes?region=eu-west-1&since=2026-11-14T07%3A30%3A00.000Z&limit=1000',
      '/spillway/v1/availability/changes?after=1',
    ]);
    expect(stdout).toContain('1 left, 1 changed between 2026-11-14 07:30:00Z and 2026-11-21 07:30:00Z:');
    expect(stdout).toContain('Not recorded then: us-east-1 of 222222222222 (from 2026-11-21 01:00:00Z).');
    expect(stdout).toContain('2 kept entries cannot be read');
    expect(stdout).toContain('available → no agreement');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      '(agreement-pending) It takes up to 15 minutes. by way of denied 2026-11-21 04:00:00Z, no-agreement',
    );
    expect(stdout).toContain('legacy → absent');
  });

  it('prints the contracted JSON, of what was asked for alone', async () => {
    await using gateway = await serveChanges();
    const { stdout } = await run(gateway, '--diff', '7d..1h', '--model', 'other.model', '--json');
    const shown = JSON.parse(stdout);
    expect(shown).toMatchObject({ counts: { left: 1, changed: 0 }, changes: [{ modelId: 'other.model' }] });
    expect(gateway.calls[0]?.path).toContain('until=2026-11-21T06%3A30%3A00.000Z');
  });

  it('prints comma-separated values that hold commas, quotes and nothing', async () => {
    await using gateway = await serveChanges();
    const { stdout } = await run(gateway, '--since', '7d', '--csv');
    const [head, , left] = stdout.split('\r\n');
    expect(head).toMatch(/^at,kind,id,account,region,model,/);
    expect(left).toContain(',legacy,2026-11-10T00:00:00.000Z,"old, ""very""",,,,1,nobody,');
    await using matrix = await serve();
    const lines = (await run(matrix, '--csv')).stdout.trimEnd().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toContain('eu-west-1,chat-small,amazon.nova-lite-v1:0,,,in-region,denied,');
  });

  it('exits 1 where nothing is known of that time', async () => {
    const { recordedFrom: _, ...never } = told.unrecorded[0] ?? {};
    await using gateway = await startLoopbackGateway(() => ({
      body: { ...told, changes: [], unrecorded: [never] },
    }));
    const { stdout, exitCode } = await run(gateway, '--since', '7d');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('(never)')]);
  });

  it('draws the matrix of a past moment, and says where nobody knows it', async () => {
    const at = '2026-11-20T07:30:00.000Z';
    await using gateway = await startLoopbackGateway(() => ({
      body: { ...answer, at, asOf: at, unrecorded: told.unrecorded },
    }));
    const { stdout } = await run(gateway, '--at', '1d');
    expect(gateway.calls[0]?.path).toBe(
      '/spillway/v1/availability?at=2026-11-20T07%3A30%3A00.000Z&format=compact',
    );
    expect(stdout).toMatch(
      /^Availability at 2026-11-20 07:30:00Z \(1 day ago\)\nNot recorded then: us-east-1/,
    );
    expect(stdout).toContain('  amazon.nova-lite-v1:0 ●    ✗\n');
  });

  it.each([
    [['--since', '1h', '--at', '2h'], '--since and --at ask for different things: name one of them'],
    [['--watch', '--diff', '2h..1h'], '--watch and --diff ask for different things'],
    [['--csv', '--json'], '--csv and --json are two forms'],
    [['--watch', '--csv'], '--watch has no --csv'],
    [['--every', '5s'], '--every says how often --watch asks'],
    [['--watch', '--every', '0s'], '--every must be 1s or more, not "0s"'],
    [['--since', '1h', '--changed-since', '1h'], '--changed-since narrows the matrix'],
    [['--since', 'monday'], '--since must be a duration'],
  ])('refuses %j', async (argv, message) => {
    const { exitCode, stderr } = await runCommandLine(['availability', ...argv]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
