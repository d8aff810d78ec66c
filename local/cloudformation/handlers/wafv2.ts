/** Web ACLs before REST APIs. No rule is applied to requests here; what WAF would refuse to take is refused. */
import type { Cloud } from '../cloud.ts';
import { accountOf, regionOf } from '../parts/service-access.ts';
import type { ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { keptResource, tagsShape } from './kept-resource.ts';

const visibility = {
  CloudWatchMetricsEnabled: 'boolean',
  MetricName: 'text',
  SampledRequestsEnabled: 'boolean',
} as const;

/** WAF's own bounds of a rate. */
const rateMin = 10;
const rateMax = 2_000_000_000;
const rateWindowsSeconds = [60, 120, 300, 600];

export const webAcl = keptResource({
  type: 'AWS::WAFv2::WebACL',
  properties: {
    DataProtectionConfig: {
      DataProtections: [{ Action: 'text', Field: { FieldKeys: ['text'], FieldType: 'text' } }],
    },
    DefaultAction: { Allow: {} },
    Description: 'text',
    Name: 'text',
    Rules: [
      {
        Action: { Block: { CustomResponse: { ResponseCode: 'number' } } },
        Name: 'text',
        OverrideAction: { None: {} },
        Priority: 'number',
        Statement: {
          ManagedRuleGroupStatement: {
            Name: 'text',
            RuleActionOverrides: [{ ActionToUse: { Count: {} }, Name: 'text' }],
            VendorName: 'text',
          },
          RateBasedStatement: { AggregateKeyType: 'text', EvaluationWindowSec: 'number', Limit: 'number' },
        },
        VisibilityConfig: visibility,
      },
    ],
    Scope: 'text',
    Tags: tagsShape,
    VisibilityConfig: visibility,
  },
  required: ['DefaultAction', 'Scope', 'VisibilityConfig'],
  createOnly: ['Name', 'Scope'],
  check({ properties }) {
    if (properties.Scope !== 'REGIONAL')
      throw new Error(`Scope ${String(properties.Scope)}: before a REST API it is REGIONAL`);
    const rules = (properties.Rules ?? []) as Json[];
    for (const member of ['Name', 'Priority']) {
      const values = rules.map((rule) => String(rule[member]));
      const twice = values.find((value, index) => values.indexOf(value) !== index);
      if (twice !== undefined)
        throw new Error(`WAFInvalidParameterException: two rules have ${member} ${twice}`);
    }
    rules.forEach(checkRule);
  },
  made(request) {
    const { account, region, properties } = request;
    const name = String(properties.Name ?? request.nameOf(128));
    const arn = `arn:aws:wafv2:${region}:${account}:regional/webacl/${name}/${request.nameOf(36)}`;
    return {
      physicalId: `${name}|${request.nameOf(36)}|REGIONAL`,
      attributes: { Arn: arn, Id: request.nameOf(36) },
    };
  },
});

function checkRule({ Name, Action, OverrideAction, Statement }: Json): void {
  const { ManagedRuleGroupStatement, RateBasedStatement } = Statement as { [name: string]: Json | undefined };
  const isGroup = ManagedRuleGroupStatement !== undefined;
  if (isGroup === (RateBasedStatement !== undefined))
    throw new Error(`WAFInvalidParameterException: the rule ${String(Name)} wants one statement`);
  const [given, wanted] = isGroup ? [OverrideAction, 'OverrideAction'] : [Action, 'Action'];
  if (given === undefined || (Action === undefined) === (OverrideAction === undefined))
    throw new Error(
      `WAFInvalidParameterException: the rule ${String(Name)} wants ${wanted}, and nothing else`,
    );
  const { Limit, EvaluationWindowSec = 300 } = RateBasedStatement ?? { Limit: rateMin };
  if (!(Number(Limit) >= rateMin && Number(Limit) <= rateMax))
    throw new Error(`the rule ${String(Name)} has Limit ${String(Limit)}: want ${rateMin} to ${rateMax}`);
  if (!rateWindowsSeconds.includes(Number(EvaluationWindowSec)))
    throw new Error(
      `the rule ${String(Name)} has EvaluationWindowSec ${String(EvaluationWindowSec)}: want one of ${rateWindowsSeconds.join(', ')}`,
    );
}

export const webAclAssociation = keptResource({
  type: 'AWS::WAFv2::WebACLAssociation',
  properties: { ResourceArn: 'text', WebACLArn: 'text' },
  required: ['ResourceArn', 'WebACLArn'],
  createOnly: ['ResourceArn', 'WebACLArn'],
  check(request, cloud) {
    const { ResourceArn, WebACLArn } = request.properties;
    requireAcl(request, String(WebACLArn), cloud);
    const [, region, apiId = '', stage = ''] =
      /^arn:aws:apigateway:([a-z0-9-]+)::\/restapis\/([^/]+)\/stages\/([^/]+)$/.exec(String(ResourceArn)) ??
      [];
    if (region !== request.region || !cloud.restApis.find(apiId).stages.has(stage))
      throw new Error(`WAFNonexistentItemException: there is no stage ${String(ResourceArn)}`);
  },
  made: ({ properties }) => ({
    physicalId: `${String(properties.WebACLArn)}|${String(properties.ResourceArn)}`,
    attributes: {},
  }),
  // A stage has one web ACL.
  key: ({ physicalId }) => `web ACL of ${physicalId.split('|')[1]}`,
});

export const webAclLogging = keptResource({
  type: 'AWS::WAFv2::LoggingConfiguration',
  properties: {
    LogDestinationConfigs: ['text'],
    RedactedFields: [{ SingleHeader: { Name: 'text' } }],
    ResourceArn: 'text',
  },
  required: ['LogDestinationConfigs', 'ResourceArn'],
  createOnly: ['ResourceArn'],
  check(request, cloud) {
    const { LogDestinationConfigs, ResourceArn } = request.properties;
    requireAcl(request, String(ResourceArn), cloud);
    for (const arn of LogDestinationConfigs as string[]) {
      const group = arn.split(':')[6] ?? '';
      if (!group.startsWith('aws-waf-logs-'))
        throw new Error(
          `WAFLogDestinationPermissionIssueException: ${group} does not begin with aws-waf-logs-`,
        );
      if (!cloud.kept.has(`${arn}:*`)) throw new Error(`there is no log group ${arn}`);
    }
  },
  made: ({ properties }) => ({ physicalId: String(properties.ResourceArn), attributes: {} }),
  key: ({ physicalId }) => `logging of ${physicalId}`,
});

function requireAcl({ account, region }: ResourceRequest, arn: string, { kept }: Cloud): void {
  if (kept.has(arn) && accountOf(arn) === account && regionOf(arn) === region) return;
  throw new Error(`WAFNonexistentItemException: there is no web ACL ${arn} in ${account} ${region}`);
}
