/** A stand-in AWS with the example's tables, and gateways on it. */

import type { AwsCredentials } from '#adapters/aws/sigv4-signer.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import { parseConfig, type SpillwayConfig } from '#contract/config.ts';
import { tableArn, tableName } from '#contract/resources.ts';
import { tableDefinitions } from '#contract/tables.ts';
import acme from '#examples/acme.config.ts';
import { createLocalAws, type LocalAwsOptions } from '#local/local-aws.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import {
  createGatewayRuntime,
  type GatewayRuntime,
  type GatewayRuntimeOptions,
} from '#runtime/gateway-runtime.ts';

export interface GatewayWorld {
  readonly awsUrl: string;
  readonly config: SpillwayConfig;
  /** Composed and started; closed with the world. */
  openGateway(region: string, options?: Partial<GatewayRuntimeOptions>): Promise<GatewayRuntime>;
  setFaults(rules: readonly object[]): Promise<void>;
  journal(service: string): Promise<readonly { readonly operation: string; readonly target?: string }[]>;
  /** Those that were opened so far: what a test left open would go on asking and telling while others run. */
  closeGateways(): Promise<void>;
  close(): Promise<void>;
}

export const localKeys = (account: string): AwsCredentials => ({
  accessKeyId: `LKIA${account}`,
  secretAccessKey: `local-LKIA${account}`,
});

/** @param options.now by which objects in buckets grow old */
export async function openGatewayWorld(options: Pick<LocalAwsOptions, 'now'> = {}): Promise<GatewayWorld> {
  const parsed = parseConfig(acme);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.violations));
  const { config } = parsed;
  const aws = await createLocalAws({ ...options, port: 0, timeScale: 0 });
  const { account, region: homeRegion } = config.home;
  for (const definition of tableDefinitions.filter(({ perGateway }) => perGateway === true)) {
    const { kind } = definition;
    for (const gateway of config.gateways) {
      const owner = config.accounts.find(({ regions }) => regions.includes(gateway))?.id ?? account;
      const arn = tableArn({ deployment: config.name, kind, account: owner, region: gateway });
      const plan = { definition, name: tableName(config.name, kind), arn, region: gateway };
      const access = { endpoint: aws.url, credentials: localKeys(owner) };
      await provisionTable({ ...plan, replicaRegions: [], guestAccounts: [] }, access);
    }
  }
  for (const definition of tableDefinitions.filter(({ perGateway }) => perGateway !== true)) {
    const place = { deployment: config.name, kind: definition.kind, account, region: homeRegion };
    const plan = {
      definition,
      name: tableName(config.name, definition.kind),
      arn: tableArn(place),
      region: homeRegion,
      replicaRegions: definition.replicated ? config.gateways.filter((region) => region !== homeRegion) : [],
      guestAccounts: config.accounts.map(({ id }) => id).filter((id) => id !== account),
    };
    await provisionTable(plan, { endpoint: aws.url, credentials: localKeys(account) });
  }
  const open: GatewayRuntime[] = [];
  const closeGateways = async (): Promise<void> => {
    for (const runtime of open.splice(0)) await runtime.close();
  };
  return {
    awsUrl: aws.url,
    config,
    async openGateway(region, options = {}) {
      const owner = config.accounts.find(({ regions }) => regions.includes(region))?.id ?? account;
      const runtime = createGatewayRuntime({
        config,
        facts: shippedFacts(),
        account: owner,
        region,
        credentials: async () => localKeys(owner),
        endpoint: aws.url,
        log: { write: () => undefined },
        metricsOut: () => undefined,
        ...options,
      });
      open.push(runtime);
      await runtime.gateway.start();
      return runtime;
    },
    async setFaults(rules) {
      const answer = await fetch(`${aws.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(rules) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async journal(service) {
      return (await (await fetch(`${aws.url}/_local/journal?service=${service}`)).json()) as readonly {
        operation: string;
        target?: string;
      }[];
    },
    closeGateways,
    async close() {
      await closeGateways();
      await aws.close();
    },
  };
}

/** A chat request as a caller sends it. */
export function chatPost(body: object, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request('http://gateway.invalid/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-local', ...headers },
    body: JSON.stringify({ model: 'chat-small', messages: [{ role: 'user', content: 'hello' }], ...body }),
  });
}
