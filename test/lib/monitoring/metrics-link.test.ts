import { describe, expect, it } from 'vitest';
import { MetricsLink } from '#lib/monitoring/metrics-link.ts';
import { built } from '#test/lib/built.ts';

describe('MetricsLink', () => {
  it('shares metrics alone, of namespaces in which the product tells of itself', () => {
    const sinkArn = 'arn:aws:oam:us-east-1:222222222222:sink/1c72e9ec-0000';
    const template = built((stack) => void new MetricsLink(stack, 'Metrics', { sinkArn }));
    expect(Object.values(template.findResources('AWS::Oam::Link'))[0]?.Properties).toEqual({
      SinkIdentifier: sinkArn,
      ResourceTypes: ['AWS::CloudWatch::Metric'],
      LabelTemplate: '$AccountName',
      LinkConfiguration: {
        MetricConfiguration: {
          Filter:
            "Namespace IN ('Spillway/Availability', 'Spillway/Gateway', 'AWS/ApiGateway', 'AWS/Bedrock', 'AWS/DynamoDB', 'AWS/Lambda', 'AWS/SQS', 'AWS/SageMaker')",
        },
      },
    });
  });
});
