import type { SpillwayConfig } from '#contract/config.ts';
import { type Command, type CommandContext, type ExitCode, printJson } from './command.ts';
import { type Check, listTodos } from './doctor/check.ts';
import { checkAws } from './doctor/check-aws.ts';
import { checkConfiguration } from './doctor/check-configuration.ts';
import { checkGateways, type GatewayPlace } from './doctor/check-gateways.ts';
import { checkServiceControl, readServiceControl } from './doctor/check-service-control.ts';
import { drawChecks } from './doctor/draw-checks.ts';
import { recordCatalogue } from './doctor/record-catalogue.ts';
import { localGatewayUrl } from './explain.ts';
import { localGatewayUrls } from './local-gateways.ts';
import { awsUrl, gatewayUrl, isRealAccount, openConfig, openGateway } from './open-deployment.ts';
import { UsageError } from './usage-error.ts';

export const doctor: Command = {
  spec: {
    name: 'doctor',
    synopsis:
      '[--account <id>] [--region <region>] [--scp <file>] [--record [--regions <a,b>] [--out <dir>] [--dry-run]]',
    summary:
      'Checks the configuration, permissions and reachability of every API, table and gateway, and what moves prompts without being asked (logs of invocations, data retention, guardrails); ends in a list of what to do. With --account or --region: what an account needs before a deployment and has after it, without tables and gateways. With --scp: checks, without asking anybody, whether a service control policy of the organization breaks a profile in use. With --record: refreshes data/catalogue.json and data/profiles.json from what the account answers, and says what changed.',
    positionals: [],
    options: {
      record: { type: 'boolean', help: 'refresh the facts that ship with the product' },
      regions: {
        type: 'string',
        value: '<a,b>',
        help: 'with --record: regions to ask (default: those of the configuration)',
      },
      scp: {
        type: 'string',
        value: '<file>',
        help: 'only check this service control policy, as JSON',
      },
      account: {
        type: 'string',
        value: '<id>',
        help: 'only this account; with --scp: the account under the policy; with --record: whom to ask (default: the first that lists the region)',
      },
      region: {
        type: 'string',
        value: '<region>',
        help: 'only this region',
      },
      out: {
        type: 'string',
        value: '<dir>',
        help: "with --record: folder of the files (default: the project's data)",
      },
      'dry-run': { type: 'boolean', help: 'with --record: only say what would change' },
    },
    notes: ['Exit code 1: something must be done; with --record: no region answered.'],
  },
  async run(context) {
    if (context.line.flag('record')) return await recordCatalogue(context);
    const policy = context.line.text('scp');
    if (policy !== undefined) return await examinePolicy(context, policy);
    return await examine(context);
  },
};

async function examine(context: CommandContext): Promise<ExitCode> {
  const { line, runtime, terminal } = context;
  const { config, checks: configuration } = await checkConfiguration(runtime, line.text('config'));
  const checks: Check[] = [...configuration];
  if (config !== undefined) {
    const accounts = namedPlaces(context, config);
    const isNarrow = accounts !== config.accounts;
    const aws = await runtime.openAws({
      profiles: line.texts('profile'),
      awsUrl: awsUrl(context),
      region: config.home.region,
    });
    try {
      checks.push(
        ...(await checkAws({
          ...{ config, aws, accounts, facts: runtime.facts, tables: !isNarrow },
          ...{ awsUrl: awsUrl(context), onProgress: terminal.progress },
        })),
      );
    } finally {
      aws.close();
    }
    if (!isNarrow) checks.push(...(await checkGateways(await gatewaysOf(context, config), runtime.now())));
  }
  return conclude(context, checks);
}

async function examinePolicy(context: CommandContext, file: string): Promise<ExitCode> {
  const { runtime } = context;
  const statements = readServiceControl(file, runtime.folder);
  const config = await openConfig(context);
  const accounts = namedAccounts(context, config);
  return conclude(context, checkServiceControl({ file, statements, config, facts: runtime.facts, accounts }));
}

function namedAccounts({ line }: CommandContext, { accounts }: SpillwayConfig): readonly string[] {
  const known = accounts.map(({ id }) => id);
  const named = line.text('account');
  if (named === undefined) return known;
  if (known.includes(named)) return [named];
  throw new UsageError(
    `--account must be an account of the configuration (${known.join(', ')}), not "${named}"`,
  );
}

/** All accounts, or the one that was named with all of its regions or the one that was named. */
function namedPlaces(context: CommandContext, config: SpillwayConfig): SpillwayConfig['accounts'] {
  const { line } = context;
  const region = line.text('region');
  if (line.text('account') === undefined && region === undefined) return config.accounts;
  const named = namedAccounts(context, config);
  const accounts = config.accounts.filter(({ id }) => named.includes(id));
  if (region === undefined) return accounts;
  const found = accounts.filter(({ regions }) => regions.includes(region));
  if (found.length > 0) return found.map((account) => ({ ...account, regions: [region] }));
  const known = [...new Set(accounts.flatMap(({ regions }) => regions))];
  throw new UsageError(
    `--region must be a region of ${accounts.length === 1 ? `account ${named.join()}` : 'the configuration'} (${known.join(', ')}), not "${region}"`,
  );
}

function conclude({ line, terminal }: CommandContext, checks: readonly Check[]): ExitCode {
  const mustDo = checks.some((check) => check.status === 'broken');
  if (line.flag('json')) printJson(terminal, { ok: !mustDo, checks, todo: listTodos(checks) });
  else terminal.print(...drawChecks(checks, { width: terminal.width, paint: terminal.paint }));
  return mustDo ? 1 : 0;
}

/** In local mode every gateway of the configuration; of a real deployment the one that was named. */
async function gatewaysOf(context: CommandContext, config: SpillwayConfig): Promise<readonly GatewayPlace[]> {
  const named = context.line.text('url');
  if (isRealAccount(context))
    return named === undefined ? [] : [{ region: '', client: openGateway(context) }];
  const told = await localGatewayUrls(context);
  return config.gateways.map((region) => ({
    region,
    client: openGateway(context, told[region] ?? localGatewayUrl(gatewayUrl(context), config, region)),
  }));
}
