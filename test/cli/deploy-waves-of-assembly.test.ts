/** `spillway deploy-waves --assembly`: waves of templates that are made already, as each stage of a pipeline deploys one. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CdkStandIn, createCdkStandIn } from '#test/builders/cdk-stand-in.ts';
import { type CliSession, runCommandLine } from '#test/builders/cli-session.ts';
import { type LocalClients, openLocalClients } from '#test/builders/local-clients.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-assembly-'));
const stack = (account: string, region: string) => ({
  type: 'aws:cloudformation:stack',
  environment: `aws://${account}/${region}`,
  properties: {
    tags: { 'spillway:deployment': 'acme' },
    lookupRole: { arn: `arn:\${AWS::Partition}:iam::${account}:role/cdk-x-lookup-role-${account}-${region}` },
  },
});
const artifacts = {
  'Keys-eu-west-1': stack('111111111111', 'eu-west-1'),
  'State-us-east-1': stack('111111111111', 'us-east-1'),
  'Discovery-222222222222-eu-west-1': stack('222222222222', 'eu-west-1'),
  'Gateway-eu-west-1': stack('222222222222', 'eu-west-1'),
  'Discovery-111111111111-us-east-1': stack('111111111111', 'us-east-1'),
  'Pipeline-us-east-1': stack('111111111111', 'us-east-1'),
};

let local: LocalClients;
let cdk: CdkStandIn | undefined;
beforeAll(async () => {
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
  local = await openLocalClients();
});
afterEach(() => {
  cdk?.close();
  vi.unstubAllEnvs();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await local.close();
});

function waves(options: readonly string[], session: CliSession = {}) {
  const words = ['deploy-waves', '--config', 'examples/acme.config.ts', '--assembly', folder];
  return runCommandLine([...words, '--bake-minutes', '0', ...options], {
    ...(cdk === undefined ? {} : { cdkProgram: cdk.program }),
    ...session,
  });
}

const run = (options: readonly string[], session?: CliSession) =>
  waves(['--run', '--aws-url', local.url, ...options], session);

describe('deploy-waves --assembly', () => {
  it('plans what the assembly holds, without the pipeline, and says which command deploys it from there', async () => {
    const { stdout } = await waves([]);
    expect(stdout).toContain(`npx cdk deploy --exclusively State-us-east-1 --app ${folder}\n`);
    expect(stdout).toContain(' one-region: eu-west-1\n');
    expect(stdout).not.toContain('Pipeline');
  });

  it('deploys nothing of another deployment, whose alarms it would not see', async () => {
    cdk = createCdkStandIn();
    const foreign = join(folder, 'foreign');
    const words = JSON.stringify({ artifacts }).replaceAll('"acme"', '"other"');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'manifest.json'), words);
    const { exitCode, stderr } = await run(['--assembly', foreign]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is of the deployment other, and the configuration is of acme');
    expect(cdk.calls()).toEqual([]);
  });

  it('deploys one wave alone, and makes no templates again', async () => {
    cdk = createCdkStandIn();
    const { exitCode } = await run([
      '--only',
      'one-region',
      '--expect',
      'keys,state,one-region,one-per-geography',
    ]);
    expect(exitCode).toBe(0);
    const deploy = [
      'deploy',
      '--app',
      folder,
      '--exclusively',
      '--require-approval',
      'never',
      '--concurrency',
      '8',
    ];
    expect(cdk.calls()).toEqual([[...deploy, 'Discovery-222222222222-eu-west-1', 'Gateway-eu-west-1']]);
  });

  it('fails where the plan has other waves than a pipeline has stages, before anything is deployed', async () => {
    cdk = createCdkStandIn();
    const { exitCode, stderr } = await run(['--only', 'keys', '--expect', 'keys,state,control']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'The plan has the waves keys,state,one-region,one-per-geography, and keys,state,control were expected.',
    );
    expect(cdk.calls()).toEqual([]);
  });

  it('reads alarms under the look-up role of each account', async () => {
    cdk = createCdkStandIn();
    vi.stubEnv('AWS_ENDPOINT_URL', local.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'LKIA111111111111');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local-LKIA111111111111');
    const client = new CloudWatchClient(local.settings('eu-west-1', '222222222222'));
    const names = { AlarmName: 'acme-gateway-errors', MetricName: 'Errors', Namespace: 'AWS/Lambda' };
    const bounds = { Period: 60, Statistic: 'Sum', Threshold: 1, EvaluationPeriods: 1 } as const;
    await client.send(
      new PutMetricAlarmCommand({ ...names, ...bounds, ComparisonOperator: 'GreaterThanOrEqualToThreshold' }),
    );
    await client.send(
      new SetAlarmStateCommand({ AlarmName: names.AlarmName, StateValue: 'ALARM', StateReason: 'a test' }),
    );
    client.destroy();
    const { exitCode, stderr } = await waves(['--run', '--lookup-roles', '--only', 'one-region']);
    expect(stderr).toContain(
      'went off before, and stops nothing: acme-gateway-errors (222222222222 eu-west-1)',
    );
    expect(exitCode).toBe(0);
  });

  it('ends the CDK when it is interrupted, and says which wave to begin with again', async () => {
    const hanging = createCdkStandIn(undefined, 'State-us-east-1');
    cdk = hanging;
    const outcome = run(['--from', 'state']);
    await vi.waitFor(() => expect(hanging.calls()).toHaveLength(1), 20_000);
    process.emit('SIGINT');
    const { exitCode, stdout, stderr } = await outcome;
    expect(exitCode).toBe(1);
    expect(stderr).toContain('state: deploying 1 stacks (to begin here again: --from state)');
    expect(stdout.replace(/\s+/g, ' ')).toBe(
      'Interrupted in state: what CloudFormation had begun goes on by itself. Nothing is deployed. To go on, repeat the command with --from state. ',
    );
  });

  it('refuses a second run while one is under way', async () => {
    const hanging = createCdkStandIn(undefined, 'State-us-east-1');
    cdk = hanging;
    const lockFolder = mkdtempSync(join(tmpdir(), 'spillway-lock-'));
    const first = run(['--only', 'state'], { lockFolder });
    await vi.waitFor(() => expect(hanging.calls()).toHaveLength(1), 20_000);
    const second = await run(['--only', 'keys'], { lockFolder });
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain('is deploying acme in waves already');
    process.emit('SIGTERM');
    await first;
    expect((await run(['--only', 'keys'], { lockFolder })).exitCode).toBe(0);
    rmSync(lockFolder, { recursive: true, force: true });
  });

  it.each([
    [['--from', 'state', '--only', 'keys'], '--from and --only exclude each other'],
    [['--context', 'a=b'], '--context and --assembly exclude each other'],
    [['--lookup-roles', '--profile', 'home'], '--lookup-roles and --profile exclude each other'],
    [['--only', 'control'], '--only: there is no wave "control"; the waves are keys, state, one-region'],
  ])('refuses %j', async (options, message) => {
    const { exitCode, stderr } = await waves(options);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('says what a folder lacks that holds no assembly', async () => {
    const words = ['deploy-waves', '--config', 'examples/acme.config.ts', '--assembly', join(folder, 'none')];
    const { exitCode, stderr } = await runCommandLine(words);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no cloud assembly can be read: ENOENT');
  });
});
