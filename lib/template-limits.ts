import { readFileSync } from 'node:fs';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import { policyCharacters, type ResourcesJson } from './policy-characters.ts';

export interface TemplateJson {
  readonly Resources?: ResourcesJson;
  readonly Outputs?: object;
  readonly Parameters?: object;
  readonly Mappings?: object;
}

/** Something that AWS counts, and how much of it a template or one of its resources has. */
export interface Measure {
  readonly what: string;
  readonly value: number;
  readonly max: number;
  /** Undefined for what is counted over the whole template. */
  readonly logicalId?: string;
}

/** CloudFormation's quotas of one template; none of them can be raised. */
const TEMPLATE_BYTES_MAX = 1_000_000;
const RESOURCES_MAX = 500;
const NAMED_MAX = 200;

/** IAM takes 2,048 characters of trust by default and 4,096 where the quota was raised (L-C07B4B0D). */
const TRUST_CHARACTERS_MAX = 2_048;
const MANAGED_POLICY_CHARACTERS_MAX = 6_144;
/** All policies in a role together. */
const INLINE_POLICIES_CHARACTERS_MAX = 10_240;
/** The quota of managed policies on one role when raised as far as it goes; at its default of 10 synth warns. */
const MANAGED_POLICIES_MAX = 20;

/** Policies that a resource carries itself: by type, the property and the most that it takes. */
const RESOURCE_POLICIES: Readonly<Record<string, { readonly property: string; readonly max: number }>> = {
  'AWS::IAM::ManagedPolicy': { property: 'PolicyDocument', max: MANAGED_POLICY_CHARACTERS_MAX },
  'AWS::IAM::Role': { property: 'AssumeRolePolicyDocument', max: TRUST_CHARACTERS_MAX },
  'AWS::KMS::Key': { property: 'KeyPolicy', max: 32_768 },
  'AWS::S3::BucketPolicy': { property: 'PolicyDocument', max: 20_480 },
  'AWS::SQS::QueuePolicy': { property: 'PolicyDocument', max: 8_192 },
  'AWS::ApiGateway::RestApi': { property: 'Policy', max: 8_192 },
};
const TABLE_POLICY_CHARACTERS_MAX = 20_480;

/** Everything about a template that AWS bounds. */
export function measuresOf(template: TemplateJson, bytes: number): readonly Measure[] {
  const { Resources = {}, Outputs = {}, Parameters = {}, Mappings = {} } = template;
  return [
    { what: 'bytes of the template', value: bytes, max: TEMPLATE_BYTES_MAX },
    { what: 'resources', value: Object.keys(Resources).length, max: RESOURCES_MAX },
    { what: 'outputs', value: Object.keys(Outputs).length, max: NAMED_MAX },
    { what: 'parameters', value: Object.keys(Parameters).length, max: NAMED_MAX },
    { what: 'mappings', value: Object.keys(Mappings).length, max: NAMED_MAX },
    ...Object.entries(Resources).flatMap(([logicalId, resource]) =>
      resourceMeasures(resource, Resources, logicalId).map((measure) => ({ ...measure, logicalId })),
    ),
  ];
}

function resourceMeasures(
  { Type, Properties = {} }: ResourcesJson[string],
  all: ResourcesJson,
  logicalId: string,
): readonly Measure[] {
  const bound = RESOURCE_POLICIES[Type];
  const document = bound === undefined ? undefined : Properties[bound.property];
  return [
    ...(bound === undefined || document === undefined
      ? []
      : [
          {
            what: `characters of ${Type} ${bound.property}`,
            value: policyCharacters(document, all),
            max: bound.max,
          },
        ]),
    ...(Type === 'AWS::IAM::Role' ? roleMeasures(Properties, all, logicalId) : []),
    ...(Type === 'AWS::DynamoDB::GlobalTable' ? tableMeasures(Properties) : []),
  ];
}

function roleMeasures(
  { ManagedPolicyArns = [] }: Readonly<Record<string, unknown>>,
  all: ResourcesJson,
  logicalId: string,
): readonly Measure[] {
  const inline = Object.values(all)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .filter(({ Properties }) => JSON.stringify(Properties?.Roles ?? []).includes(`{"Ref":"${logicalId}"}`))
    .reduce((sum, { Properties }) => sum + policyCharacters(Properties?.PolicyDocument, all), 0);
  const managed = Array.isArray(ManagedPolicyArns) ? ManagedPolicyArns.length : 0;
  return [
    { what: 'characters of inline policies of a role', value: inline, max: INLINE_POLICIES_CHARACTERS_MAX },
    { what: 'managed policies on a role', value: managed, max: MANAGED_POLICIES_MAX },
  ];
}

function tableMeasures({ Replicas = [] }: Readonly<Record<string, unknown>>): readonly Measure[] {
  const replicas = Replicas as readonly { readonly ResourcePolicy?: { readonly PolicyDocument: unknown } }[];
  return replicas.flatMap(({ ResourcePolicy }) =>
    ResourcePolicy === undefined
      ? []
      : [
          {
            what: 'characters of a table policy',
            value: policyCharacters(ResourcePolicy.PolicyDocument),
            max: TABLE_POLICY_CHARACTERS_MAX,
          },
        ],
  );
}

/** Fails synth for what CloudFormation or IAM would refuse only at deployment, perhaps in the middle of a fleet. */
export class TemplateLimits implements IPolicyValidationPlugin {
  readonly name = 'Limits of AWS';

  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = stackTemplates.flatMap(({ templatePath, stackConstructPath }) => {
      const text = readFileSync(templatePath, 'utf8');
      return measuresOf(JSON.parse(text), Buffer.byteLength(text))
        .filter(({ value, max }) => value > max)
        .map((measure) => violationOf(measure, templatePath, stackConstructPath));
    });
    return { success: violations.length === 0, violations };
  }
}

function violationOf(
  { what, value, max, logicalId }: Measure,
  templatePath: string,
  stackConstructPath: string,
): PolicyViolation {
  const resource =
    logicalId === undefined ? { constructPath: stackConstructPath } : { resourceLogicalId: logicalId };
  return {
    ruleName: 'Spillway-Limit',
    description: `${what}: ${value}, AWS takes ${max}`,
    severity: 'error',
    violatingResources: [{ ...resource, templatePath, locations: [] }],
  };
}
