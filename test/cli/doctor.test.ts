import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provisionEndpoint } from '#adapters/aws/endpoint-provisioner.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import { catalogueFileSchema } from '#cli/record/recorded-answers.ts';
import { tableArn, tableName } from '#contract/resources.ts';
import { tableDefinitions } from '#contract/tables.ts';
import acme from '#examples/acme.config.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { callControl } from '#test/builders/local-test-server.ts';
import { startLoopbackGateway } from '#test/builders/loopback-gateway.ts';

const home = '111111111111';
const folder = mkdtempSync(join(tmpdir(), 'spillway-doctor-'));
const configFile = join(folder, 'spillway.config.json');
let aws: LocalAws;

beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
  writeFileSync(configFile, JSON.stringify({ ...acme, gateways: ['us-east-1'] }));
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true, force: true });
});

async function provision(): Promise<void> {
  const access = { endpoint: aws.url, credentials: localCredentials(home) };
  for (const definition of tableDefinitions) {
    const place = { deployment: 'acme', kind: definition.kind, account: home, region: 'us-east-1' };
    const name = tableName('acme', definition.kind);
    const plan = {
      definition,
      name,
      arn: tableArn(place),
      region: 'us-east-1',
      replicaRegions: [],
      guestAccounts: [],
    };
    await provisionTable(plan, access);
  }
  await provisionEndpoint(
    { account: home, region: 'us-east-1', endpoint: 'chat-small', copies: 2, concurrencyPerCopy: 8 },
    access,
  );
}

const healthy = () =>
  startLoopbackGateway(({ path }) =>
    path === '/readyz'
      ? { body: { ready: true } }
      : { body: { asOf: '2026-11-21T07:29:55.000Z', stale: false, targets: [] } },
  );

const doctor = (gatewayUrl: string, ...more: readonly string[]) =>
  runCommandLine(['doctor', '--config', configFile, '--aws-url', aws.url, '--url', gatewayUrl, ...more]);

async function withFaults<Result>(faults: readonly object[], run: () => Promise<Result>): Promise<Result> {
  await callControl(aws, 'PUT', 'faults', faults);
  try {
    return await run();
  } finally {
    await callControl(aws, 'DELETE', 'faults');
  }
}

