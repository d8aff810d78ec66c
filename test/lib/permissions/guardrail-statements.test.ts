import { expect, it } from 'vitest';
import type { SpillwayConfig } from '#contract/config.ts';
import { guardrailStatements } from '#lib/permissions/guardrail-statements.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { acme } from '#test/lib/acme.ts';

const account = '222222222222';
const withGuardrails = (
  ...guardrails: { region: string; id: string; profile?: string }[]
): SpillwayConfig => ({
  ...acme,
  accounts: acme.accounts.map((each) => (each.id === account ? { ...each, guardrails } : each)),
});
const resourcesOf = (config: SpillwayConfig, of = account) =>
  guardrailStatements({ config, facts, account: of }).flatMap(({ resources }) => resources);

it('names the guardrails of the account, and profiles in every region that they may judge in', () => {
  expect(guardrailStatements({ config: acme, facts, account })).toEqual([]);
  const plain = { region: 'eu-central-1', id: 'plain' };
  const config = withGuardrails(plain, { region: 'eu-west-1', id: 'wide', profile: 'eu.guardrail.v1:0' });
  expect(resourcesOf(config)).toEqual(
    [
      ...facts
        .regionsOf('EU')
        .map((region) => `arn:aws:bedrock:${region}:${account}:guardrail-profile/eu.guardrail.v1:0`),
      `arn:aws:bedrock:eu-central-1:${account}:guardrail/plain`,
      `arn:aws:bedrock:eu-west-1:${account}:guardrail/wide`,
    ].sort(),
  );
  expect(resourcesOf(config, '111111111111')).toEqual([]);
});

it('refuses a profile of which nobody knows where it judges', () => {
  const config = withGuardrails({ region: 'eu-central-1', id: 'far', profile: 'moon.guardrail.v1:0' });
  expect(() => resourcesOf(config)).toThrow('nobody knows where moon.guardrail.v1:0 judges');
});
