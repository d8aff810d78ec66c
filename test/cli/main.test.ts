/** The program itself, as a person starts it: streams, exit codes, profiles of a real account. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTableClient } from '#adapters/aws/account-probe.ts';
import { createDynamodbObservationStore } from '#adapters/aws/dynamodb-observation-store.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import { tableArn, tableName } from '#contract/resources.ts';
import { tableDefinitions } from '#contract/tables.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'spillway-main-'));
const credentialsFile = join(folder, 'credentials');
const home = '111111111111';
const region = 'us-east-1';
let aws: LocalAws;

beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
  const profiles = ['111111111111', '222222222222'].map(
    (account) =>
      `[of-${account}]\naws_access_key_id = LKIA${account}\naws_secret_access_key = local-LKIA${account}\n`,
  );
  writeFileSync(credentialsFile, profiles.join('\n'));
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true, force: true });
});

async function program(
  file: string,
  argv: readonly string[],
  variables: Readonly<Record<string, string>> = {},
) {
  const child = spawn(process.execPath, [join(root, file), ...argv], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      AWS_SHARED_CREDENTIALS_FILE: credentialsFile,
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: aws.url,
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      texts[name] += String(chunk);
    });
  const [exitCode] = await once(child, 'close');
  return { exitCode, ...texts };
}

describe('the program', () => {
  it('prints its help through the bin and exits 0', async () => {
    const { exitCode, stdout, stderr } = await program('bin/spillway.mjs', ['--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('spillway <command> [options]');
  });

  it('exits 2 for bad use, with nothing on stdout', async () => {
    const { exitCode, stdout, stderr } = await program('src/cli/main.ts', ['avail']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('There is no command "avail"; did you mean availability?');
  });

  it('colours a pipe only when told to', async () => {
    const plain = await program('src/cli/main.ts', ['nonsense']);
    expect(plain.stderr).not.toContain('\u001b');
    const forced = await program('src/cli/main.ts', ['nonsense'], { FORCE_COLOR: '1' });
    expect(forced.stderr).toContain('\u001b[31m');
    const never = await program('src/cli/main.ts', ['nonsense'], { FORCE_COLOR: '1', NO_COLOR: '1' });
    expect(never.stderr).not.toContain('\u001b');
  });
});

describe('--profile', () => {
  it('reads the tables of the home account with the keys of the profile', async () => {
    const access = { endpoint: aws.url, credentials: localCredentials(home) };
    for (const definition of tableDefinitions) {
      const arn = tableArn({ deployment: 'acme', kind: definition.kind, account: home, region });
      const name = tableName('acme', definition.kind);
      await provisionTable({ definition, name, arn, region, replicaRegions: [], guestAccounts: [] }, access);
    }
    const client = createTableClient({ region, ...access });
    const places = [{ account: home, region }];
    const store = createDynamodbObservationStore({
      client,
      table: tableName('acme', 'observations'),
      places,
    });
    const modelId = 'amazon.nova-lite-v1:0';
    const id = `${home}/${region}/${modelId}`;
    const facts = { id, account: home, region, kind: 'bedrock', scope: 'in-region', modelId } as const;
    const state = {
      state: 'available',
      reasons: [],
      reach: [region],
      lifecycle: 'ACTIVE',
      stale: false,
      absentLists: 0,
    } as const;
    const now = Date.now();
    await store.save({
      account: home,
      region,
      targets: [{ ...facts, ...state, since: now, observedAt: now }],
      at: now,
      failures: [],
      completeAt: now,
    });
    client.destroy();
    const { exitCode, stdout, stderr } = await program('src/cli/main.ts', [
      'availability',
      '--profile',
      'of-111111111111',
      '--json',
    ]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      stale: false,
      targets: [{ id, model: 'chat-small', state: 'available' }],
    });
  });

  it('says which account the tables belong to when no profile opens it', async () => {
    const { exitCode, stderr } = await program('src/cli/main.ts', ['routes', '--profile', 'of-222222222222']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'belong to the home account 111111111111, and no --profile opens it (222222222222)',
    );
  });

  it('names a profile that does not exist', async () => {
    const { exitCode, stderr } = await program('src/cli/main.ts', ['routes', '--profile', 'nobody']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Profile "nobody" cannot be used');
  });

  it('asks for the gateway where explain needs one', async () => {
    const { exitCode, stderr } = await program('src/cli/main.ts', [
      'explain',
      '--model',
      'x',
      '--profile',
      'of-111111111111',
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('name it with --url (and --key) instead of --profile');
  });
});