describe('spillway doctor', () => {
  it('names what is missing, and then finds nothing that must be done', async () => {
    await using gateway = await healthy();
    const before = await doctor(gateway.url, '--json');
    expect(before.exitCode).toBe(1);
    const todos = JSON.parse(before.stdout).todo.filter(({ must }: { must: boolean }) => must);
    expect(todos.map(({ text }: { text: string }) => text)).toEqual([
      'Deploy endpoint chat-small, or take it out of the configuration.',
      'Create table acme-routes: deploy the State stack, or run `npm start` for local mode.',
      'Create table acme-observations: deploy the State stack, or run `npm start` for local mode.',
      'Create table acme-tenants: deploy the State stack, or run `npm start` for local mode.',
    ]);
    await provision();
    const after = await doctor(gateway.url);
    expect(after.stdout).toContain('Nothing must be done. Worth a look:');
    expect(after.exitCode).toBe(0);
    expect(after.stdout).toMatch(/Bedrock +✔ 30 of 30 fine/);
    expect(after.stdout).toMatch(/Service Quotas +✔ 10 of 10 fine/);
    expect(after.stdout).toMatch(/Discovery +✔ us-east-1 http:\S+: 0 targets, 5 seconds ago/);
  });

  it('names the permission that an account lacks, once, with its places', async () => {
    await using gateway = await healthy();
    const fault = {
      service: 'bedrock',
      operation: 'ListInferenceProfiles',
      account: '222222222222',
      kind: 'error',
      error: 'AccessDeniedException',
    };
    const { exitCode, stdout } = await withFaults([fault], () => doctor(gateway.url, '--json'));
    expect(exitCode).toBe(1);
    const [todo] = JSON.parse(stdout).todo;
    expect(todo.text).toBe(
      'Allow bedrock:ListInferenceProfiles to these credentials; a service control policy may deny it too.',
    );
    expect(todo.places).toEqual([
      'eu-central-1 (222222222222)',
      'eu-west-1 (222222222222)',
      'eu-west-3 (222222222222)',
      'eu-north-1 (222222222222)',
    ]);
  });

  it('tells an opt-in region that was never enabled from credentials that nobody knows', async () => {
    await using gateway = await healthy();
    const accounts = acme.accounts.map((account) =>
      account.id === '222222222222' ? { ...account, regions: ['eu-south-1', ...account.regions] } : account,
    );
    writeFileSync(configFile, JSON.stringify({ ...acme, accounts, gateways: ['us-east-1'] }));
    const refused = { kind: 'error', error: 'UnrecognizedClientException' };
    const todosOf = async (faults: readonly object[]) => {
      const { exitCode, stdout } = await withFaults(faults, () => doctor(gateway.url, '--json'));
      expect(exitCode).toBe(1);
      return JSON.parse(stdout)
        .todo.filter(({ must }: { must: boolean }) => must)
        .map(({ text, places }: { text: string; places: string[] }) => `${places}: ${text}`);
    };
    const services = ['bedrock', 'servicequotas', 'monitoring', 's3'];
    const disabled = services.map((service) => ({ service, region: 'eu-south-1', ...refused }));
    expect(await todosOf(disabled)).toEqual([
      'eu-south-1 (222222222222): Enable eu-south-1 in account 222222222222 (account:EnableRegion): an opt-in region takes no credentials before. Where it is enabled, sign in again with tokens of a regional STS endpoint.',
    ]);
    const everywhere = [{ service: 'sts', account: '222222222222', ...refused }];
    expect(await todosOf(everywhere)).toEqual([expect.stringMatching(/^eu-central-1.*Check --aws-url/)]);
    writeFileSync(configFile, JSON.stringify({ ...acme, gateways: ['us-east-1'] }));
  });

  it('takes an empty list for trouble, not for an answer', async () => {
    await using gateway = await healthy();
    const fault = {
      service: 'bedrock',
      operation: 'ListFoundationModels',
      region: 'us-west-2',
      kind: 'empty',
    };
    const { stdout } = await withFaults([fault], () => doctor(gateway.url));
    expect(stdout).toContain('✗ ListFoundationModels at us-west-2 (111111111111): answered an empty list');
  });

  it('reports a gateway that is not ready, and stale discovery', async () => {
    await using waiting = await startLoopbackGateway(() => ({
      status: 503,
      body: { ready: false, missing: ['chat-large/eu'] },
    }));
    const notReady = await doctor(waiting.url);
    expect(notReady.exitCode).toBe(1);
    expect(notReady.stdout).toContain('chat-large/eu');
    await using stale = await startLoopbackGateway(({ path }) => ({
      body: path === '/readyz' ? {} : { asOf: '2026-11-21T05:30:00.000Z', stale: true, targets: [] },
    }));
    const { stdout } = await doctor(stale.url);
    expect(stdout).toContain('Find out why discovery does not report');
  });

  it('asks nothing more of an account whose credentials fail', async () => {
    const { exitCode, stdout } = await runCommandLine([
      'doctor',
      '--config',
      configFile,
      '--aws-url',
      'http://127.0.0.1:9',
      '--url',
      'http://127.0.0.1:9',
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/Credentials +✗ 0 of 3 fine/);
    expect(stdout).not.toContain('Bedrock');
    expect(stdout).toContain('1. Start local mode with `npm start`: nothing answers at http://127.0.0.1:9');
  });

  it('lists every violation of a configuration and goes no further', async () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, JSON.stringify({ ...acme, name: 'Not A Name', gateways: [] }));
    const { exitCode, stdout } = await runCommandLine(['doctor', '--config', broken]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`1. Correct name in ${broken}: `);
    expect(stdout).toContain(`2. Correct gateways in ${broken}: `);
    expect(stdout).not.toContain('Credentials');
  });

  it('says what was not checked where the shape is wrong, and nothing of the kind where relations are', async () => {
    const note = 'relations between settings are checked once the shape is right';
    const broken = join(folder, 'shape.json');
    writeFileSync(broken, JSON.stringify({ ...acme, gateways: [] }));
    const shape = ['doctor', '--config', broken];
    expect((await runCommandLine(shape)).stdout).toContain(`– relations: ${note}`);
    const { checks, todo } = JSON.parse((await runCommandLine([...shape, '--json'])).stdout);
    expect(checks.at(-1)).toMatchObject({ area: 'Configuration', status: 'skipped', detail: note });
    expect(todo).toHaveLength(1);
    const unrelated = join(folder, 'relations.json');
    writeFileSync(unrelated, JSON.stringify({ ...acme, gateways: ['us-west-1'] }));
    const { exitCode, stdout } = await runCommandLine(['doctor', '--config', unrelated]);
    expect(exitCode).toBe(1);
    expect(stdout).not.toContain(note);
  });
});

