export type ResourcesJson = Readonly<
  Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
>;

/** An ARN with a name that CloudFormation makes: it has up to 128 characters with the stack's name in front. */
const UNKNOWN_ARN = 'x'.repeat(128);

/** The longest beginning of an ARN with a name of ours behind it. */
const ARN_BEGINNING = 'arn:aws:dynamodb:ap-northeast-1:111111111111:log-group:';

/** Where a resource that policies speak of has its name. */
const NAME_PROPERTIES = ['BucketName', 'FunctionName', 'LogGroupName', 'QueueName', 'RoleName', 'TableName'];

/** AWS's own words for where a stack stands, as long as they can be. */
const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': '111111111111',
  'AWS::Partition': 'aws',
  'AWS::Region': 'ap-northeast-1',
  'AWS::URLSuffix': 'amazonaws.com',
};

/**
 * How many characters of its quota a policy takes: white space does not count. What only a deployment knows counts as
 * long as it may be.
 */
export function policyCharacters(document: unknown, resources: ResourcesJson = {}): number {
  return JSON.stringify(filledIn(document, resources) ?? {}).length;
}

function filledIn(value: unknown, resources: ResourcesJson): unknown {
  if (Array.isArray(value)) return value.map((each) => filledIn(each, resources));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, operand] = entries.length === 1 ? (entries[0] ?? []) : [];
  if (name === 'Ref') return PSEUDO_PARAMETERS[String(operand)] ?? UNKNOWN_ARN;
  if (name === 'Fn::Join') return joined(operand, resources);
  if (name === 'Fn::GetAtt') return arnOf(operand, resources);
  if (name?.startsWith('Fn::')) return UNKNOWN_ARN;
  return Object.fromEntries(entries.map(([key, entry]) => [key, filledIn(entry, resources)]));
}

function joined(operand: unknown, resources: ResourcesJson): string {
  const [separator = '', parts = []] = Array.isArray(operand) ? operand : [];
  return Array.isArray(parts)
    ? parts.map((part) => filledIn(part, resources)).join(String(separator))
    : UNKNOWN_ARN;
}

function arnOf(operand: unknown, resources: ResourcesJson): string {
  const [logicalId, attribute] = Array.isArray(operand) ? operand : [];
  const properties = resources[String(logicalId)]?.Properties ?? {};
  const name = NAME_PROPERTIES.map((property) => properties[property]).find(
    (each) => typeof each === 'string',
  );
  return attribute === 'Arn' && typeof name === 'string' ? `${ARN_BEGINNING}${name}` : UNKNOWN_ARN;
}
