import { Match } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { Firewall } from '#lib/constructs/firewall.ts';
import { built } from '#test/lib/built.ts';

describe('Firewall', () => {
  const metrics: unknown[] = [];
  const template = built((stack) => {
    const wall = new Firewall(stack, 'Wall', {
      name: 'acme-gateway',
      stageArn: 'arn:aws:apigateway:us-east-1::/restapis/a1/stages/live',
      requestsPerAddressMax: 3000,
      logRetention: RetentionDays.SIX_MONTHS,
    });
    metrics.push(wall.metricBlockedRequests().toMetricConfig().metricStat);
  });
  const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
  const rules: readonly {
    readonly Name: string;
    readonly Statement: {
      readonly ManagedRuleGroupStatement?: {
        readonly RuleActionOverrides?: readonly { readonly Name: string; readonly ActionToUse: object }[];
      };
    };
  }[] = acl?.Properties.Rules;

  it('stands before the stage, lets pass what no rule stops, and holds one address to a rate', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      Rules: Match.arrayWith([
        Match.objectLike({
          Name: 'Rate',
          Priority: 0,
          Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
          Statement: {
            RateBasedStatement: { Limit: 3000, AggregateKeyType: 'IP', EvaluationWindowSec: 300 },
          },
        }),
      ]),
    });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: 'arn:aws:apigateway:us-east-1::/restapis/a1/stages/live',
    });
  });

  it('counts every managed rule that reads bodies: a prompt may be long and hold code, markup or addresses', () => {
    const counted = rules.flatMap(
      ({ Statement }) => Statement.ManagedRuleGroupStatement?.RuleActionOverrides ?? [],
    );
    // The rules of both groups that inspect the body, as AWS lists them.
    expect(counted.map(({ Name }) => Name).filter((name) => name.endsWith('_BODY'))).toEqual([
      'SizeRestrictions_BODY',
      'CrossSiteScripting_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'EC2MetaDataSSRF_BODY',
      'JavaDeserializationRCE_BODY',
      'Log4JRCE_BODY',
      'ReactJSRCE_BODY',
    ]);
    expect(counted.every(({ ActionToUse }) => 'Count' in ActionToUse)).toBe(true);
  });

  it('keeps callers’ secrets and prompts out of its log and samples', () => {
    const secrets = ['authorization', 'x-api-key', 'x-amz-security-token'];
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      DataProtectionConfig: {
        DataProtections: [
          { Field: { FieldType: 'SINGLE_HEADER', FieldKeys: secrets }, Action: 'SUBSTITUTION' },
          { Field: { FieldType: 'BODY' }, Action: 'SUBSTITUTION' },
        ],
      },
    });
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: secrets.map((Name) => ({ SingleHeader: { Name } })),
    });
    expect(JSON.stringify(acl)).not.toContain('"SampledRequestsEnabled":true');
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: 'aws-waf-logs-acme-gateway',
      RetentionInDays: 180,
    });
  });

  it('says how many requests it stopped', () => {
    expect(metrics).toMatchObject([
      {
        namespace: 'AWS/WAFV2',
        metricName: 'BlockedRequests',
        dimensions: [
          { name: 'Region', value: 'us-east-1' },
          { name: 'Rule', value: 'ALL' },
          { name: 'WebACL', value: 'acme-gateway' },
        ],
      },
    ]);
  });
});
