import { describe, expect, it } from 'vitest';
import acmeInput from '#examples/acme.config.ts';
import { callsInSource } from '#test/builders/calls-in-source.ts';
import type { DeployedPolicies } from '#test/builders/deployed-policies.ts';
import { permissionsDocument } from '#test/builders/permissions-document.ts';
import { artifactBucketOf } from '#test/builders/pipeline-calls.ts';
import { batchKeyOf } from '#test/builders/platform-calls.ts';
import { isAllowed, judge } from '#test/builders/policy-engine.ts';
import { neededCalls, organization, policiesOf } from '#test/builders/policy-world.ts';
import { productCalls } from '#test/builders/product-calls.ts';
import { anything, type RefusedCall } from '#test/builders/refusal.ts';
import { refusedCalls } from '#test/builders/refused-calls.ts';
import { refusedWhereBounded } from '#test/builders/refused-on-models.ts';
import { StatementUse } from '#test/builders/statement-use.ts';
import { checkedConfig } from '#test/lib/acme.ts';

const deployed = policiesOf();
const needed = neededCalls(deployed);
const refused = refusedCalls(
  (region) => batchKeyOf(deployed, { account: '222222222222', region }),
  artifactBucketOf(deployed),
);

/** CDK hands this out as a whole to a function that a queue starts. */
const grantedByCdk =
  'of sqs:ChangeMessageVisibility,sqs:DeleteMessage,sqs:GetQueueAttributes,sqs:GetQueueUrl,sqs:ReceiveMessage';

async function letThrough(
  policies: DeployedPolicies,
  rows: readonly RefusedCall[],
): Promise<readonly string[]> {
  const through: string[] = [];
  for (const { danger, role, call, organization: given = organization } of rows) {
    const judged = {
      ...call,
      role,
      ...(given === '' ? {} : { organization: given }),
      ...(policies.roles.has(role) ? {} : { policies: anything }),
    };
    if (await isAllowed(policies, judged))
      through.push(`${danger}: ${role} may ${call.action} on ${call.resource}`);
  }
  return through;
}

describe('what must not work', () => {
  it('is refused', async () => {
    expect(refused.length).toBeGreaterThan(100);
    expect(await letThrough(deployed, refused)).toEqual([]);
  });

  it('holds for global profiles where every residency has bounds; where one has none they work', async () => {
    const { anywhere: _, ...residencies } = acmeInput.residencies;
    const bounded = checkedConfig({
      ...acmeInput,
      residencies,
      tenants: { demo: { residencies: ['eu'], defaultResidency: 'eu', models: ['*'] } },
    });
    expect(await letThrough(policiesOf(bounded), refusedWhereBounded)).toEqual([]);
    expect(await letThrough(deployed, refusedWhereBounded)).toHaveLength(refusedWhereBounded.length);
  });
});

describe('what must work', () => {
  it('is known for every call that the adapters make', () => {
    const known = Object.entries(productCalls).flatMap(([file, operations]) =>
      Object.keys(operations).map((operation) => `${file} ${operation}`),
    );
    // A call that is missing here needs a line in test/builders/product-calls.ts, and then a permission.
    expect(callsInSource().toSorted()).toEqual(known.toSorted());
  });

  it('is allowed in every place, and takes every permission that there is', async () => {
    const lacking: string[] = [];
    const use = new StatementUse(deployed);
    for (const { asker, role, call } of needed.filter(({ by }) => by !== 'operator')) {
      const { allowed, allowedBy } = await judge(deployed, { ...call, role, organization });
      if (allowed) use.note(role, call, allowedBy);
      else lacking.push(`${asker}: ${role} may not ${call.action} on ${call.resource}`);
    }
    expect(lacking).toEqual([]);
    const needless = Map.groupBy(use.needless(), (part) => part.endsWith(grantedByCdk));
    expect(needless.get(false) ?? []).toEqual([]);
    expect(needless.has(true)).toBe(true);
  });
});

/** Lists and metrics name no resource; conditions bind them to their region or namespace. */
const resourceless = [
  'bedrock:GetFoundationModelAvailability',
  'bedrock:ListFoundationModels',
  'bedrock:ListInferenceProfiles',
  'cloudwatch:PutMetricData',
  'servicequotas:ListServiceQuotas',
];

it('allows no action by a pattern, and nothing on every resource but what names none', () => {
  const statements = [...deployed.roles.values()].flatMap(({ policies }) =>
    policies.flatMap(({ Statement }) =>
      Statement.map(({ Action, Resource, Condition }) => ({ Action: [Action].flat(), Resource, Condition })),
    ),
  );
  expect(statements.flatMap(({ Action }) => Action).filter((action) => String(action).includes('*'))).toEqual(
    [],
  );
  const everywhere = statements.filter(({ Resource }) => [Resource].flat().includes('*'));
  expect(new Set(everywhere.flatMap(({ Action }) => Action))).toEqual(new Set(resourceless));
  expect(everywhere.filter(({ Condition }) => Condition === undefined)).toEqual([]);
});

it('docs/permissions.md says what is judged here', async () => {
  await expect(permissionsDocument(needed, refused)).toMatchFileSnapshot('../../../docs/permissions.md');
});
