import { describe, expect, it } from 'vitest';
import acmeInput from '#examples/acme.config.ts';
import { deployedPolicies } from '#test/builders/deployed-policies.ts';
import { isAllowed } from '#test/builders/policy-engine.ts';
import { anything } from '#test/builders/refusal.ts';
import { checkedConfig } from '#test/lib/acme.ts';
import { synthesized } from '#test/lib/synthesized.ts';

const app = 'arn:aws:iam::555555555555:role/app';
const home = 'arn:aws:iam::111111111111:role/app';
const config = checkedConfig({
  ...acmeInput,
  frontDoor: { authorization: 'iam' },
  tenants: {
    demo: {
      ...acmeInput.tenants?.demo,
      keys: [],
      models: ['*'],
      residencies: ['eu'],
      defaultResidency: 'eu',
      principals: [app, home],
    },
  },
});
const deployed = deployedPolicies(synthesized({ config }).assembly.stacks);
const apis = [...deployed.resources.keys()].filter((arn) => arn.startsWith('arn:aws:execute-api:'));

const mayCall = (role: string, policies = anything) =>
  Promise.all(
    apis.map((api) =>
      isAllowed(deployed, {
        role,
        policies,
        action: 'execute-api:Invoke',
        resource: `${api}/live/POST/v1/messages`,
      }),
    ),
  );

describe('the front door with IAM', () => {
  it('stands in every gateway region, and lets the principals of tenants in', async () => {
    expect(apis).toHaveLength(4);
    expect(new Set(await mayCall(app))).toEqual(new Set([true]));
    // Another account has to say so too.
    expect(new Set(await mayCall(app, []))).toEqual(new Set([false]));
  });

  it('lets nobody else of any other account in, whatever that account allows', async () => {
    for (const name of ['555555555555:role/other', '555555555555:role/app-2', '444444444444:role/app'])
      expect([name, new Set(await mayCall(`arn:aws:iam::${name}`))]).toEqual([name, new Set([false])]);
  });
});
