import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';

import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface FirewallProps {
  /** Of the web ACL; its log group carries it too. */
  readonly name: string;
  /** The stage of a REST API. */
  readonly stageArn: string;
  /** Requests that one IP address may send in five minutes, 10 to 2,000,000,000. */
  readonly requestsPerAddressMax: number;
  readonly logRetention: RetentionDays;
}

interface ManagedRules {
  readonly name: string;
  /** Rules that would take a prompt for an attack, or a program for a robot: they count and let pass. */
  readonly counted: readonly string[];
}

/**
 * A prompt may be long, hold code, markup, paths and addresses, or speak of an attack. So every rule that reads bodies
 * counts. Programs need not name themselves either.
 */
const managedRules: readonly ManagedRules[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList', counted: [] },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    counted: [
      'SizeRestrictions_BODY',
      'CrossSiteScripting_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'EC2MetaDataSSRF_BODY',
      'NoUserAgent_HEADER',
      'UserAgent_BadBots_HEADER',
    ],
  },
  {
    name: 'AWSManagedRulesKnownBadInputsRuleSet',
    counted: ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'ReactJSRCE_BODY'],
  },
];

/** Where callers' secrets stand; neither the log nor a sample may have them. */
const SECRET_HEADERS = ['authorization', 'x-api-key', 'x-amz-security-token'];

/** AWS WAF before a REST API: known bad senders and inputs, and how much one address may ask. */
export class Firewall extends Construct {
  readonly #name: string;

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    this.#name = props.name;
    const acl = new CfnWebACL(this, 'Acl', {
      name: props.name,
      description: 'Before a gateway: no rule reads what a prompt says',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules: [rateRule(props.requestsPerAddressMax), ...managedRules.map(managedRule)],
      visibilityConfig: visible(props.name),
      dataProtectionConfig: {
        dataProtections: [
          { field: { fieldType: 'SINGLE_HEADER', fieldKeys: SECRET_HEADERS }, action: 'SUBSTITUTION' },
          // What a rule matched in a body would be a piece of a prompt.
          { field: { fieldType: 'BODY' }, action: 'SUBSTITUTION' },
        ],
      },
    });
    new CfnWebACLAssociation(this, 'BeforeStage', { webAclArn: acl.attrArn, resourceArn: props.stageArn });
    const log = new LogGroup(this, 'Log', {
      // AWS WAF writes into groups of this prefix alone.
      logGroupName: `aws-waf-logs-${props.name}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(log, {
      'NIST.800.53.R5-CloudWatchLogGroupEncrypted':
        'CloudWatch encrypts it with a key of its own: it names addresses and paths; secrets and bodies are taken out before.',
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      // Without the `:*` that CDK's own ARN ends in.
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: log.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: SECRET_HEADERS.map((name) => ({ singleHeader: { Name: name } })),
    });
  }

  /** Requests that a rule stopped. For alarms: callers of a gateway are programs, and few of them are bad. */
  metricBlockedRequests(): Metric {
    return new Metric({
      namespace: 'AWS/WAFV2',
      metricName: 'BlockedRequests',
      dimensionsMap: { WebACL: this.#name, Region: Stack.of(this).region, Rule: 'ALL' },
      period: Duration.minutes(1),
      statistic: Stats.SUM,
    });
  }
}

function rateRule(limit: number): CfnWebACL.RuleProperty {
  return {
    name: 'Rate',
    priority: 0,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: { rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
    visibilityConfig: visible('Rate'),
  };
}

function managedRule({ name, counted }: ManagedRules, index: number): CfnWebACL.RuleProperty {
  return {
    name,
    priority: index + 1,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ...(counted.length === 0
          ? {}
          : { ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })) }),
      },
    },
    visibilityConfig: visible(name),
  };
}

/** Samples would show requests to everybody who may open the console. */
const visible = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});
