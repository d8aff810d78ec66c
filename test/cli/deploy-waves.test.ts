/** `spillway deploy-waves` over real templates, with alarms of the local AWS and a stand-in for the CDK's command line. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CdkStandIn, createCdkStandIn } from '#test/builders/cdk-stand-in.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { type LocalClients, openLocalClients } from '#test/builders/local-clients.ts';

let local: LocalClients;
let cdk: CdkStandIn | undefined;
beforeAll(async () => {
  local = await openLocalClients();
});
afterEach(async () => {
  cdk?.close();
  await local.control('DELETE', '/_local/faults');
});
afterAll(() => local.close());

const config = ['--config', 'examples/acme.config.ts'];
const waves = (...options: readonly string[]) => runCommandLine(['deploy-waves', ...config, ...options]);

function run(failing: string | undefined, ...options: readonly string[]) {
  cdk = createCdkStandIn(failing);
  const words = ['deploy-waves', ...config, '--run', '--bake-minutes', '0', '--aws-url', local.url];
  return runCommandLine([...words, ...options], { cdkProgram: cdk.program });
}

/** The stacks of each `cdk deploy`, by the first words of their ids. */
const deployed = (): readonly string[] =>
  (cdk?.calls() ?? [])
    .filter(([command]) => command === 'deploy')
    .map((call) => [...new Set(call.slice(8).map((id) => id.split('-')[0]))].join(' '));

describe('deploy-waves', () => {
  it('prints what anybody can run by hand, wave by wave', async () => {
    const { exitCode, stdout } = await waves('--first', 'eu-west-1');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      ' state\n   npx cdk deploy --exclusively State-us-east-1 -c config=examples/acme.config.ts\n   then 10 minutes',
    );
    expect(stdout).toContain(
      ' one-region: eu-west-1\n   npx cdk deploy --exclusively Discovery-222222222222-eu-west-1 Gateway-eu-west-1 -c config=examples/acme.config.ts\n',
    );
  });

  it('prints each command in one line, however narrow, with all that -c must say, in words of a shell', async () => {
    const session = { columns: 40 };
    const context = ['--context', 'organization=o-a1b2c3d4e5', '--context', "note=it's two words"];
    const { stdout } = await runCommandLine(['deploy-waves', ...config, ...context], session);
    const { stdout: plan } = await waves('--json', ...context);
    const all: { readonly waves: readonly { readonly stacks: readonly string[] }[] } = JSON.parse(plan);
    const settings = `-c config=examples/acme.config.ts -c organization=o-a1b2c3d4e5 -c 'note=it'\\''s two words'`;
    expect(stdout.split('\n').filter((text) => text.includes('npx cdk'))).toEqual(
      all.waves.map(({ stacks }) => `   npx cdk deploy --exclusively ${stacks.join(' ')} ${settings}`),
    );
  });

  it('has every stack in one wave, for programs, from the wave that is named', async () => {
    const { stdout } = await waves('--json', '--from', 'one-region');
    const plan: { readonly waves: { readonly name: string; readonly stacks: readonly string[] }[] } =
      JSON.parse(stdout);
    const stacks = plan.waves.flatMap((wave) => wave.stacks);
    expect(new Set(stacks).size).toBe(stacks.length);
    expect(stacks.filter((id) => id.startsWith('Discovery-'))).toHaveLength(10);
    expect(plan.waves[0]?.name).toBe('one-region: ap-northeast-1');
  });

  it('deploys the waves one after the other', async () => {
    const { exitCode, stdout, stderr } = await run(undefined);
    expect(stdout).toBe('Every wave is deployed, and no alarm went off.\n');
    expect(exitCode).toBe(0);
    const regional = deployed().indexOf('Access Control Dashboards') + 1;
    expect(deployed()[regional - 2]).toBe('State');
    expect(deployed()).toHaveLength(regional + 3);
    for (const stacks of deployed().slice(regional)) expect(stacks).toContain('Discovery');
    expect(stderr).toContain('state: deploying 1 stacks');
  });

  it('stops at a stack that fails, says what is deployed and how to go on', async () => {
    const { exitCode, stdout } = await run('Gateway-ap-northeast-1');
    expect(exitCode).toBe(1);
    expect(deployed().at(-1)).toBe('Discovery Gateway');
    const said = stdout.replace(/\s+/g, ' ');
    expect(said).toContain(
      'A stack failed in one-region: ap-northeast-1: cdk deploy ended with exit code 1. ',
    );
    expect(said).toMatch(/Deployed: .*state; control\. Mend it; to go on, .* --from one-region\./);
  });

  it('deploys nothing where alarms cannot be read', async () => {
    const rule = { service: 'monitoring', operation: 'DescribeAlarms', kind: 'refuse' };
    await local.control('PUT', '/_local/faults', [rule]);
    const { exitCode, stdout } = await run(undefined, '--from', 'control');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Alarms or tables could not be read in control:');
    expect(deployed()).toEqual([]);
  });

  it.each([
    [['--from', 'last'], '--from: there is no wave "last"; the waves are '],
    [['--bake-minutes', 'long'], '--bake-minutes must be a number from 0 to 1440, got "long"'],
    [['--context', 'alone'], '--context must be <name>=<value>, got "alone"'],
  ])('refuses %j', async (options, message) => {
    const { exitCode, stderr } = await waves(...options);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
