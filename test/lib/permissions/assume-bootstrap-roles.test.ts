import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { assumeBootstrapRoles } from '#lib/permissions/assume-bootstrap-roles.ts';
import { built } from '#test/lib/built.ts';
import { identityStatements } from '#test/lib/synthesized.ts';

const statementsFor = (accounts: readonly string[]) =>
  identityStatements(
    built((stack) => {
      const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com') });
      assumeBootstrapRoles(
        role,
        {
          home: { account: '111111111111', region: 'us-east-1' },
          accounts: accounts.map((id) => ({ id, regions: ['us-east-1'], traffic: false })),
        },
        'acme2',
      );
    }),
  );

describe('assumeBootstrapRoles', () => {
  it('names three roles of each account, home’s too, and no other', () => {
    const [statement, ...others] = statementsFor(['222222222222']);
    expect(others).toEqual([]);
    expect(statement?.Action).toEqual(['sts:AssumeRole']);
    expect(statement?.Resource).toEqual(
      ['111111111111', '222222222222'].flatMap((id) =>
        ['deploy-role', 'file-publishing-role', 'lookup-role'].map(
          (kind) => `arn:aws:iam::${id}:role/cdk-acme2-${kind}-${id}-*`,
        ),
      ),
    );
  });

  it('fits thirty accounts into what a role holds', () => {
    const ids = Array.from({ length: 30 }, (_, index) => String(200_000_000_000 + index));
    const statements = statementsFor(ids);
    expect(statements.flatMap(({ Resource }) => Resource)).toHaveLength(31 * 3);
    expect(JSON.stringify(statements).length).toBeLessThan(10_240);
  });
});
