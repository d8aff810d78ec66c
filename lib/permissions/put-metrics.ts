import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Lets a function publish metrics, in one namespace. The action knows no resource, only the namespace as a condition. */
export function putMetrics(grantee: IGrantable, namespace: string): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      sid: 'PutMetrics',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': namespace } },
    }),
  );
}
