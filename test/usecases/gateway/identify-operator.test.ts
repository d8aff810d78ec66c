import { describe, expect, it } from 'vitest';
import { identifyOperator } from '#usecases/gateway/identify-operator.ts';

const token = 'eyJhbGciOiJub25lIn0.eyJzY29wZSI6Im9wZXJhdGUifQ.x';
const tenant = { name: 'demo', residencies: ['us'], models: ['*'] };
const bearer = (key: string) => ({ headers: new Headers({ authorization: `Bearer ${key}` }) });

type Verdict = Awaited<
  ReturnType<NonNullable<Parameters<typeof identifyOperator>[0]['operations']>['operators']['ofToken']>
>;

const identifyWith = (verdict: Verdict | undefined, evidence: Parameters<typeof identifyOperator>[1]) => {
  const operations = {
    operators: { ofPrincipal: () => undefined, ofToken: async () => verdict ?? ('unknown' as const) },
    run: async () => ({}),
  };
  return identifyOperator(
    {
      tenants: { identify: async (key) => (key === 'sk-local' ? tenant : 'unknown') },
      operations: verdict === undefined ? undefined : operations,
    },
    evidence,
  );
};
const codeOf = async (identified: ReturnType<typeof identifyWith>) => {
  const result = await identified;
  return result.ok ? result.value.by : result.refusal.code;
};

describe('whoever orders an operation', () => {
  it.each([
    [{ by: 'ada' }, 'ada'],
    ['not-operator', 'operation_not_allowed'],
    ['unavailable', 'auth_unavailable'],
    ['unknown', 'invalid_api_key'],
  ] as const)('with a token judged %j is %s', async (verdict, outcome) => {
    expect(await codeOf(identifyWith(verdict, bearer(token)))).toBe(outcome);
  });

  it('with a key is refused, known or not, though the operators’ directory were to say otherwise', async () => {
    expect(await codeOf(identifyWith({ by: 'ada' }, bearer('sk-local')))).toBe('operation_not_allowed');
    expect(await codeOf(identifyWith({ by: 'ada' }, bearer('sk-other')))).toBe('invalid_api_key');
    expect(await codeOf(identifyWith({ by: 'ada' }, { headers: new Headers() }))).toBe('invalid_api_key');
    expect(await codeOf(identifyWith({ by: 'ada' }, bearer(`${token}${'x'.repeat(8192)}`)))).toBe(
      'invalid_api_key',
    );
  });

  it('is nobody where no operators are configured', async () => {
    expect(await codeOf(identifyWith(undefined, bearer(token)))).toBe('invalid_api_key');
    expect(await codeOf(identifyWith(undefined, bearer('sk-local')))).toBe('operation_not_allowed');
  });
});
