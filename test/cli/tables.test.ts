/** The commands that read tables, over a real DynamoDB engine and the SDK. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createTableClient } from '#adapters/aws/account-probe.ts';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { createDynamodbTable } from '#adapters/aws/dynamodb-table.ts';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { routeKeys, tableArn, tableName } from '#contract/resources.ts';
import { auditPartition } from '#contract/table-keys.ts';
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
    const replicaRegions = definition.replicated ? ['eu-west-1', 'ap-northeast-1'] : [];
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

/** The tables as a gateway in another region writes and reads them. */
function openAbroad() {
  const client = createTableClient({
    region: 'eu-west-1',
    endpoint: aws.url,
    credentials: localCredentials(home),
  });
  const table = tableName('acme', 'routes');
  return {
    routes: createDynamodbRouteStore({
      client,
      table,
      models: [],
      region: 'eu-west-1',
      regions: [],
      digest: cryptoDigest,
    }),
    auditOf: async (of: string) => {
      const entries = createDynamodbTable({ client, table, keys: routeKeys });
      return (await entries.query({ partition: auditPartition(of) })).map((item) => auditShape.parse(item));
    },
    close: () => client.destroy(),
  };
}

const auditShape = z.object({ operation: z.string(), order: z.object({ target: z.string().optional() }) });
const within = { timeout: 10_000 };

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

  it('pin a route, and lift what every region holds of it, each in its own items', async () => {
    const abroad = openAbroad();
    const route = { model: 'chat-small', residency: 'us' };
    await abroad.routes.saveHold({
      ...route,
      by: 'bob',
      reason: 'incident',
      until: '2026-11-24T00:00:00.000Z',
    });
    const [pin, lift] = ['pin', 'lift-hold'].map(
      (name) => [name, 'chat-small', 'us', '--reason', 'a release', '--yes'] as const,
    );
    const longer = 'until 2026-11-24 00:00:00Z (2d 16h left) by bob in eu-west-1: incident';
    await expect.poll(async () => (await run(...(pin ?? []))).stdout, within).toContain(longer);
    const elsewhere = await run(...(lift ?? []), '--region', 'ap-northeast-1');
    expect([elsewhere.exitCode, elsewhere.stderr]).toEqual([
      1,
      expect.stringMatching(/is not held by ap-northeast-1, but by us-east-1 .*, eu-west-1 \(by bob/),
    ]);
    const lifted = await run(...(lift ?? []));
    expect([lifted.exitCode, lifted.stdout]).toEqual([
      0,
      '✔ chat-small · us is held no more by us-east-1, eu-west-1; the next plan publishes again.\n',
    ]);
    const ends = async () => (await abroad.routes.loadHolds()).map(({ until }) => until);
    await expect.poll(ends, within).toEqual(['2026-11-21T07:30:00.000Z']);
    abroad.close();
  });

  it('disable a target by the word of any region, and enable it in all that said so', async () => {
    const abroad = openAbroad();
    const target = '111111111111/us-east-1/amazon.nova-lite-v1:0';
    const order = [target, '--reason', 'slow', '--yes'] as const;
    const first = await run('disable', ...order, '--region', 'eu-west-1', '--hours', '2');
    expect([first.exitCode, first.stdout]).toEqual([
      0,
      `✔ ${target} is disabled until 2026-11-21 09:30:00Z.\n`,
    ]);
    const said = async () => JSON.parse((await run('overrides', '--json')).stdout).disabled;
    await expect.poll(said, within).toMatchObject([{ target, region: 'eu-west-1', reason: 'slow' }]);
    const second = await run('disable', ...order, '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({
      disabled: { target, region: 'us-east-1', until: '2026-11-22T07:30:00.000Z' },
      standing: [{ region: 'eu-west-1' }],
    });
    expect((await run('routes', 'chat-small', '--residency', 'us')).stdout).toContain(
      '  1 disabled until 2026-11-22 07:30:00Z (1d left) by ',
    );
    const enabled = await run('enable', ...order);
    expect([enabled.exitCode, enabled.stdout]).toEqual([
      0,
      `✔ ${target} may be called again; gateways know within five seconds.\n`,
    ]);
    await expect.poll(said, within).toEqual([]);
    // Both at the one time of the test: only their ids, which are random, order them.
    const entries = await abroad.auditOf('eu-west-1');
    const ofTarget = entries.filter(({ order: { target: named } }) => named === target);
    expect(ofTarget.map(({ operation }) => operation).sort()).toEqual(['disable', 'enable']);
    abroad.close();
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
