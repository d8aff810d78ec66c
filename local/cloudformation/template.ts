/** A CloudFormation template as far as ours go. What is in none of these members fails the deployment by name. */
import { DeploymentError } from './deployment-error.ts';

export type Json = Readonly<Record<string, unknown>>;

type RemovalPolicy = 'Delete' | 'Retain';

export interface ResourceDefinition {
  readonly logicalId: string;
  readonly type: string;
  /** With intrinsics, unresolved. */
  readonly properties: Json;
  readonly dependsOn: readonly string[];
  readonly condition: string | undefined;
  /** What happens to the thing when it leaves the template, and when another takes its place. */
  readonly deletionPolicy: RemovalPolicy;
  readonly updateReplacePolicy: RemovalPolicy;
}

interface OutputDefinition {
  readonly name: string;
  readonly value: unknown;
  readonly exportName: unknown;
  readonly condition: string | undefined;
}

interface ParameterDefinition {
  readonly name: string;
  readonly type: string;
  readonly defaultValue: unknown;
}

interface RuleAssertion {
  readonly rule: string;
  readonly assertion: unknown;
  readonly description: string;
}

export interface Template {
  readonly parameters: readonly ParameterDefinition[];
  readonly rules: readonly RuleAssertion[];
  readonly conditions: Json;
  readonly resources: readonly ResourceDefinition[];
  readonly outputs: readonly OutputDefinition[];
}

const sections = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Conditions',
  'Resources',
  'Outputs',
]);

const resourceMembers = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
]);

/** @throws DeploymentError for the first thing in the template that it does not know */
export function readTemplate(stackName: string, input: unknown): Template {
  const template = objectOf(input);
  const unknown = Object.keys(template).find((name) => !sections.has(name));
  if (unknown !== undefined) throw new DeploymentError(stackName, `unknown template section ${unknown}`);
  const resources = objectOf(template.Resources);
  if (Object.keys(resources).length === 0)
    throw new DeploymentError(stackName, 'Resources holds no resource');
  return {
    parameters: Object.entries(objectOf(template.Parameters)).map(([name, given]) => {
      const { Type, Default } = objectOf(given);
      return { name, type: String(Type), defaultValue: Default };
    }),
    rules: Object.entries(objectOf(template.Rules)).flatMap(([rule, given]) => assertionsOf(rule, given)),
    conditions: objectOf(template.Conditions),
    resources: Object.entries(resources).map(([logicalId, given]) =>
      readResource(stackName, logicalId, given),
    ),
    outputs: Object.entries(objectOf(template.Outputs)).map(([name, given]) => {
      const { Value, Export, Condition } = objectOf(given);
      const exportName = Export === undefined ? undefined : objectOf(Export).Name;
      return { name, value: Value, exportName, condition: textOf(Condition) };
    }),
  };
}

function readResource(stackName: string, logicalId: string, input: unknown): ResourceDefinition {
  const where = `${stackName} ${logicalId}`;
  const given = objectOf(input);
  const unknown = Object.keys(given).find((name) => !resourceMembers.has(name));
  if (unknown !== undefined) throw new DeploymentError(where, `unknown resource attribute ${unknown}`);
  const { Type, Properties, DependsOn, Condition } = given;
  if (typeof Type !== 'string') throw new DeploymentError(where, 'has no Type');
  return {
    logicalId,
    type: Type,
    properties: objectOf(Properties),
    dependsOn: (Array.isArray(DependsOn) ? DependsOn : [DependsOn]).filter((id) => typeof id === 'string'),
    condition: textOf(Condition),
    deletionPolicy: removalPolicy(where, 'DeletionPolicy', given),
    updateReplacePolicy: removalPolicy(where, 'UpdateReplacePolicy', given),
  };
}

function removalPolicy(where: string, name: string, given: Json): RemovalPolicy {
  const policy = given[name] ?? 'Delete';
  if (policy === 'Delete' || policy === 'Retain') return policy;
  throw new DeploymentError(
    where,
    `${name} ${JSON.stringify(policy)} is not applied here, want Delete or Retain`,
  );
}

function assertionsOf(rule: string, given: unknown): RuleAssertion[] {
  const { Assertions } = objectOf(given);
  return (Array.isArray(Assertions) ? Assertions : []).map((entry) => {
    const { Assert, AssertDescription } = objectOf(entry);
    return { rule, assertion: Assert, description: String(AssertDescription ?? '') };
  });
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
