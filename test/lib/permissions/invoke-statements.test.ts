import { describe, expect, it } from 'vitest';
import { invokeStatements } from '#lib/permissions/invoke-statements.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { normalized, type StatementJson } from '#test/lib/synthesized.ts';

const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const home = '111111111111';
const europe = '222222222222';

const euOnly = checkedConfig({
  ...acme,
  residencies: { eu: { jurisdictions: ['EU'] } },
  models: { chat: { candidates: [sonnet] } },
  tenants: {},
});

function statementsFor(account: string, config = acme): readonly StatementJson[] {
  return invokeStatements({ config, facts: shippedFacts, account }).map((one) => normalized(one.toJSON()));
}

const modelArn = (region: string) => `arn:aws:bedrock:${region}::foundation-model/${sonnet}`;
const profileArn = (region: string, id: string) =>
  `arn:aws:bedrock:${region}:${europe}:inference-profile/${id}.${sonnet}`;

/** As IAM decides for exact resources: is there a statement that holds? */
function isAllowed(
  all: readonly StatementJson[],
  resource: string,
  context: Readonly<Record<string, string>> = {},
  action = 'bedrock:InvokeModel',
): boolean {
  const statements = all.filter(({ Action }) => [Action].flat().includes(action));
  return statements.some(
    ({ Resource, Condition }) =>
      Resource.includes(resource) &&
      Object.entries(Condition.StringEquals ?? {}).every(([key, values]) =>
        [values].flat().includes(context[key] ?? ''),
      ) &&
      Object.entries(Condition.Null ?? {}).every(
        ([key, absent]) => (context[key] === undefined) === (absent === 'true'),
      ),
  );
}

describe('invokeStatements', () => {
  it('allows calling a profile and running its model in each destination on its behalf', () => {
    const statements = statementsFor(europe);
    const profile = profileArn('eu-central-1', 'eu');
    expect(isAllowed(statements, profile)).toBe(true);
    for (const region of shippedFacts.destinationsOf(`eu.${sonnet}`, 'eu-central-1') ?? []) {
      expect(isAllowed(statements, modelArn(region), { 'bedrock:InferenceProfileArn': profile })).toBe(true);
    }
  });

  it('allows no model of a destination without the profile', () => {
    expect(isAllowed(statementsFor(europe), modelArn('eu-south-1'))).toBe(false);
  });

  it('allows a plain model in the regions of the account only, and only without a profile', () => {
    const statements = statementsFor(europe);
    expect(isAllowed(statements, modelArn('eu-west-3'))).toBe(true);
    expect(isAllowed(statements, modelArn('us-east-1'))).toBe(false);
    expect(
      isAllowed(statements, modelArn('eu-west-3'), {
        'bedrock:InferenceProfileArn': profileArn('eu-west-3', 'xx'),
      }),
    ).toBe(false);
  });

  it('allows a global profile its nameless region, from the sources only', () => {
    const statements = statementsFor(europe);
    const context = {
      'bedrock:InferenceProfileArn': profileArn('eu-central-1', 'global'),
      'aws:RequestedRegion': 'unspecified',
    };
    expect(isAllowed(statements, modelArn(''), context)).toBe(true);
    expect(isAllowed(statements, modelArn(''), { ...context, 'aws:RequestedRegion': 'us-east-1' })).toBe(
      false,
    );
  });

  it('names no region outside the residencies when all of them are bounded', () => {
    const regions = statementsFor(europe, euOnly)
      .flatMap(({ Resource }) => Resource)
      .map((resource) => String(resource).split(':')[3] ?? '');
    const allowed = new Set(shippedFacts.regionsOf('EU'));
    expect(regions.length).toBeGreaterThan(0);
    expect(regions.filter((region) => !allowed.has(region))).toEqual([]);
  });

  it('gives an account outside every residency nothing', () => {
    expect(statementsFor('333333333333', euOnly)).toEqual([]);
  });

  it('allows counting chats with the models that may be called, where they are called and nowhere else', () => {
    const counts = (region: string, modelId = sonnet) =>
      isAllowed(
        statementsFor(europe),
        `arn:aws:bedrock:${region}::foundation-model/${modelId}`,
        {},
        'bedrock:CountTokens',
      );
    expect(['eu-central-1', 'eu-west-1', 'eu-north-1'].map((region) => counts(region))).toEqual([
      true,
      true,
      true,
    ]);
    // A destination of a profile that the account does not serve, and a model that does not chat.
    expect([counts('eu-south-1'), counts('us-east-1'), counts('')]).toEqual([false, false, false]);
    expect(counts('eu-central-1', 'amazon.titan-embed-text-v2:0')).toBe(false);
  });

  it('allows the configured endpoints of the account and no others', () => {
    const dedicated = statementsFor(home).find(({ Sid }) => Sid === 'CallDedicated');
    expect(dedicated?.Resource).toEqual([`arn:aws:sagemaker:us-east-1:${home}:endpoint/chat-small`]);
    expect(dedicated?.Action).toEqual([
      'sagemaker:InvokeEndpoint',
      'sagemaker:InvokeEndpointWithResponseStream',
    ]);
    expect(statementsFor(europe).some(({ Sid }) => Sid === 'CallDedicated')).toBe(false);
  });

  it('grants nothing but calling models, and nothing on a wildcard', () => {
    for (const { Action, Resource } of [...statementsFor(home), ...statementsFor(europe)]) {
      expect(
        Action.every((action) =>
          /^(bedrock:InvokeModel|bedrock:CountTokens$|sagemaker:InvokeEndpoint)/.test(action),
        ),
      ).toBe(true);
      expect(Resource.filter((resource) => String(resource).includes('*'))).toEqual([]);
    }
  });
});
