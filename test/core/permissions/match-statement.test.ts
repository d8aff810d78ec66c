import { runSimulation } from '@cloud-copilot/iam-simulate';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuthorizedCall, matchesPattern, matchStatement } from '#core/permissions/match-statement.ts';
import { parsePolicy } from '#core/permissions/policy-document.ts';

const profile = 'arn:aws:bedrock:eu-west-1:222222222222:inference-profile/eu.amazon.nova-lite-v1:0';
const role = 'arn:aws:iam::222222222222:role/acme-gateway-access';
const call: AuthorizedCall = {
  action: 'bedrock:InvokeModel',
  resource: 'arn:aws:bedrock:eu-north-1::foundation-model/amazon.nova-lite-v1:0',
  context: {
    'aws:requestedregion': 'eu-north-1',
    'aws:principalarn': role,
    'bedrock:inferenceprofilearn': profile,
    'aws:principaltag/team': null,
  },
};

function matches(statement: object) {
  const parsed = parsePolicy({ Statement: { Effect: 'Deny', Action: '*', Resource: '*', ...statement } });
  if (!parsed.ok || parsed.statements[0] === undefined) throw new Error(JSON.stringify(parsed));
  return matchStatement(parsed.statements[0], call);
}

describe('matchStatement', () => {
  it('says what it depends on where nobody told, unless something else decides', () => {
    const tag = { StringEquals: { 'aws:ResourceTag/team': 'x' } };
    expect(matches({ Condition: tag })).toEqual({ matches: 'unknown', keys: ['aws:resourcetag/team'] });
    const elsewhere = { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } };
    expect(matches({ Condition: { ...tag, StringLike: { 'aws:RequestedRegion': 'us-*' } } })).toEqual({
      matches: false,
    });
    expect(matches({ Condition: elsewhere })).toEqual({ matches: false });
    expect(matches({ Condition: { NumericLessThan: { 'aws:RequestedRegion': '3' } } }).matches).toBe(
      'unknown',
    );
    const variable = ['$', '{aws:PrincipalTag/region}'].join('');
    expect(matches({ Condition: { StringEquals: { 'aws:RequestedRegion': variable } } }).matches).toBe(
      'unknown',
    );
    expect(matches({ Condition: { Null: { 'aws:ResourceTag/team': 'true' } } }).matches).toBe('unknown');
  });

  it('takes wildcards as IAM does, and an ARN part by part', () => {
    expect(matchesPattern('bedrock:invoke*', 'bedrock:InvokeModel', 'any-case')).toBe(true);
    expect(matchesPattern('eu-west-?', 'eu-west-1')).toBe(true);
    expect(matchesPattern('eu.west', 'eu-west')).toBe(false);
    const short = { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/acme-*' } };
    expect(matches({ Condition: short })).toEqual({ matches: true });
    expect(
      matches({ Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam:*:role/acme-*' } } }).matches,
    ).toBe('unknown');
  });

  it('judges as the policy engine does, whatever the statement', async () => {
    const arns = [profile, role, 'arn:aws:iam::*:role/*', 'arn:aws:bedrock:*:*:inference-profile/eu.*'];
    const texts = ['eu-north-1', 'eu-west-1', 'EU-NORTH-1', 'eu-*', '*', 'true', ...arns];
    const arnKeys = ['aws:PrincipalArn', 'bedrock:InferenceProfileArn', 'aws:PrincipalTag/team'];
    const conditionOf = (operators: readonly string[], keys: readonly string[], values: readonly string[]) =>
      fc
        .tuple(
          fc.constantFrom(...operators, ...operators.map((name) => `${name}IfExists`)),
          fc.constantFrom(...keys),
          fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }),
        )
        .map(([operator, key, list]) => ({ [operator]: { [key]: list } }));
    const condition = fc.oneof(
      conditionOf(
        ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase'],
        ['aws:RequestedRegion', 'AWS:requestedregion', ...arnKeys],
        texts,
      ),
      conditionOf(['ArnLike', 'ArnNotLike', 'ArnEquals', 'ArnNotEquals'], arnKeys, arns),
      fc
        .tuple(fc.constantFrom(...arnKeys), fc.constantFrom('true', 'false'))
        .map(([key, value]) => ({ Null: { [key]: value } })),
    );
    const patterns = fc.constantFrom(
      'bedrock:*',
      'bedrock:invokemodel',
      'bedrock:Get*',
      '*',
      's3:*',
      'bedrock:Invoke?odel',
    );
    const resources = fc.constantFrom(
      '*',
      'arn:aws:bedrock:eu-*::foundation-model/*',
      'arn:aws:bedrock:*:*:inference-profile/*',
      call.resource,
    );
    const statement = fc.record({
      action: fc.tuple(fc.constantFrom('Action', 'NotAction'), patterns),
      resource: fc.tuple(fc.constantFrom('Resource', 'NotResource'), resources),
      conditions: fc.array(condition, { maxLength: 2 }),
    });
    const seen = { true: 0, false: 0 };
    await fc.assert(
      fc.asyncProperty(statement, async ({ action, resource, conditions }) => {
        const written = {
          Effect: 'Deny',
          [action[0]]: action[1],
          [resource[0]]: resource[1],
          ...(conditions.length === 0 ? {} : { Condition: Object.assign({}, ...conditions) }),
        };
        const parsed = parsePolicy({ Statement: written });
        const ours =
          parsed.ok && parsed.statements[0] !== undefined && matchStatement(parsed.statements[0], call);
        const engine = await isDenied(written);
        expect([written, ours === false ? undefined : ours.matches]).toEqual([written, engine]);
        seen[`${engine}`] += 1;
      }),
      { numRuns: 250 },
    );
    expect([seen.true > 30, seen.false > 30]).toEqual([true, true]);
  });
});

/** Of a call that everything else allows. */
async function isDenied(statement: object): Promise<boolean> {
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const answer = await runSimulation(
    {
      request: {
        principal: 'arn:aws:sts::222222222222:assumed-role/acme-gateway-access/session',
        action: call.action,
        resource: { resource: call.resource, accountId: '222222222222' },
        contextVariables: {
          'aws:RequestedRegion': 'eu-north-1',
          'aws:PrincipalArn': role,
          'bedrock:InferenceProfileArn': profile,
        },
      },
      identityPolicies: [{ name: 'all', policy: everything }],
      serviceControlPolicies: [
        {
          orgIdentifier: 'r-root',
          policies: [
            { name: 'all', policy: everything },
            { name: 'deny', policy: { Version: '2012-10-17', Statement: [statement] } },
          ],
        },
      ],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult !== 'Allowed';
}
