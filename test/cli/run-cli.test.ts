import { describe, expect, it } from 'vitest';
import { runCommandLine } from '#test/builders/cli-session.ts';

const names = [
  'availability',
  'routes',
  'explain',
  'history',
  'overrides',
  'publish',
  'rollback',
  'pin',
  'lift-hold',
  'disable',
  'enable',
  'release-region',
  'key create',
  'key rotate',
  'key revoke',
  'key list',
  'capacity plan',
  'capacity engines',
  'audit verify',
  'audit residency',
  'audit replay',
  'plan-deploy',
  'deploy-waves',
  'scp',
  'doctor',
];

/** As many words as the command must have. */
function positionalsOf(name: string): readonly string[] {
  const route = ['chat-small', 'eu'];
  const target = ['111111111111/us-east-1/amazon.nova-lite-v1:0'];
  const words: Readonly<Record<string, readonly string[]>> = {
    ...{ explain: ['chat-small'], history: ['chat-small'], 'capacity plan': ['chat-small'] },
    ...{ publish: route, rollback: route, pin: route, 'lift-hold': route },
    ...{ disable: target, enable: target, 'release-region': ['111111111111', 'us-east-1'] },
    ...{ 'key rotate': ['k'], 'key revoke': ['k'] },
  };
  return words[name] ?? [];
}

describe('runCli', () => {
  it('lists every command, within the width of the terminal', async () => {
    const { exitCode, stdout } = await runCommandLine([], { columns: 60 });
    expect(exitCode).toBe(0);
    for (const name of ['start', ...names]) expect(stdout).toContain(`\n  ${name} `);
    expect(stdout.split('\n').every((line) => line.length <= 60)).toBe(true);
  });

  it.each(names)('tells the options and the exit code of %s', async (name) => {
    const { exitCode, stdout, stderr } = await runCommandLine([...name.split(' '), '--help'], {
      columns: 80,
    });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`spillway ${name}`);
    expect(stdout).toContain('--json');
    expect(stdout).toContain('Exit code 1:');
  });

  it('lists the commands of a group where its help is asked for', async () => {
    const { exitCode, stdout, stderr } = await runCommandLine(['key', '--help'], { columns: 80 });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.match(/^ {2}key \w+/gm)).toEqual([
      '  key create',
      '  key rotate',
      '  key revoke',
      '  key list',
    ]);
  });

  it.each(names)('refuses an unknown option of %s by name', async (name) => {
    const { exitCode, stdout, stderr } = await runCommandLine([...name.split(' '), '--qqq']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe(`spillway: There is no option --qqq (see: spillway ${name} --help)\n`);
  });

  it.each([
    [['key'], 'nothing'],
    [['key', 'destroy'], '"destroy"'],
  ])('asks what is meant by %j', async (argv, got) => {
    const { exitCode, stderr } = await runCommandLine(argv);
    expect([exitCode, stderr]).toEqual([
      2,
      `spillway: spillway key needs to know what: key create, key rotate, key revoke, key list; got ${got}.\n`,
    ]);
  });

  it('refuses an address that is no URL', async () => {
    const gateway = await runCommandLine(['availability', '--url', 'nowhere']);
    expect([gateway.exitCode, gateway.stderr]).toEqual([
      2,
      'spillway: --url must be a URL such as http://127.0.0.1:4000, not "nowhere"\n',
    ]);
    const aws = await runCommandLine(['routes', '--aws-url', 'nowhere']);
    expect([aws.exitCode, aws.stderr]).toEqual([
      2,
      'spillway: --aws-url must be a URL such as http://127.0.0.1:4566, not "nowhere"\n',
    ]);
  });

  it('tells every violation of a configuration that cannot be used', async () => {
    const { exitCode, stderr } = await runCommandLine(['routes', '--config', 'package.json']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('package.json is not a usable configuration:\n');
  });

  it.each(names)('takes a file that is not there as bad use of %s', async (name) => {
    const argv = [...name.split(' '), ...positionalsOf(name), '--config', 'nope.ts'];
    const { exitCode, stdout, stderr } = await runCommandLine(argv);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('no such file; looked for ');
  });

  it('takes a file that the environment names as if the option had', async () => {
    const { exitCode, stdout, stderr } = await runCommandLine(['doctor'], {
      environment: { SPILLWAY_CONFIG: 'nope.ts' },
    });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('no such file; looked for ');
  });
});
