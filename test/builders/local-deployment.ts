/** A deployment of a configuration on the local AWS: its tables, and the control loop over them. */
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { tableArn, tableName } from '#contract/resources.ts';
import { tableDefinitions } from '#contract/tables.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { createLocalAws } from '#local/local-aws.ts';
import { type ControlRuntime, createControlRuntime } from '#runtime/control-runtime.ts';
import { shippedFacts } from '#test/builders/facts.ts';

export interface LocalDeployment {
  readonly url: string;
  readonly control: ControlRuntime;
  readonly lines: readonly string[];
  /** Every place once. */
  discoverAll(): Promise<void>;
  /** Sends a body to the stand-in's control API and throws when it is refused. */
  local(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export function localCredentials(account: string) {
  return { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` };
}

export async function deployLocally(
  config: SpillwayConfig,
  options: { readonly facts?: CompiledFacts; readonly discoverMsMax?: number } = {},
): Promise<LocalDeployment> {
  const aws = await createLocalAws({ port: 0 });
  const { home, accounts, gateways } = config;
  for (const definition of tableDefinitions) {
    const name = { deployment: config.name, kind: definition.kind };
    await provisionTable(
      {
        definition,
        name: tableName(config.name, definition.kind),
        arn: tableArn({ ...name, ...home }),
        region: home.region,
        replicaRegions: definition.replicated ? gateways : [],
        guestAccounts: accounts.map(({ id }) => id).filter((id) => id !== home.account),
      },
      { endpoint: aws.url, credentials: localCredentials(home.account) },
    );
  }
  const lines: string[] = [];
  const control = createControlRuntime({
    config,
    facts: options.facts ?? shippedFacts,
    region: home.region,
    credentialsFor: (account) => async () => localCredentials(account),
    endpoint: aws.url,
    ratePerSecond: 1000,
    discoverMsMax: options.discoverMsMax,
    log: { write: (level, event, facts) => void lines.push(JSON.stringify({ level, event, ...facts })) },
  });
  return {
    url: aws.url,
    control,
    lines,
    discoverAll: async () => {
      const outcomes = await Promise.all(
        control.setting.accountRegions.map((place) => control.discover(place)),
      );
      const lost = outcomes.filter((outcome) => outcome.kind === 'not-stored');
      if (lost.length > 0)
        throw new Error(`not stored: ${lost.map((each) => each.failures.join()).join('; ')}`);
    },
    local: async (method, path, body) => {
      const response = await fetch(`${aws.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    close: async () => {
      await control.close();
      await aws.close();
    },
  };
}
