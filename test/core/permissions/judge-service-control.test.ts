import { describe, expect, it } from 'vitest';
import { judgeServiceControl } from '#core/permissions/judge-service-control.ts';
import { callWays } from '#core/permissions/model-authorizations.ts';
import { parsePolicy } from '#core/permissions/policy-document.ts';
import { servedModels } from '#core/permissions/served-models.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const caller = { account: '222222222222', roleArn: 'arn:aws:iam::222222222222:role/acme-gateway-access' };
const ways = callWays(servedModels(acmeConfig(), shippedFacts, caller.account), shippedFacts);

/** `verdict id from source: region by statement` */
function broken(...statements: readonly object[]): readonly string[] {
  const parsed = parsePolicy({ Statement: statements });
  if (!parsed.ok) throw new Error(parsed.violations.join());
  return judgeServiceControl({ statements: parsed.statements, ways, caller }).map(
    ({ verdict, way, region, statement, keys }) =>
      `${verdict} ${way.id} from ${way.source}: ${region} by ${statement} ${keys.join()}`.trim(),
  );
}

const outside = (...regions: readonly string[]) => ({
  Sid: 'DenyOtherRegions',
  Effect: 'Deny',
  NotAction: ['iam:*', 'sts:*'],
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:RequestedRegion': regions } },
});
const europe = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'];

describe('judgeServiceControl', () => {
  it('finds nothing in a policy that leaves all destinations alone', () => {
    expect(broken(outside(...europe, 'unspecified'))).toEqual([]);
  });

  it('names each profile that a destination outside the list breaks, although the source is inside', () => {
    const found = broken(outside(...europe.filter((region) => region !== 'eu-south-1'), 'unspecified'));
    expect(found).toContain(
      'denied eu.anthropic.claude-sonnet-4-5-20250929-v1:0 from eu-west-1: eu-south-1 by DenyOtherRegions',
    );
    // Nova's profile does not run there.
    expect(found.filter((line) => line.includes('nova'))).toEqual([]);
  });

  it('names global profiles where the list forgets that their region is unspecified', () => {
    const found = broken(outside(...europe));
    expect(found).toContain(
      'denied global.anthropic.claude-sonnet-4-5-20250929-v1:0 from eu-west-1: unspecified by DenyOtherRegions',
    );
    expect(found.every((line) => line.includes('global.'))).toBe(true);
  });

  it('says what it depends on, and lets a known role through that is excepted', () => {
    const ofRole = (pattern: string) => ({
      ...outside('eu-west-1'),
      Condition: {
        StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' },
        ArnNotLike: { 'aws:PrincipalArn': pattern },
      },
    });
    expect(broken(ofRole('arn:aws:iam::*:role/acme-*'))).toEqual([]);
    expect(broken(ofRole('arn:aws:iam::*:role/other-*'))[0]).toMatch(/^denied /);
    const byTag = { Effect: 'Deny', Action: '*', Condition: { StringEquals: { 'aws:PrincipalTag/a': 'b' } } };
    expect(new Set(broken(byTag).map((line) => line.replace(/ .* by/, '')))).toEqual(
      new Set(['denial-depends Statement[0] aws:principaltag/a']),
    );
  });

  it('sees that a list of what is allowed leaves models out', () => {
    const onlyStorage = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
    expect(broken(onlyStorage).every((line) => line.startsWith('not-allowed'))).toBe(true);
    expect(broken(onlyStorage, { Effect: 'Allow', Action: 'bedrock:*', Resource: '*' })).toEqual([]);
  });

  it('calls nothing allowed that one statement alone allows under a condition that nobody knows', () => {
    const anything = { Effect: 'Allow', Action: '*', Resource: '*' };
    const byTag = { ...anything, Sid: 'ByTag', Condition: { StringEquals: { 'aws:PrincipalTag/a': 'b' } } };
    const found = broken(byTag);
    expect(found.length).toBeGreaterThanOrEqual(ways.length);
    expect(new Set(found.map((line) => line.replace(/ .* by/, '')))).toEqual(
      new Set(['allowance-depends ByTag aws:principaltag/a']),
    );
    expect(broken(byTag, anything)).toEqual([]);
  });
});
