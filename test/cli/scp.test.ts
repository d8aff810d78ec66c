import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePolicy } from '#core/permissions/policy-document.ts';
import acme from '#examples/acme.config.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-scp-'));
const configFile = join(folder, 'spillway.config.json');
const policyFile = join(folder, 'policy.json');

beforeAll(() => writeFileSync(configFile, JSON.stringify(acme)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scp = (...more: readonly string[]) => runCommandLine(['scp', '--config', configFile, ...more]);
const doctor = (...more: readonly string[]) =>
  runCommandLine(['doctor', '--config', configFile, '--scp', policyFile, ...more]);

const keep = (policy: unknown) =>
  writeFileSync(policyFile, typeof policy === 'string' ? policy : JSON.stringify(policy));

const europe = ['eu-central-1', 'eu-north-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'];
const regionDeny = (...regions: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'OnlyEurope',
      Effect: 'Deny',
      NotAction: ['iam:*', 'organizations:*', 'sts:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': regions } },
    },
  ],
});

describe('spillway scp', () => {
  it('prints a policy that doctor finds no fault with', async () => {
    const { exitCode, stdout } = await scp('--residency', 'eu,frankfurt');
    expect(exitCode).toBe(0);
    const policy = JSON.parse(stdout);
    expect(parsePolicy(policy).ok).toBe(true);
    expect(policy.Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
      'DenyAnywhere',
      'DenyGlobalProfiles',
      'DenyOutsideResidencies',
      'DenyReadsOutsideResidencies',
    ]);
    keep(policy);
    writeFileSync(
      configFile,
      JSON.stringify({
        ...acme,
        residencies: { eu: { jurisdictions: ['EU'] } },
        models: withoutBaselines(),
        tenants: {},
      }),
    );
    const checked = await doctor('--account', '222222222222');
    expect([checked.exitCode, checked.stdout]).toEqual([
      0,
      expect.stringMatching(/leaves (\d+) of \1 ways to call models open/),
    ]);
    writeFileSync(configFile, JSON.stringify(acme));
  });

  it('has nothing to say where a residency has no bounds, and refuses names that nobody has', async () => {
    const open = await scp();
    expect((await scp('--residency', 'anywhere')).exitCode).toBe(1);
    expect([open.exitCode, open.stderr]).toEqual([
      2,
      'spillway: Nothing can be denied to accounts that serve anywhere, which has no bounds. Name the residencies of other accounts with --residency.\n',
    ]);
    const wrong = await scp('--residency', 'eu,mars');
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      'spillway: --residency must name residencies of the configuration with commas (us, eu, japan, frankfurt, anywhere); "mars" is none\n',
    ]);
  });
});

describe('spillway doctor --scp', () => {
  it('names every profile, destination and statement that break', async () => {
    keep(regionDeny(...europe));
    const { exitCode, stdout } = await doctor('--account', '222222222222', '--json');
    expect(exitCode).toBe(1);
    const { checks } = JSON.parse(stdout);
    const broken = checks
      .filter(({ status }: { status: string }) => status === 'broken')
      .map(({ subject, detail }: { subject: string; detail: string }) => `${subject}: ${detail}`);
    expect(broken).toContain(
      'eu.anthropic.claude-sonnet-4-5-20250929-v1:0 from eu-west-3: statement OnlyEurope denies the destination eu-south-1, so the whole call fails',
    );
    expect(broken).toContain(
      'global.anthropic.claude-sonnet-4-5-20250929-v1:0 from eu-west-3: statement OnlyEurope denies the region "unspecified", as which AWS counts a call that may run anywhere, so the whole call fails',
    );
    expect(broken).toHaveLength(8);
    const people = await doctor('--account', '222222222222');
    expect(people.stdout).toContain('1. Except eu-south-1 for Bedrock in statement OnlyEurope of');
  });

  it('is content with a region deny that knows all destinations', async () => {
    keep(regionDeny(...europe, 'eu-south-1', 'unspecified'));
    expect((await doctor('--account', '222222222222')).exitCode).toBe(0);
    // The Americas and Japan are closed.
    expect((await doctor()).exitCode).toBe(1);
  });

  it('says what is wrong with a file, or with an account', async () => {
    keep('{');
    expect((await doctor()).stderr).toContain('policy.json is not JSON: ');
    keep({ Statement: [{ Effect: 'Maybe', Action: '*' }] });
    expect((await doctor()).stderr).toContain(
      'policy.json is no policy: Statement[0].Effect: must be "Allow" or "Deny", not "Maybe"',
    );
    const wrong = await doctor('--account', '999999999999');
    keep(regionDeny('eu-west-1'));
    expect(wrong.exitCode).toBe(2);
    expect((await doctor('--account', '999999999999')).stderr).toContain(
      '--account must be an account of the configuration (111111111111, 222222222222, 333333333333), not "999999999999"',
    );
  });

  it('refuses in one sentence what is no policy', async () => {
    const said = async (file: string) => {
      const { exitCode, stdout, stderr } = await runCommandLine([
        ...['doctor', '--config', configFile, '--scp', file],
      ]);
      expect([exitCode, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(await said(join(folder, 'nowhere.json'))).toMatch(/--scp: there is no file .*nowhere\.json\n$/);
    expect(await said(folder)).toMatch(/is a directory, not a file with a policy\n$/);
    keep('\n');
    expect(await said(policyFile)).toMatch(/is empty; it must have a policy as JSON\n$/);
    keep('[]');
    expect(await said(policyFile)).toMatch(/is no policy: the policy: must be an object\n$/);
    keep({ Statment: [] });
    expect(await said(policyFile)).toMatch(/Statment: is no member; did you mean Statement\?\n$/);
    const [statement] = regionDeny('eu-west-1').Statement;
    keep({
      Statement: [{ ...statement, Condition: { StringNotEqual: { 'aws:RequestedRegion': 'eu-west-1' } } }],
    });
    expect(await said(policyFile)).toContain(
      'Statement[0].Condition: "StringNotEqual" is no condition operator of IAM; did you mean StringNotEquals?',
    );
  });

  it('tells what depends on more than it knows', async () => {
    const conditional = {
      Effect: 'Deny',
      Action: 'bedrock:*',
      Resource: '*',
      Condition: { Bool: { 'aws:ViaAWSService': 'true' } },
    };
    keep({ Statement: [conditional, { Effect: 'Allow', Action: '*', Resource: '*' }] });
    const depends = await doctor('--account', '333333333333');
    expect(depends.exitCode).toBe(1);
    expect(depends.stdout.replace(/\s+/g, ' ')).toContain('depends on aws:viaawsservice, ask who keeps');
    expect(depends.stdout).not.toContain('Nothing must be done');
    const { Condition } = conditional;
    keep({ Statement: [{ Sid: 'Tagged', Effect: 'Allow', Action: '*', Resource: '*', Condition }] });
    const allowed = await doctor('--account', '333333333333');
    expect(allowed.exitCode).toBe(1);
    expect(allowed.stdout.replace(/\s+/g, ' ')).toContain('only statement Tagged may allow');
    keep({ Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] });
    const other = await doctor('--account', '333333333333');
    expect([other.exitCode, other.stdout]).toEqual([
      0,
      expect.stringContaining('Make sure that another policy beside'),
    ]);
  });
});

function withoutBaselines() {
  return Object.fromEntries(
    Object.entries(acme.models).map(([name, { candidates, kind }]) => [
      name,
      { candidates, ...(kind === undefined ? {} : { kind }) },
    ]),
  );
}
