import { Duration, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { expect, it } from 'vitest';
import { RestDoor, type RestDoorProps } from '#lib/constructs/rest-door.ts';
import { home, someFunction } from '#test/lib/built.ts';
import { acknowledgementsOf } from '#test/lib/findings.ts';
import { unbundledApp } from '#test/lib/synthesized.ts';

function acceptedFor(props: Partial<RestDoorProps>): readonly string[] {
  const app = unbundledApp('cdk.out', false);
  const stack = new Stack(app, 'Stack', { env: home });
  const handler = someFunction(stack).lambda;
  const logRetention = RetentionDays.SIX_MONTHS;
  new RestDoor(stack, 'Door', {
    ...{ apiName: 'acme-door', handler, timeout: Duration.minutes(5), logRetention },
    ...props,
  });
  return acknowledgementsOf(app)
    .filter(({ path }) => path.startsWith('Stack/Door'))
    .map(({ id }) => id);
}

it('accepts no missing web ACL where there is one, and no open method where callers sign', () => {
  const aboutWebAcls = ['NIST.800.53.R5-APIGWAssociatedWithWAF', 'AwsSolutions-APIG3'];
  const bare = acceptedFor({});
  const guarded = acceptedFor({ firewall: { requestsPerAddressMax: 100 } });
  expect(aboutWebAcls.filter((id) => !bare.includes(id))).toEqual([]);
  expect(aboutWebAcls.filter((id) => guarded.includes(id))).toEqual([]);
  expect(bare).toContain('AwsSolutions-APIG4');
  expect(acceptedFor({ signedBy: ['arn:aws:iam::111111111111:role/app'] })).not.toContain(
    'AwsSolutions-APIG4',
  );
});
