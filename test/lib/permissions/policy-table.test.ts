import { describe, expect, it } from 'vitest';
import acmeInput from '#examples/acme.config.ts';
import { discoveredPlaces, gatewayPlaces } from '#lib/places.ts';
import { type Caller, type CallPlace, type CallUse, homePlace } from '#test/builders/call-uses.ts';
import { callsInSource } from '#test/builders/calls-in-source.ts';
import { type DeployedPolicies, deployedPolicies } from '#test/builders/deployed-policies.ts';
import { batchKeyOf, platformCalls } from '#test/builders/platform-calls.ts';
import { isAllowed } from '#test/builders/policy-engine.ts';
import { productCalls } from '#test/builders/product-calls.ts';
import { anything, type RefusedCall } from '#test/builders/refusal.ts';
import { refusedCalls } from '#test/builders/refused-calls.ts';
import { refusedWhereBounded } from '#test/builders/refused-on-models.ts';
import { checkedConfig } from '#test/lib/acme.ts';
import { synthesized } from '#test/lib/synthesized.ts';

const { 'chat-small': chatSmall, ...models } = acmeInput.models;
const config = checkedConfig({
  ...acmeInput,
  operators: { principals: ['arn:aws:iam::111111111111:role/operator'] },
  models: {
    ...models,
    'chat-small': {
      candidates: chatSmall?.candidates ?? [],
      baseline: chatSmall?.baseline ?? {},
      dedicated: (chatSmall?.dedicated ?? []).map((endpoint) => ({
        ...endpoint,
        component: 'chat-small-component',
      })),
    },
  },
});
const organization = 'o-acme123456';
const deployed = deployedPolicies(synthesized({ config, organizationId: organization }).assembly.stacks);

const placesOf: Readonly<Record<Exclude<Caller, 'operator'>, readonly CallPlace[]>> = {
  discover: discoveredPlaces(config),
  gateway: gatewayPlaces(config),
  plan: [homePlace],
  verify: [homePlace],
};

const roleOf = (by: Caller, { account, region }: CallPlace) =>
  `arn:aws:iam::${account}:role/acme-${by}-${region}`;

const uses: readonly (readonly [string, CallUse])[] = [
  ...Object.entries(productCalls).flatMap(([file, operations]) =>
    Object.entries(operations).flatMap(([operation, list]) =>
      list.map((use) => [`${file} ${operation}`, use] as const),
    ),
  ),
  ...Object.entries(platformCalls(deployed)).flatMap(([what, list]) =>
    list.map((use) => [what, use] as const),
  ),
];

const keyIn = (region: string) => batchKeyOf(deployed, { account: '222222222222', region });

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

describe('what must not', () => {
  it('refuses every call that would do harm', async () => {
    const rows = refusedCalls(keyIn);
    expect(rows.length).toBeGreaterThan(100);
    expect(await letThrough(deployed, rows)).toEqual([]);
  });

  it('refuses global profiles where every residency has bounds, and allows them where one has none', async () => {
    const { anywhere: _, ...residencies } = acmeInput.residencies;
    const bounded = checkedConfig({
      ...acmeInput,
      residencies,
      tenants: { demo: { residencies: ['eu'], defaultResidency: 'eu', models: ['*'] } },
    });
    const { assembly } = synthesized({ config: bounded, organizationId: organization });
    expect(await letThrough(deployedPolicies(assembly.stacks), refusedWhereBounded)).toEqual([]);
    expect(await letThrough(deployed, refusedWhereBounded)).toHaveLength(refusedWhereBounded.length);
  });
});

describe('what must work', () => {
  it('knows every call that the adapters make', () => {
    const known = Object.entries(productCalls).flatMap(([file, operations]) =>
      Object.keys(operations).map((operation) => `${file} ${operation}`),
    );
    expect(callsInSource().toSorted()).toEqual(known.toSorted());
  });

  it('lets every function make its calls, in every place', async () => {
    const refused: string[] = [];
    let judged = 0;
    for (const [what, { by, at }] of uses) {
      if (by === 'operator') continue;
      for (const place of placesOf[by]) {
        for (const call of at(place)) {
          judged += 1;
          const role = roleOf(by, place);
          if (!(await isAllowed(deployed, { ...call, role, organization })))
            refused.push(`${what}: ${role} may not ${call.action} on ${call.resource}`);
        }
      }
    }
    expect(refused).toEqual([]);
    expect(judged).toBeGreaterThan(300);
  });
});
