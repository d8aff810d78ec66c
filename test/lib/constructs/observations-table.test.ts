import { describe, expect, it } from 'vitest';
import { ObservationsTable } from '#lib/constructs/observations-table.ts';
import { built, home } from '#test/lib/built.ts';

function policyWith(props: {
  readonly foreignAccounts?: string[];
  readonly foreignReaders?: { account: string; roleArn: string }[];
}) {
  const template = built(
    (stack) => void new ObservationsTable(stack, 'Observations', { deployment: 'acme', ...home, ...props }),
  );
  const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
  return table?.Properties.Replicas[0].ResourcePolicy?.PolicyDocument.Statement;
}

describe('ObservationsTable', () => {
  it('is closed to other accounts unless some are named', () => {
    expect(policyWith({})).toBeUndefined();
  });

  it('stays inside the 20 KB of a table’s policy for hundreds of accounts', () => {
    const foreignAccounts = Array.from({ length: 400 }, (_, index) => String(200_000_000_000 + index));
    const statements = policyWith({ foreignAccounts });
    expect(statements).toHaveLength(1);
    expect(JSON.stringify(statements).length).toBeLessThan(20_000);
  });

  it('names each reading account once, and each of its roles', () => {
    const roles = ['a', 'b'].map((name) => `arn:aws:iam::222222222222:role/${name}`);
    const foreignReaders = roles.map((roleArn) => ({ account: '222222222222', roleArn }));
    expect(policyWith({ foreignReaders })).toMatchObject([
      {
        Principal: { AWS: 'arn:aws:iam::222222222222:root' },
        Condition: { ArnEquals: { 'aws:PrincipalArn': roles } },
      },
    ]);
  });
});