describe('spillway doctor --account --region', () => {
  const place = { account: '222222222222', region: 'eu-central-1' };
  const narrow = (...more: readonly string[]) =>
    runCommandLine([
      'doctor',
      '--config',
      configFile,
      '--aws-url',
      aws.url,
      '--account',
      place.account,
      ...more,
    ]);

  async function withSettings<Result>(settings: object, run: () => Promise<Result>): Promise<Result> {
    await callControl(aws, 'PATCH', 'account-settings', [{ ...place, ...settings }]);
    try {
      return await run();
    } finally {
      await callControl(aws, 'DELETE', 'account-settings');
    }
  }

  it('asks one place alone, and neither tables nor gateways', async () => {
    const { exitCode, stdout } = await narrow('--region', place.region);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Bedrock +✔ 3 of 3 fine/);
    expect(stdout).toMatch(/Prompts +✔ eu-central-1 \(222222222222\): inside every residency/);
    expect(stdout).not.toMatch(/DynamoDB|Gateways/);
    const all = await narrow('--json');
    const places = new Set(JSON.parse(all.stdout).checks.map((check: { place: string }) => check.place));
    expect([...places].filter((name) => String(name).includes('2222'))).toHaveLength(4);
    expect([...places].some((name) => String(name).includes('1111'))).toBe(false);
  });

  it('fails on what takes prompts out of a residency, and names what to do', async () => {
    const settings = {
      logBucket: 'logs-of-somebody',
      retentionMode: 'provider_data_share',
      guardrails: [{ id: 'mask', profileId: 'us.guardrail.v1:0', enforced: true }],
    };
    const { exitCode, stdout } = await withSettings(settings, () => narrow('--json'));
    expect(exitCode).toBe(1);
    const todos = JSON.parse(stdout).todo.filter(({ must }: { must: boolean }) => must);
    expect(todos.map(({ text, places }: { text: string; places: string[] }) => `${places}: ${text}`)).toEqual(
      [
        'eu-central-1 (222222222222): Log model invocations to a bucket of the same account inside eu, frankfurt, or not at all (bedrock:DeleteModelInvocationLoggingConfiguration).',
        "eu-central-1 (222222222222): Take the account's data-retention mode back from provider_data_share (bedrock:PutAccountDataRetention), or serve eu, frankfurt, anywhere from other accounts.",
        'eu-central-1 (222222222222): Enforce a guardrail without cross-region inference, or none: us.guardrail.v1:0 may judge prompts outside eu, frankfurt.',
      ],
    );
  });

  it('fails where it may not look, and notes a quota of zero', async () => {
    const fault = {
      service: 'bedrock',
      operation: 'GetAccountDataRetention',
      kind: 'error',
      error: 'AccessDeniedException',
    };
    const denied = await withFaults([fault], () => narrow('--region', place.region));
    expect(denied.exitCode).toBe(1);
    expect(denied.stdout).toContain('Allow bedrock:GetAccountDataRetention to these credentials');
    const zero = { ...place, modelId: 'amazon.nova-lite-v1:0', scope: 'cross-region', requestsPerMinute: 0 };
    await callControl(aws, 'PATCH', 'quotas', [zero]);
    const { exitCode, stdout } = await narrow('--region', place.region);
    await callControl(aws, 'DELETE', 'quotas');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Ask AWS for a cross-region quota of amazon.nova-lite-v1:0: it is zero');
  });

  it('refuses a place that the configuration does not have', async () => {
    expect((await narrow('--region', 'us-east-1')).stderr).toContain(
      '--region must be a region of account 222222222222 (eu-central-1, eu-west-1, eu-west-3, eu-north-1), not "us-east-1"',
    );
    const other = await runCommandLine(['doctor', '--config', configFile, '--account', '999999999999']);
    expect([other.exitCode, other.stderr]).toEqual([
      2,
      expect.stringContaining('--account must be an account of'),
    ]);
  });
});

