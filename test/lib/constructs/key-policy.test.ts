import { App, Stack } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { accountKeyPolicy } from '#lib/constructs/key-policy.ts';
import { home } from '#test/lib/built.ts';
import { normalized } from '#test/lib/synthesized.ts';

it('leaves it to the account’s own policies who uses a key, action by action, and to nobody else', () => {
  const stack = new Stack(new App(), 'Stack', { env: home });
  const { Statement } = stack.resolve(accountKeyPolicy(stack).toJSON());
  const statements = Statement.map(normalized);
  expect(statements).toMatchObject([{ Sid: 'Administer' }, { Sid: 'UseByPolicies' }]);
  expect(JSON.stringify(Statement.map(({ Principal }: { Principal: unknown }) => Principal))).not.toContain(
    '"*"',
  );
  const [administer, use] = statements.map(({ Action }: { Action: readonly string[] }) => Action);
  expect([...administer, ...use].filter((action: string) => action.includes('*'))).toEqual([]);
  expect(administer.filter((action: string) => use.includes(action))).toEqual(['kms:DescribeKey']);
});
