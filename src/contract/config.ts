/** spillway.config: the schema, its types, and the one way in from unknown to typed. */
import * as z from 'zod';
import { auditSchema } from './audit.ts';
import { keysSchema, operatorsSchema } from './callers.ts';
import { capacitySchema } from './capacity.ts';
import { chainsSchema } from './chains.ts';
import {
  accountIdSchema,
  accountSchema,
  batchesSchema,
  deadlinesSchema,
  discoverySchema,
  gatewayUrlSchema,
  guardSchema,
  metricsSchema,
  modelSchema,
  nameSchema,
  regionSchema,
  residencySchema,
  tenantSchema,
  verifySchema,
} from './config-parts.ts';
import { type ConfigViolation, violationsOfIssues } from './config-violations.ts';
import { consoleSchema } from './console.ts';
import { frontDoorSchema, urlsOfGateways } from './front-door.ts';
import { gatewayFunctionSchema, gatewayNetworksSchema } from './gateway-function.ts';
import { lanesSchema } from './lanes.ts';
import { observabilitySchema } from './observability.ts';
import { pipelineSchema } from './pipeline.ts';
import { sloSchema } from './slo.ts';
import { stateSchema } from './state.ts';
import { webFunctionsSchema } from './web-functions.ts';

export const configSchema = z.strictObject({
  name: nameSchema.describe('Name of the deployment; tables, roles and stacks carry it.'),
  home: z
    .strictObject({
      account: accountIdSchema.describe('The account that owns the tables and runs plan and verify.'),
      region: regionSchema.describe('The region that plan and verify run in.'),
    })
    .describe('Where the control plane lives.'),
  standby: regionSchema
    .optional()
    .describe('A second region of the home account, in which plan stands by. @default - none'),
  accounts: z
    .array(accountSchema, 'must list at least one account')
    .min(1, 'must list at least one account')
    .describe('Accounts whose models are used.'),
  gateways: z
    .array(regionSchema, 'must list at least one region')
    .min(1, 'must list at least one region')
    .describe('Regions that run a gateway, each in the account to which the region belongs.'),
  gatewayUrls: z
    .record(regionSchema, gatewayUrlSchema)
    .default({})
    .describe(
      'By gateway region, where callers reach it: what the 421 of a gateway outside a residency names. Follows from `frontDoor.domain` where it is not said; local mode knows its own.',
    ),
  residencies: z.record(nameSchema, residencySchema).describe('Named policies: what a prompt may touch.'),
  models: z.record(nameSchema, modelSchema).describe('Logical models that applications ask for.'),
  tenants: z.record(nameSchema, tenantSchema).default({}).describe('Who may ask for what.'),
  frontDoor: frontDoorSchema
    .prefault({})
    .describe('The door of every deployed gateway: see docs/guides/front-doors.md.'),
  gatewayFunction: gatewayFunctionSchema.prefault({}).describe('The function of every deployed gateway.'),
  gatewayNetworks: gatewayNetworksSchema
    .default({})
    .describe(
      'By gateway region, the VPC that its functions stand in: see docs/guides/front-doors.md. A region that is not named has none.',
    ),
  webFunctions: webFunctionsSchema
    .default({})
    .describe(
      'By gateway region, a Web Function beside the gateway’s front door, whose environments take many requests at a time: see docs/guides/front-doors.md. A region that is not named has none.',
    ),
  operators: operatorsSchema
    .prefault({})
    .describe(
      'Who may order operations over HTTP (`POST /spillway/v1/operations/…`): see docs/guides/operate.md.',
    ),
  keys: keysSchema.prefault({}).describe('How API keys are kept.'),
  deadlines: deadlinesSchema.prefault({}).describe('How long each step of a request may take.'),
  lanes: lanesSchema
    .prefault({})
    .describe('How priority classes share the slots of a target: see docs/guides/lanes.md.'),
  capacity: capacitySchema
    .prefault({})
    .describe('Who counts the slots of targets, and what overflows: see docs/guides/lanes.md.'),
  chains: chainsSchema
    .prefault({})
    .describe('Calls of a tenant that share a trace: see docs/guides/chains.md.'),
  guard: guardSchema.prefault({}).describe('When plan refuses to publish a change.'),
  discovery: discoverySchema.prefault({}).describe('How models are observed.'),
  verify: verifySchema.prefault({}).describe('How targets are proved.'),
  batches: batchesSchema
    .prefault({})
    .describe('How calls that nobody waits for are kept and made: see docs/guides/batches.md.'),
  state: stateSchema.prefault({}).describe('How the tables at home are kept: see docs/guides/deploy.md.'),
  audit: auditSchema.prefault({}).describe('How decisions are recorded for good: see docs/guides/audit.md.'),
  metrics: metricsSchema.prefault({}).describe('What observability may cost.'),
  slo: sloSchema
    .prefault({})
    .describe('What callers are promised, and what answers may cost: see docs/alarms.md.'),
  observability: observabilitySchema
    .prefault({})
    .describe('Who hears of alarms, and where metrics of all accounts are seen: see docs/guides/deploy.md.'),
  console: consoleSchema
    .prefault({})
    .describe('The web console that every gateway serves at `/console`: see docs/guides/console.md.'),
  pipeline: pipelineSchema
    .optional()
    .describe(
      'A pipeline in the home account that deploys in waves: see docs/guides/upgrade.md. @default - none: somebody deploys',
    ),
});

/** What a person writes: defaults may be left out, candidates and baseline entries may be plain strings. */
export type SpillwayConfigInput = z.input<typeof configSchema>;

type ParsedConfig = z.output<typeof configSchema>;
type ParsedModel = ParsedConfig['models'][string];

export type TenantConfig = ParsedConfig['tenants'][string];
export type DeadlinesConfig = ParsedConfig['deadlines'];
/** A logical model; its deadlines are complete: its own where it has some, else the global ones. */
export type ModelConfig = Omit<ParsedModel, 'deadlines'> & { readonly deadlines: DeadlinesConfig };

/** The checked configuration: every default filled in. Parsing its JSON gives the same again. */
export type SpillwayConfig = Omit<ParsedConfig, 'models'> & { readonly models: Record<string, ModelConfig> };

export type ParseConfigResult =
  | { readonly ok: true; readonly config: SpillwayConfig }
  | { readonly ok: false; readonly violations: readonly ConfigViolation[] };

/** Shape, ranges and defaults; all violations at once. Relations are `checkConfig`'s business. */
export function parseConfig(input: unknown): ParseConfigResult {
  const parsed = configSchema.safeParse(input, { reportInput: true });
  if (!parsed.success)
    return { ok: false, violations: violationsOfIssues(parsed.error.issues, configSchema) };
  const { data } = parsed;
  return {
    ok: true,
    config: { ...data, gatewayUrls: urlsOfGateways(data), models: withDeadlines(data) },
  };
}

function withDeadlines({ models, deadlines }: ParsedConfig): Record<string, ModelConfig> {
  return Object.fromEntries(
    Object.entries(models).map(([name, model]) => {
      const own = Object.fromEntries(
        Object.entries(model.deadlines).filter(([, value]) => value !== undefined),
      );
      return [name, { ...model, deadlines: { ...deadlines, ...own } }];
    }),
  );
}
