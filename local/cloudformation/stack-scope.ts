/** What the templates of one stack may refer to: its parameters, its resources so far, what other stacks export. */
import { resolveIntrinsics, type TemplateNames } from '../iam/resolve-intrinsics.ts';
import { isTrue } from './conditions.ts';
import { withDynamicReferences } from './dynamic-references.ts';
import type { MadeResource } from './resource-handler.ts';
import type { Template } from './template.ts';

/** What stands outside of all stacks. */
export interface Outside {
  /** Undefined where nothing is exported under this name in the place's account and region. */
  exportOf(place: StackPlace, name: string): string | undefined;
  /** A parameter of Systems Manager. @throws an Error where there is none */
  parameter(place: StackPlace, name: string): string;
  /** `secretsmanager:…` and the like. @throws an Error where there is no such thing */
  dynamicReference(place: StackPlace, reference: string): string;
}

export interface StackPlace {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
}

export interface StackScope {
  /** @throws an Error that names what cannot be resolved */
  resolve(value: unknown): unknown;
  /** A condition or the assertion of a rule. */
  isTrue(value: unknown): boolean;
}

const systemsManagerType = 'AWS::SSM::Parameter::Value<String>';

/** @param found.resources by logical id; grows while the stack is made */
export function scopeOf(
  place: StackPlace,
  template: Template,
  found: { readonly outside: Outside; readonly resources: ReadonlyMap<string, MadeResource> },
): StackScope {
  const { outside, resources } = found;
  const names: TemplateNames = {
    ref: (name) => pseudo(place, name) ?? parameterOf(name) ?? resources.get(name)?.made.physicalId,
    attribute: (logicalId, attribute) => resources.get(logicalId)?.made.attributes[attribute],
    exported: (name) => outside.exportOf(place, name),
    condition: (name) => (name in template.conditions ? isTrue(template.conditions[name], names) : undefined),
  };
  const parameterOf = (name: string): unknown => {
    const parameter = template.parameters.find((entry) => entry.name === name);
    if (parameter === undefined) return undefined;
    const { type, defaultValue } = parameter;
    return type === systemsManagerType ? outside.parameter(place, String(defaultValue)) : defaultValue;
  };
  return {
    resolve: (value) =>
      withDynamicReferences(resolveIntrinsics(value, names), (reference) =>
        outside.dynamicReference(place, reference),
      ),
    isTrue: (value) => isTrue(value, names),
  };
}

function pseudo({ stackName, account, region }: StackPlace, name: string): string | undefined {
  switch (name) {
    case 'AWS::AccountId':
      return account;
    case 'AWS::Region':
      return region;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return stackName;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/${stackName}`;
    default:
      return undefined;
  }
}
