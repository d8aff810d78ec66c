/** The commands that read tables, over a real DynamoDB engine and the SDK. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTableClient } from '#adapters/aws/account-probe.ts';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { tableArn, tableName } from '#contract/resources.ts';
import { tableDefinitions } from '#contract/tables.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { sealRoute } from '#usecases/plan/seal-route.ts';

const home = '111111111111';
const region = 'us-east-1';
let aws: LocalAws;

beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
  const access = { endpoint: aws.url, credentials: localCredentials(home) };
  for (const definition of tableDefinitions) {
    const arn = tableArn({ deployment: 'acme', kind: definition.kind, account: home, region });
    const name = tableName('acme', definition.kind);
    const replicaRegions = definition.replicated ? ['eu-west-1'] : [];
    await provisionTable({ definition, name, arn, region, replicaRegions, guestAccounts: [] }, access);
  }
  const client = createTableClient({ region, ...access });
  const routes = createDynamodbRouteStore({
    client,
    table: tableName('acme', 'routes'),
    models: ['chat-small'],
    region,
    regions: [region],
    digest: cryptoDigest,
  });
  for (const [index, where] of ['us-east-1', 'us-west-2'].entries()) {
    const draft = aRoute({ targets: [aTarget({ region: where })], reason: `change ${index + 1}` });
    const sealed = sealRoute(draft, {
      version: index + 1,
      at: Date.UTC(2026, 10, 21, 7),
      digest: cryptoDigest,
    });
    expect(await routes.publish(sealed)).toBe(true);
  }
  client.destroy();
});
afterAll(() => aws.close());

const run = (...argv: readonly string[]) => runCommandLine([...argv, '--aws-url', aws.url]);

describe('commands over the tables', () => {
  it('read the published route, roll it back, and show both in the history', async () => {
    const before = await run('routes', 'chat-small', '--residency', 'us', '--json');
    expect([before.exitCode, before.stderr]).toEqual([0, '']);
    expect(JSON.parse(before.stdout)).toMatchObject([{ version: 2, targets: [{ region: 'us-west-2' }] }]);
    const back = await run(
      'rollback',
      'chat-small',
      '--residency',
      'us',
      '--to',
      '1',
      '--reason',
      'test',
      '--yes',
    );
    expect(back.stdout).toContain('✔ chat-small · us is version 3 now, with the targets of version 1');
    const after = await run('history', 'chat-small', '--residency', 'us', '--json');
    const [{ versions }] = JSON.parse(after.stdout);
    expect(versions.map(({ version }: { version: number }) => version)).toEqual([3, 2, 1]);
    expect(versions[0].targets).toMatchObject([{ region: 'us-east-1' }]);
  });

  it('lift a hold where it stands, and say where that is', async () => {
    const client = createTableClient({
      region: 'eu-west-1',
      endpoint: aws.url,
      credentials: localCredentials(home),
    });
    const abroad = createDynamodbRouteStore({
      client,
      table: tableName('acme', 'routes'),
      models: [],
      region: 'eu-west-1',
      regions: [],
      digest: cryptoDigest,
    });
    const route = { model: 'chat-small', residency: 'eu' };
    await abroad.saveHold({ ...route, by: 'bob', reason: 'incident', until: '2026-11-22T00:00:00.000Z' });
    const lift = ['lift-hold', 'chat-small', '--residency', 'eu', '--reason', 'over', '--yes'];
    const named =
      /^spillway: Model chat-small .* is not held by us-east-1; .*: eu-west-1 \(by bob until 2026-11-22T00:00:00\.000Z\)/;
    await expect.poll(async () => (await run(...lift)).stderr, { timeout: 10_000 }).toMatch(named);
    expect(await abroad.loadHolds()).toHaveLength(1);
    const { exitCode, stdout } = await run(...lift, '--region', 'eu-west-1');
    expect([exitCode, stdout]).toEqual([
      0,
      '✔ chat-small · eu is held no more by eu-west-1; the next plan publishes again.\n',
    ]);
    expect(await abroad.loadHolds()).toEqual([]);
    client.destroy();
  });

  it('say that the tables are not there where the configuration is another', async () => {
    const { exitCode, stderr } = await runCommandLine(['history', 'embed', '--aws-url', aws.url], {
      environment: { SPILLWAY_CONFIG: 'test/fixtures/other-deployment.config.json' },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'The tables of this deployment do not exist there. Is it the right --config and --aws-url?',
    );
  });
});
