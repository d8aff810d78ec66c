import { describe, expect, it } from 'vitest';
import { authorizationsOf, callWays } from '#core/permissions/model-authorizations.ts';
import { servedModels } from '#core/permissions/served-models.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { modelCalls } from '#test/builders/platform-calls.ts';

const account = '222222222222';
const nova = 'amazon.nova-lite-v1:0';
const ways = callWays(servedModels(acmeConfig(), shippedFacts, account), shippedFacts);

describe('authorizationsOf', () => {
  it('asks of a plain id for the model alone, and says that there is no profile', () => {
    const way = ways.find(({ id, source }) => id === nova && source === 'eu-west-1');
    expect(way && authorizationsOf(way, { account })).toEqual([
      {
        action: 'bedrock:InvokeModel',
        resource: `arn:aws:bedrock:eu-west-1::foundation-model/${nova}`,
        region: 'eu-west-1',
        context: {
          'aws:requestedregion': 'eu-west-1',
          'aws:principalaccount': account,
          'bedrock:inferenceprofilearn': null,
        },
      },
    ]);
  });

  it('asks of a profile what policies are judged by', () => {
    for (const way of ways.filter(({ id, modelId }) => id !== modelId)) {
      const { id: profileId, modelId, source: region, reach } = way;
      const asked = authorizationsOf(way, { account, roleArn: 'arn:aws:iam::222222222222:role/x' });
      const expected = modelCalls({ account, region, modelId, profileId, reach });
      expect(asked.map(({ action, resource }) => ({ action, resource }))).toEqual(
        expected.map(({ action, resource }) => ({ action, resource })),
      );
      expect(asked.map(({ context }) => context['bedrock:inferenceprofilearn'] ?? undefined)).toEqual(
        expected.map(({ context }) => context?.['bedrock:InferenceProfileArn']),
      );
    }
    expect(ways.some(({ reach }) => reach.includes('*'))).toBe(true);
  });
});
