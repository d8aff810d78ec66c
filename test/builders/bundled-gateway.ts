/**
 * The function as it is deployed: bundled as the stacks bundle it, in a process of its own, driven through the Runtime API
 * by real events, against the stand-in. The sources prove nothing there: bundles break where sources run.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import { type TableKind, tableArn, tableName } from '#contract/resources.ts';
import { tableDefinitions } from '#contract/tables.ts';
import acme from '#examples/acme.config.ts';
import { bundledConfigFile, functionNodeOptions, writeBundle } from '#lib/constructs/function-bundling.ts';
import { createLocalAws } from '#local/local-aws.ts';
import { type LambdaSandbox, openLambdaSandbox } from './lambda-sandbox.ts';

export const account = '111111111111';

export interface BundledGateway {
  /** The bundle's first file. */
  readonly bundle: string;
  /** Every file of the bundle's code. */
  readonly code: readonly string[];
  /** Of the function, in Virginia. */
  readonly environment: Readonly<Record<string, string>>;
  readonly sandbox: LambdaSandbox;
  readonly awsUrl: string;
  setFaults(rules: readonly object[]): Promise<void>;
  provisionOwn(kind: TableKind): Promise<void>;
  close(): Promise<void>;
}

export async function openBundledGateway(): Promise<BundledGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bundle-'));
  const bundle = writeBundle('lambdas/gateway/handler.ts', folder);
  const code = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
  // The configuration with its keys in clear, which a deployment leaves out: here they let a caller in.
  writeFileSync(join(folder, bundledConfigFile), JSON.stringify(acme));
  const aws = await createLocalAws({ port: 0, timeScale: 0 });
  const environment = {
    SPILLWAY_CONFIG: bundledConfigFile,
    SPILLWAY_ACCOUNT: account,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: `LKIA${account}`,
    AWS_SECRET_ACCESS_KEY: `local-LKIA${account}`,
    AWS_ENDPOINT_URL: aws.url,
    LAMBDA_TASK_ROOT: folder,
    TMPDIR: folder,
    NODE_OPTIONS: functionNodeOptions.join(' '),
  };
  const sandbox = await openLambdaSandbox({ bundle, environment });
  return {
    bundle,
    code: code.map((name) => join(folder, name)),
    environment,
    sandbox,
    awsUrl: aws.url,
    setFaults: async (rules) => {
      const answer = await fetch(`${aws.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(rules) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    provisionOwn: (kind) => provisionOwn(aws.url, kind),
    close: async () => {
      await sandbox.close();
      await aws.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function provisionOwn(endpoint: string, kind: TableKind): Promise<void> {
  const definition = tableDefinitions.find((table) => table.kind === kind);
  if (definition === undefined) throw new Error(`there is no table ${kind}`);
  const place = { deployment: 'acme', kind, account, region: 'us-east-1' } as const;
  const plan = { definition, name: tableName('acme', kind), arn: tableArn(place), region: 'us-east-1' };
  const access = { endpoint, credentials: localCredentials(account) };
  await provisionTable({ ...plan, replicaRegions: [], guestAccounts: [] }, access);
}

export const chat = (body: object) =>
  JSON.stringify({ model: 'chat-small', messages: [{ role: 'user', content: 'hello' }], ...body });

export function urlEvent(
  overrides: { readonly body?: string; readonly path?: string; readonly method?: string } = {},
) {
  const { body, path = '/v1/chat/completions', method = 'POST' } = overrides;
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-local',
      'x-spillway-residency': 'us',
    },
    requestContext: { http: { method, path } },
    body: body === undefined ? undefined : Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

export function proxyEvent(body: string) {
  const headers = {
    'content-type': 'application/json',
    authorization: 'Bearer sk-local',
    'x-spillway-residency': 'us',
  };
  return {
    httpMethod: 'POST',
    path: '/v1/chat/completions',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    body,
    isBase64Encoded: false,
    requestContext: { stage: 'prod' },
  };
}
