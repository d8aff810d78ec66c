import { CfnLink } from 'aws-cdk-lib/aws-oam';
import { Construct } from 'constructs';
import { metricNamespaces } from '#contract/resources.ts';

/** What is shared with the sink, and what a sink lets in: metrics, never logs or traces. */
export const sharedResourceTypes: readonly string[] = ['AWS::CloudWatch::Metric'];

/** Those of AWS's namespaces in which the product's own resources tell of themselves. */
const SHARED_AWS_NAMESPACES: readonly string[] = [
  'AWS/ApiGateway',
  'AWS/Bedrock',
  'AWS/DynamoDB',
  'AWS/Lambda',
  'AWS/SQS',
  'AWS/SageMaker',
];

export interface MetricsLinkProps {
  /** ARN of a sink in this region, of another account, whose policy lets this one link. */
  readonly sinkArn: string;
}

/** Shows this account's metrics in the account of a sink, as long as the link stands; nothing is copied. */
export class MetricsLink extends Construct {
  constructor(scope: Construct, id: string, { sinkArn }: MetricsLinkProps) {
    super(scope, id);
    new CfnLink(this, 'Link', {
      sinkIdentifier: sinkArn,
      resourceTypes: [...sharedResourceTypes],
      labelTemplate: '$AccountName',
      linkConfiguration: { metricConfiguration: { filter: sharedNamespaces() } },
    });
  }
}

/** In the language of links, which knows prefixes and lists. */
function sharedNamespaces(): string {
  const own = Object.values(metricNamespaces);
  const names = [...own, ...SHARED_AWS_NAMESPACES].map((name) => `'${name}'`);
  return `Namespace IN (${names.join(', ')})`;
}