const record = (...more: readonly string[]) =>
  runCommandLine([
    'doctor',
    '--record',
    '--config',
    configFile,
    '--aws-url',
    aws.url,
    '--out',
    join(folder, 'facts'),
    ...more,
  ]);

describe('spillway doctor --record', () => {
  it('says what changed, then writes it', async () => {
    await callControl(aws, 'PATCH', 'catalogue', [
      { region: 'eu-west-1', modelId: 'amazon.titan-embed-text-v2:0', offered: false },
      { region: 'eu-west-1', modelId: 'acme.new-v1:0', offered: true, inferenceTypes: ['ON_DEMAND'] },
    ]);
    const dry = await record('--regions', 'eu-west-1', '--dry-run');
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toContain('  + acme.new-v1:0');
    expect(dry.stdout).toContain('      onDemandRegions: -eu-west-1');
    expect(dry.stdout).toContain('Nothing was written (--dry-run).');
    expect(() => readFileSync(join(folder, 'facts/catalogue.json'))).toThrow('ENOENT');
    const { stdout } = await record('--regions', 'eu-west-1');
    expect(stdout).toContain(`Wrote ${join(folder, 'facts/catalogue.json')}`);
    const written = catalogueFileSchema.parse(
      JSON.parse(readFileSync(join(folder, 'facts/catalogue.json'), 'utf8')),
    );
    expect(written.models.find(({ id }) => id === 'acme.new-v1:0')?.onDemandRegions).toEqual(['eu-west-1']);
    await callControl(aws, 'DELETE', 'catalogue');
  });

  it('keeps the facts of regions that answer nothing', async () => {
    const faults = [{ service: 'bedrock', region: 'us-west-2', kind: 'empty' }];
    const { stdout } = await withFaults(faults, () => record('--dry-run', '--json'));
    const result = JSON.parse(stdout);
    expect(result.regions).toBe(10);
    expect(result.keptRegions).toEqual([
      {
        region: 'us-west-2',
        why: 'ListFoundationModels answered an empty list; ListInferenceProfiles answered an empty list',
      },
    ]);
    expect(result.models.filter(({ kind }: { kind: string }) => kind !== 'changed')).toEqual([]);
  });

  it('records nothing when no region answers', async () => {
    const { exitCode, stderr } = await runCommandLine([
      'doctor',
      '--record',
      '--config',
      configFile,
      '--aws-url',
      'http://127.0.0.1:9',
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('No region answered, so nothing was recorded');
  });

  it('refuses a region that is no region code', async () => {
    const { exitCode, stderr } = await record('--regions', 'eu-west-1,nowhere');
    expect([exitCode, stderr]).toEqual([
      2,
      'spillway: --regions must be region codes with commas, such as eu-west-1,us-east-1; "nowhere" is none\n',
    ]);
  });

  it('finds the gateways of local mode wherever they listen, and guesses where nobody tells', async () => {
    await using gateway = await healthy();
    const gateways = { regions: ['us-east-1'], urls: { 'us-east-1': gateway.url }, setUp: () => undefined };
    const beside = await createLocalAws({ port: 0, gateways });
    try {
      const run = (...more: readonly string[]) =>
        runCommandLine(['doctor', '--config', configFile, '--aws-url', beside.url, '--json', ...more]);
      const placesOf = (stdout: string) =>
        JSON.parse(stdout)
          .checks.filter(({ subject }: { subject: string }) => subject === 'readyz')
          .map(({ place, status }: { place: string; status: string }) => `${status} ${place}`);
      expect(placesOf((await run()).stdout)).toEqual([`fine us-east-1 ${gateway.url}`]);
      expect(placesOf((await run('--url', gateway.url)).stdout)).toEqual([`fine us-east-1 ${gateway.url}`]);
      // Another gateway than local mode's was named: it is the one to look at.
      await using other = await healthy();
      expect(placesOf((await run('--url', other.url)).stdout)).toEqual([`fine us-east-1 ${other.url}`]);
    } finally {
      await beside.close();
    }
  });
});
