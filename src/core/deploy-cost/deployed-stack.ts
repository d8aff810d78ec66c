/**
 * core/deploy-cost: what a deployment consists of, and what it costs a month.
 *
 * Invariant: what is counted is what the templates hold, so that a resource somebody adds is in the bill or named as not
 * priced; every quantity that no template tells is an assumption with a name. The folder owns no state.
 */

/** A resource as CloudFormation would make it. */
export interface DeployedResource {
  /** Its name inside the template. */
  readonly logicalId: string;
  /** Such as `AWS::Lambda::Function`. */
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** One template and where it goes. */
export interface DeployedStack {
  /** On the command line: `Discovery-222222222222-eu-central-1`. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly resources: readonly DeployedResource[];
}

/** The part of a deployment that a stack belongs to: the first word of its id. */
export const partOf = ({ id }: Pick<DeployedStack, 'id'>): string => id.split('-')[0] ?? id;

/** A template of CloudFormation, as JSON. */
export interface TemplateJson {
  readonly Resources?: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

export function resourcesOf({ Resources = {} }: TemplateJson): readonly DeployedResource[] {
  return Object.entries(Resources).map(([logicalId, { Type, Properties = {} }]) => ({
    logicalId,
    type: Type,
    properties: Properties,
  }));
}

/** A property that is a text; undefined where it is none, such as a reference. */
export function textOf(properties: DeployedResource['properties'], name: string): string | undefined {
  const value = properties[name];
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(properties: DeployedResource['properties'], name: string): number | undefined {
  const value = properties[name];
  return typeof value === 'number' ? value : undefined;
}

export function listOf(properties: DeployedResource['properties'], name: string): readonly unknown[] {
  const value = properties[name];
  return Array.isArray(value) ? value : [];
}

export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The resource of its own template that a value refers to, by `Ref` or `Fn::GetAtt`. */
export function referredTo(value: unknown): string | undefined {
  const { Ref: reference, 'Fn::GetAtt': attribute } = membersOf(value);
  if (typeof reference === 'string') return reference;
  const first: unknown = Array.isArray(attribute) ? attribute[0] : undefined;
  return typeof first === 'string' ? first : undefined;
}
