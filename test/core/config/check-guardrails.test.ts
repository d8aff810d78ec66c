import { describe, expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import { checkConfig } from '#core/config/check-config.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const findingsOf = (
  guardrails: readonly object[],
  residencies: object = { eu: { jurisdictions: ['EU'] } },
) => {
  const parsed = parseConfig({
    name: 'test',
    home: { account: '111111111111', region: 'eu-central-1' },
    accounts: [{ id: '111111111111', regions: ['eu-central-1', 'us-east-1'], guardrails }],
    gateways: ['eu-central-1'],
    residencies,
    models: { chat: { candidates: ['amazon.nova-lite-v1:0'] } },
  });
  if (!parsed.ok) return parsed.violations.map(({ path, message }) => `${path} ${message}`);
  const { errors, warnings } = checkConfig(parsed.config, shippedFacts);
  return [...errors, ...warnings]
    .filter(({ path }) => path.includes('guardrails'))
    .map(({ path, message }) => `${path} ${message}`);
};

const anywhere = { eu: { jurisdictions: ['EU'] }, anywhere: { jurisdictions: 'any' } };

describe('a guardrail of an account', () => {
  it('stands in a region of the account', () => {
    expect(findingsOf([{ region: 'eu-central-1', id: 'abc123' }], anywhere)).toEqual([]);
    expect(findingsOf([{ region: 'eu-west-1', id: 'abc123' }], anywhere)).toEqual([
      'accounts[0].guardrails[0].region eu-west-1 is not a region of account 111111111111, which lists eu-central-1, us-east-1',
    ]);
  });

  it('judges inside some residency, in its own region and in all of its profile’s', () => {
    const [useless] = findingsOf([{ region: 'eu-central-1', id: 'abc123' }]);
    expect(useless).toContain('accounts[0].guardrails[0] no call may name a guardrail');
    const astray = [
      { region: 'us-east-1', id: 'abc123' },
      { region: 'eu-central-1', id: 'def456', profile: 'us.guardrail.v1:0' },
      { region: 'eu-central-1', id: 'def456', profile: 'moon.guardrail.v1:0' },
      { region: 'eu-central-1', id: 'def456', profile: 'eu.guardrail.v1:0' },
    ];
    expect(findingsOf(astray).slice(0, 3)).toEqual([
      'accounts[0].guardrails[0].region us-east-1 lies outside every residency; take the guardrail out, or choose another profile',
      'accounts[0].guardrails[1].profile us.guardrail.v1:0 may judge prompts outside every residency; take the guardrail out, or choose another profile',
      'accounts[0].guardrails[2].profile moon.guardrail.v1:0 may judge prompts outside every residency; take the guardrail out, or choose another profile',
    ]);
    expect(findingsOf(astray)).toHaveLength(4);
  });

  it('judges where somebody knows, under residencies without bounds too', () => {
    const unknown = { region: 'eu-central-1', id: 'def456', profile: 'moon.guardrail.v1:0' };
    expect(findingsOf([unknown], anywhere)).toEqual([
      'accounts[0].guardrails[0].profile nobody knows where moon.guardrail.v1:0 judges; take a profile of us, eu, apac, jp, au, ca, in',
    ]);
  });

  it('is named by its id and its profile, not by an ARN', () => {
    const arn = 'arn:aws:bedrock:eu-central-1:111111111111:guardrail/abc123';
    expect(findingsOf([{ region: 'eu-central-1', id: arn, profile: 'eu' }])).toEqual([
      `accounts[0].guardrails[0].id "${arn}" must be the id of a guardrail, such as "a1b2c3d4e5f6"`,
      'accounts[0].guardrails[0].profile "eu" must be a guardrail profile such as "eu.guardrail.v1:0"',
    ]);
  });
});
