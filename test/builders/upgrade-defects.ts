/** What can go wrong with a next version, planted: each must be found by name while a fleet goes to it under requests. */
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssemblyStack } from '#local/cloudformation/assembly.ts';
import { nextSources } from '#test/deployed/next-version/source-edits.ts';
import { changedStack, stackOf } from './deployed-fleet.ts';
import { lostSince, readState } from './fleet-state.ts';
import { watchFleet } from './fleet-watch.ts';
import { changedTree } from './source-tree.ts';
import { changing, type StatementJson, type TemplateChange, tableStatements } from './template-changes.ts';
import { europe, handInBatch, slowStream, type UpgradeWorld } from './upgrade-world.ts';

interface UpgradeDefect {
  readonly what: string;
  /** Stacks that are at the version before again when it is over. */
  readonly stacks: readonly string[];
  /** Brings it into the fleet. @returns problems that only it can tell */
  plant(world: UpgradeWorld): Promise<readonly string[]>;
  /** Part of one of the problems that the fleet then has. */
  readonly says: string;
}

const gateway = 'Gateway-eu-central-1';
const state = 'State-us-east-1';
const gatewayArn = `arn:aws:lambda:${europe.region}:${europe.account}:function:acme-gateway`;
const gatewayRole = `arn:aws:iam::${europe.account}:role/acme-gateway-${europe.region}`;

/** Plants a defect, lets requests run, and answers all that is wrong then. */
export async function problemsWith(world: UpgradeWorld, defect: UpgradeDefect): Promise<readonly string[]> {
  const { fleet, traffic } = world;
  const watch = await watchFleet(fleet);
  const before = traffic.problems.length;
  const own = await defect.plant(world);
  await traffic.round();
  return [...own, ...traffic.problems.slice(before), ...(await watch.problems())];
}

export async function restore({ fleet, now }: UpgradeWorld, { stacks }: UpgradeDefect): Promise<void> {
  for (const id of stacks) await fleet.deployment.deploy(stackOf(now, id));
}

/** Environments that know nothing yet, as those have that come for a peak. */
function renewGateway({ fleet }: UpgradeWorld): void {
  const { functions } = fleet.cloud;
  functions.host.updateFunction(functions.find(gatewayArn).spec);
}

const nextGateway = (what: string, change: TemplateChange, says: string): UpgradeDefect => ({
  what,
  stacks: [gateway],
  says,
  async plant({ fleet, next }) {
    await fleet.deployment.deploy(stackOf(next, state));
    await fleet.deployment.deploy(changedStack(next, gateway, change));
    return [];
  },
});

const gatewayFunction = (change: Parameters<typeof changing>[2]): TemplateChange =>
  changing('AWS::Lambda::Function', 'GatewayFunction', change);

/** A dispatcher of the next version that reads batches as strictly as if no newer version could come. */
async function forgetfulDispatcher({ fleet, next }: UpgradeWorld): Promise<AssemblyStack> {
  const stack = changedStack(
    next,
    gateway,
    changing('AWS::Lambda::Function', 'Dispatcher', ({ Properties }) => {
      Properties.Code.S3Key = 'forgetful.zip';
    }),
  );
  const code = Object.values(
    (stackOf(next, gateway).template as { Resources: Record<string, { Properties: Code }> }).Resources,
  ).find(({ Properties }) => Properties?.Code?.S3Key !== undefined)?.Properties.Code;
  const bucket = code?.S3Bucket;
  if (typeof bucket !== 'string') throw new Error('the dispatcher has no code');
  const tree = changedTree([
    ...nextSources,
    {
      file: 'src/adapters/aws/batch-items.ts',
      from: 'const batchItemSchema = z.looseObject({',
      to: 'const batchItemSchema = z.object({',
    },
    { file: 'src/adapters/aws/batch-items.ts', from: "madeBy: 'next', ", to: '' },
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bundle-'));
  await tree.bundle('lambdas/dispatch/handler.ts', folder);
  tree.close();
  const { folder: standing } = fleet.cloud.functions.find(gatewayArn).spec;
  cpSync(join(standing, 'spillway.config.json'), join(folder, 'spillway.config.json'));
  (fleet.cloud.assets as Map<string, string>).set(`${bucket}/forgetful.zip`, folder);
  return stack;
}

interface Code {
  readonly Code?: { readonly S3Bucket?: string; readonly S3Key?: string };
}

/** Those that show without a pause of any model, for every test run. */
export const quickDefects: readonly UpgradeDefect[] = [
  {
    what: 'a gateway of the next version before the tables that it needs',
    stacks: [gateway],
    says: `${gatewayRole} may not dynamodb:BatchGetItem on`,
    async plant({ fleet, next, now }) {
      await fleet.deployment.deploy(stackOf(now, state));
      await fleet.deployment.deploy(stackOf(next, gateway));
      return [];
    },
  },
  {
    what: 'a next version that takes away what the one before still does',
    stacks: [state],
    says: `${gatewayRole} may not dynamodb:Query on`,
    async plant(world) {
      const stack = changedStack(
        world.next,
        state,
        changing('AWS::DynamoDB::GlobalTable', 'Routes', (table) => {
          for (const statement of tableStatements(table, europe.region)) withoutQuery(statement);
        }),
      );
      await world.fleet.deployment.deploy(stack);
      renewGateway(world);
      return [];
    },
  },
];

/** For `bench/upgrade.ts`. */
export const slowDefects: readonly UpgradeDefect[] = [
  {
    what: 'a host that kills what runs when it takes new code',
    stacks: [gateway],
    says: `${gateway} streamed: `,
    async plant(world) {
      const { fleet, next } = world;
      await fleet.deployment.deploy(stackOf(next, state));
      await slowStream(world, gateway);
      await fleet.deployment.deploy(stackOf(next, gateway));
      await Promise.all(fleet.cloud.functions.host.environmentsAt(gatewayArn).map((one) => one.close()));
      return [];
    },
  },
  nextGateway(
    'a next version with room for one request',
    gatewayFunction(({ Properties }) => {
      Properties.ReservedConcurrentExecutions = 1;
    }),
    `${gateway} `,
  ),
  {
    what: 'a dispatcher that drops members which it does not know',
    stacks: [gateway],
    says: 'has lost its madeBy',
    async plant(world) {
      const { fleet, next } = world;
      await fleet.deployment.deploy(stackOf(next, state));
      const stack = await forgetfulDispatcher(world);
      await fleet.deployment.deploy(stack);
      const batch = await handInBatch(fleet, gateway);
      const before = await readState(fleet);
      await batch.results();
      return lostSince(before, await readState(fleet));
    },
  },
];

function withoutQuery(statement: StatementJson): void {
  statement.Action = [statement.Action].flat().filter((action) => action !== 'dynamodb:Query');
}
