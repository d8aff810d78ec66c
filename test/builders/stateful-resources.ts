/** What holds state in synthesised templates, and what a template would do to it that was released otherwise. */
import { isDeepStrictEqual } from 'node:util';
import type { AssemblyStack } from '#local/cloudformation/assembly.ts';

/** By type, the properties whose change makes CloudFormation put another resource in the place of the one that stands. */
const createOnly: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::KMS::Key': ['MultiRegion'],
  'AWS::KMS::Alias': ['AliasName'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
};

/** What is lost with a resource is worth more than a failed call or a line of a log. */
const keeps: ReadonlySet<string> = new Set([
  'AWS::DynamoDB::GlobalTable',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
]);

interface StatefulResource {
  readonly type: string;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  /** Create-only properties, as the template has them. */
  readonly fixed: Readonly<Record<string, unknown>>;
}

interface TemplateJson {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Properties?: Readonly<Record<string, unknown>>;
        readonly DeletionPolicy?: string;
        readonly UpdateReplacePolicy?: string;
      }
    >
  >;
}

/** By stack and logical id: `State-us-east-1/RoutesTableC26918F6`. */
export function statefulResources(
  stacks: readonly Pick<AssemblyStack, 'id' | 'template'>[],
): Readonly<Record<string, StatefulResource>> {
  const found = stacks.flatMap(({ id, template }) =>
    Object.entries((template as TemplateJson).Resources).flatMap(([logicalId, resource]) => {
      const properties = createOnly[resource.Type];
      if (properties === undefined) return [];
      const {
        Type: type,
        Properties = {},
        DeletionPolicy = 'Delete',
        UpdateReplacePolicy = 'Delete',
      } = resource;
      const fixed = Object.fromEntries(
        properties.flatMap((name) => (Properties[name] === undefined ? [] : [[name, Properties[name]]])),
      );
      const described = {
        type,
        deletionPolicy: DeletionPolicy,
        updateReplacePolicy: UpdateReplacePolicy,
        fixed,
      };
      return [[`${id}/${logicalId}`, described] as const];
    }),
  );
  return Object.fromEntries(found.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** What a deployment over the released templates would replace or lose, each thing by its name and property. */
export function replacedResources(
  released: Readonly<Record<string, StatefulResource>>,
  now: Readonly<Record<string, StatefulResource>>,
): string[] {
  return Object.entries(released).flatMap(([place, was]) => {
    const is = now[place];
    if (is === undefined) return [goneAs(place, was, now)];
    if (is.type !== was.type) return [`${place} is ${is.type} and was ${was.type}`];
    const names = new Set([...Object.keys(was.fixed), ...Object.keys(is.fixed)]);
    const replaced = [...names]
      .filter((name) => !isDeepStrictEqual(is.fixed[name], was.fixed[name]))
      .map(
        (name) =>
          `${place}: ${was.type} would be replaced, since ${name} is another: ${show(was, name)} → ${show(is, name)}`,
      );
    const policies = keeps.has(was.type)
      ? (['deletionPolicy', 'updateReplacePolicy'] as const)
          .filter((name) => was[name] === 'Retain' && is[name] !== 'Retain')
          .map(
            (name) => `${place}: ${was.type} would be lost, since its ${name} is ${is[name]} and was Retain`,
          )
      : [];
    return [...replaced, ...policies];
  });
}

const show = ({ fixed }: StatefulResource, name: string): string => JSON.stringify(fixed[name]) ?? 'absent';

/** The same name under another logical id is a slip of the code: CloudFormation would make it again, and fail or lose it. */
function goneAs(
  place: string,
  was: StatefulResource,
  now: Readonly<Record<string, StatefulResource>>,
): string {
  const stack = place.split('/')[0];
  const [renamed] =
    Object.entries(now).find(
      ([other, is]) =>
        other.split('/')[0] === stack && is.type === was.type && isDeepStrictEqual(is.fixed, was.fixed),
    ) ?? [];
  const change = renamed === undefined ? 'has left its template' : `has another logical id: ${renamed}`;
  return `${place}: ${was.type} ${change}`;
}
