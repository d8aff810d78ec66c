import { expect, it } from 'vitest';
import { endpointStatements } from '#lib/permissions/endpoint-statements.ts';
import { deployedConfig } from '#test/builders/deployed-config.ts';
import { acme } from '#test/lib/acme.ts';
import { home } from '#test/lib/built.ts';

it('let the roles of other accounts through to models alone, and tables and queues of the deployment be used', () => {
  const statements = endpointStatements(acme, home);
  const others = ['222222222222', '333333333333'].map(
    (account) => `arn:aws:iam::${account}:role/acme-gateway-access`,
  );
  const principals = (statement: { toJSON(): { Condition: Record<string, Record<string, string[]>> } }) =>
    statement.toJSON().Condition.ArnEquals?.['aws:PrincipalArn'];
  expect(principals(statements.bedrockRuntime)).toEqual(expect.arrayContaining(others));
  expect(principals(statements.dynamodb)).toEqual(['arn:aws:iam::111111111111:role/acme-gateway-us-east-1']);
  expect(statements.sts?.resources).toEqual(others);
  expect(statements.dynamodb.resources).toEqual(['arn:aws:dynamodb:us-east-1:111111111111:table/acme-*']);
  expect(statements.sqs?.resources).toEqual(['arn:aws:sqs:us-east-1:111111111111:acme-*']);
});

it('let through to endpoints of the region’s own, in whose account they stand', () => {
  const [first] = Object.values(deployedConfig().models).flatMap(({ dedicated }) => dedicated);
  if (first === undefined) throw new Error('the deployment has endpoints');
  const place = { account: '111111111111', region: first.region };
  expect(endpointStatements(deployedConfig(), place).sagemakerRuntime?.resources).toEqual([
    `arn:aws:sagemaker:${first.region}:${first.account}:endpoint/*`,
  ]);
  expect(endpointStatements(acme, { ...place, region: 'eu-west-1' }).sagemakerRuntime).toBeUndefined();
});

it('let guardrails through where the configuration has some', () => {
  const { bedrockRuntime } = endpointStatements(acme, home);
  expect(bedrockRuntime.actions).not.toContain('bedrock:ApplyGuardrail');
  expect(bedrockRuntime.resources.join()).not.toContain(':guardrail');
  const accounts = acme.accounts.map((account) => ({
    ...account,
    guardrails: account.regions.slice(0, 1).map((region) => ({ region, id: 'abc123' })),
  }));
  const guarded = endpointStatements({ ...acme, accounts }, home).bedrockRuntime;
  expect(guarded.actions).toContain('bedrock:ApplyGuardrail');
  expect(guarded.resources).toEqual(
    expect.arrayContaining(['arn:aws:bedrock:*:*:guardrail/*', 'arn:aws:bedrock:*:*:guardrail-profile/*']),
  );
});
