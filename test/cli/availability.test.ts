import { describe, expect, it } from 'vitest';
import { filterTargets, parseSince } from '#cli/availability/filter-availability.ts';
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
    expect(gateway.calls[0]?.path).toBe('/spillway/v1/availability?region=eu-west-1');
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

describe('parseSince', () => {
  const now = Date.parse('2026-11-21T07:30:00Z');
  it('takes durations and times', () => {
    expect(parseSince('90m', now)).toBe('2026-11-21T06:00:00.000Z');
    expect(parseSince('2026-11-20', now)).toBe('2026-11-20T00:00:00.000Z');
  });
  it('refuses anything else', () => {
    for (const text of ['yesterday', '5', '-1h', ''])
      expect(() => parseSince(text, now)).toThrow('--changed-since must be');
  });
});
