import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeServiceControl } from '#core/permissions/judge-service-control.ts';
import { callWays } from '#core/permissions/model-authorizations.ts';
import { parsePolicy } from '#core/permissions/policy-document.ts';
import { residencyPolicy, SERVICE_CONTROL_CHARACTERS_MAX } from '#core/permissions/residency-policy.ts';
import { servedModels } from '#core/permissions/served-models.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import { EVERYWHERE } from '#core/residency/reach.ts';
import { type ResidencySpec, resolveResidency } from '#core/residency/resolve-residency.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { deployedPolicies } from '#test/builders/deployed-policies.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { modelCalls } from '#test/builders/platform-calls.ts';
import { isAllowed } from '#test/builders/policy-engine.ts';
import { anything } from '#test/builders/refusal.ts';
import { profiledModels, residencyConfigs } from '#test/builders/residency-configs.ts';

const account = '222222222222';
const role = `arn:aws:iam::${account}:role/acme-gateway-access`;
const discover = `arn:aws:iam::${account}:role/acme-discover-us-east-1`;
const nothing = deployedPolicies([]);

function policyFor(residencies: Readonly<Record<string, ResidencySpec>>) {
  return residencyPolicy({
    residencies: Object.entries(residencies).map(([name, spec]) => resolveResidency(name, spec, facts)),
    facts,
    exemptRoles: ['arn:aws:iam::*:role/acme-discover-*'],
  });
}

function isThrough(policy: ReturnType<typeof policyFor>, call: Parameters<typeof isAllowed>[1]) {
  return isAllowed(nothing, {
    policies: anything,
    ...call,
    servicePolicies: policy === undefined ? [] : [policy],
  });
}

describe('residencyPolicy', () => {
  it('has nothing to deny where a residency has no bounds', () => {
    expect(policyFor({ eu: { jurisdictions: ['EU'] }, any: { jurisdictions: 'any' } })).toBeUndefined();
  });

  it('fits what an organization takes, also for every jurisdiction by itself', () => {
    for (const code of facts.jurisdictions) {
      const text = JSON.stringify(policyFor({ one: { jurisdictions: [code] } }));
      expect([code, text.length <= SERVICE_CONTROL_CHARACTERS_MAX]).toEqual([code, true]);
    }
    const apart = Object.fromEntries(facts.jurisdictions.map((code) => [code, { jurisdictions: [code] }]));
    expect(JSON.stringify(policyFor(apart)).length).toBeLessThanOrEqual(SERVICE_CONTROL_CHARACTERS_MAX);
  });

  it('lets discovery list what regions offer, and nobody else ask anything of Bedrock there', async () => {
    const policy = policyFor({ eu: { jurisdictions: ['EU'] } });
    const call = { action: 'bedrock:ListFoundationModels', resource: '*' };
    const context = { 'aws:RequestedRegion': 'us-east-1' };
    expect(await isThrough(policy, { ...call, context, role: discover })).toBe(true);
    expect(await isThrough(policy, { ...call, context, role })).toBe(false);
    const container = { action: 'sagemaker:InvokeEndpoint', role };
    const endpoint = (region: string) => `arn:aws:sagemaker:${region}:${account}:endpoint/chat`;
    expect(await isThrough(policy, { ...container, resource: endpoint('eu-west-1') })).toBe(true);
    expect(await isThrough(policy, { ...container, resource: endpoint('us-east-1') })).toBe(false);
    const other = {
      action: 'ec2:RunInstances',
      resource: `arn:aws:ec2:us-east-1:${account}:instance/i-1`,
      role,
    };
    expect(await isThrough(policy, other)).toBe(true);
  });

  it.each([
    ['bedrock:ListFoundationModels', '*', true],
    ['bedrock:ListInferenceProfiles', '*', true],
    ['bedrock:GetFoundationModelAvailability', '*', true],
    ['bedrock:InvokeModel', 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0', false],
    [
      'bedrock:InvokeModelWithResponseStream',
      'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0',
      false,
    ],
    ['bedrock:Retrieve', `arn:aws:bedrock:us-east-1:${account}:knowledge-base/ABCDEFGHIJ`, false],
    ['bedrock:CountTokens', 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0', false],
    ['bedrock:GenerateQuery', '*', false],
    ['bedrock:OptimizePrompt', '*', false],
    ['sagemaker:InvokeEndpoint', `arn:aws:sagemaker:us-east-1:${account}:endpoint/chat`, false],
  ])('exempts a role with discovery’s name from reads alone: %s', async (action, resource, expected) => {
    const policy = policyFor({ eu: { jurisdictions: ['EU'] } });
    const context = { 'aws:RequestedRegion': 'us-east-1' };
    expect(await isThrough(policy, { action, resource, context, role: discover })).toBe(expected);
    expect(await isThrough(policy, { action, resource, context, role })).toBe(false);
  });

  it('denies, as an engine judges, whatever no residency allows, and nothing that one does', async () => {
    const seen = { lawful: 0, unlawful: 0 };
    await fc.assert(
      fc.asyncProperty(residencyConfigs, fc.constantFrom(...facts.regions), async (config, elsewhere) => {
        const policy = policyFor(config.residencies);
        fc.pre(policy !== undefined);
        const policies = Object.entries(config.residencies).map(([name, spec]) =>
          resolveResidency(name, spec, facts),
        );
        const allowed = policies.flatMap((one) => (one.allowed === 'any' ? [] : [...one.allowed]));
        const sources = new Set([...allowed.slice(0, 3), elsewhere]);
        for (const region of sources)
          for (const modelId of profiledModels)
            for (const profileId of [undefined, ...facts.profilesFor(modelId, region)]) {
              const reach =
                profileId === undefined ? [region] : (facts.destinationsOf(profileId, region) ?? []);
              const scope =
                profileId === undefined ? 'in-region' : reach.includes(EVERYWHERE) ? 'global' : 'geo';
              const target = { region, scope, modelId, profileId, reach } as const;
              const lawful = policies.some((one) => judgeReach({ policy: one, target, facts }).lawful);
              const calls = modelCalls({ account, region, modelId, profileId, reach });
              const through = await Promise.all(calls.map((call) => isThrough(policy, { ...call, role })));
              const name = `${profileId ?? modelId} from ${region}`;
              expect([name, through.every((one) => one)]).toEqual([name, lawful]);
              seen[lawful ? 'lawful' : 'unlawful'] += 1;
            }
      }),
      { numRuns: 8 },
    );
    expect([seen.lawful > 10, seen.unlawful > 10]).toEqual([true, true]);
  });

  it('breaks nothing that the configuration allows', () => {
    const config = acmeConfig();
    const { anywhere: _, ...residencies } = config.residencies;
    const parsed = parsePolicy(policyFor(residencies));
    const ways = callWays(servedModels({ ...config, residencies }, facts, account), facts);
    expect(ways.length).toBeGreaterThan(5);
    const statements = parsed.ok ? parsed.statements : [];
    expect(statements.length).toBeGreaterThan(2);
    expect(judgeServiceControl({ statements, ways, caller: { account, roleArn: role } })).toEqual([]);
  });
});
