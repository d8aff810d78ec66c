/** Every policy of a synthesised deployment, with the names in it replaced by what they come to when it is deployed. */
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { resolveIntrinsics, type TemplateNames } from '#local/iam/resolve-intrinsics.ts';

export interface PolicyJson {
  readonly Version?: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

export interface DeployedRole {
  readonly arn: string;
  readonly account: string;
  /** Of the stack that has it. */
  readonly region: string;
  readonly trust: PolicyJson;
  readonly policies: readonly PolicyJson[];
}

export interface DeployedPolicies {
  /** By ARN. */
  readonly roles: ReadonlyMap<string, DeployedRole>;
  /** Policies of tables, buckets, queues, keys and roles, by the ARN of what they guard. */
  readonly resources: ReadonlyMap<string, PolicyJson>;
  /** Who owns what has no account in its ARN: buckets. */
  readonly owners: ReadonlyMap<string, string>;
  /** ARN of the key of one's own that encrypts a bucket, a table or a function's settings, by its ARN. */
  readonly encryption: ReadonlyMap<string, string>;
  /** Other names of keys, `alias/…`, by ARN. */
  readonly aliases: ReadonlyMap<string, string>;
}

type Properties = Readonly<Record<string, unknown>>;

interface Resource {
  readonly Type: string;
  readonly Properties?: Properties;
}

interface Deployed {
  readonly stack: CloudFormationStackArtifact;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly place: { readonly account: string; readonly region: string };
}

export function deployedPolicies(stacks: readonly CloudFormationStackArtifact[]): DeployedPolicies {
  const all = stacks.map(deployedStack);
  const exported = exportsOf(all);
  const roles = new Map<string, DeployedRole>();
  const resources = new Map<string, PolicyJson>();
  const owners = new Map<string, string>();
  const encryption = new Map<string, string>();
  const aliases = new Map<string, string>();
  for (const deployed of all) {
    const names = namesOf(deployed, exported);
    for (const role of rolesOf(deployed, names)) {
      roles.set(role.arn, role);
      resources.set(role.arn, role.trust);
    }
    for (const [arn, policy] of guardsOf(deployed, names)) resources.set(arn, policy);
    for (const [id, { Type }] of Object.entries(deployed.resources))
      if (Type === 'AWS::S3::Bucket') owners.set(arnOf(deployed, id), deployed.place.account);
    for (const [arn, key] of encryptionOf(deployed, names)) encryption.set(arn, key);
    for (const [alias, key] of aliasesOf(deployed, names)) aliases.set(alias, key);
  }
  for (const [arn, key] of encryption) encryption.set(arn, aliases.get(key) ?? key);
  const aliasesByKey = new Map(
    [...aliases].map(([alias, key]) => [key, alias.slice(alias.lastIndexOf(':') + 1)]),
  );
  return { roles, resources, owners, encryption, aliases: aliasesByKey };
}

function deployedStack(stack: CloudFormationStackArtifact): Deployed {
  const { account, region } = stack.environment;
  return { stack, resources: stack.template.Resources, place: { account, region } };
}

/** What stacks hand to others, by the name of the export. */
function exportsOf(all: readonly Deployed[]): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const deployed of all) {
    const outputs: Record<string, { Value: unknown; Export?: { Name: string } }> =
      deployed.stack.template.Outputs ?? {};
    const names = namesOf(deployed, found);
    for (const { Value, Export } of Object.values(outputs))
      if (Export !== undefined) found.set(Export.Name, resolveIntrinsics(Value, names));
  }
  return found;
}

function namesOf(deployed: Deployed, exported: ReadonlyMap<string, unknown>): TemplateNames {
  const { account, region } = deployed.place;
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackName': deployed.stack.stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  return {
    ref: (name) => pseudo[name] ?? (name in deployed.resources ? physicalName(deployed, name) : undefined),
    attribute: (id, attribute) => {
      if (!(id in deployed.resources)) return undefined;
      if (attribute === 'StreamArn') return `${arnOf(deployed, id)}/stream/2026-11-21T00:00:00.000`;
      return attribute === 'Arn' ? arnOf(deployed, id) : `${id}.${attribute}`;
    },
    exported: (name) => exported.get(name),
  };
}

const nameProperties = [
  'RoleName',
  'FunctionName',
  'QueueName',
  'BucketName',
  'TableName',
  'LogGroupName',
  'Name',
];

/** The name that the template gives, else one that nothing else has. */
function physicalName({ resources, stack }: Deployed, id: string): string {
  const properties = resources[id]?.Properties ?? {};
  const given = nameProperties
    .map((property) => properties[property])
    .find((name) => typeof name === 'string');
  return typeof given === 'string' ? given : `${stack.stackName}-${id}`;
}

function arnOf(deployed: Deployed, id: string): string {
  const { account, region } = deployed.place;
  const name = physicalName(deployed, id);
  const here = `${region}:${account}`;
  switch (deployed.resources[id]?.Type) {
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${account}:role/${name}`;
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${here}:function:${name}`;
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${here}:${name}`;
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${here}:log-group:${name}:*`;
    case 'AWS::ApiGateway::RestApi':
      return `arn:aws:execute-api:${here}:${name}`;
    case 'AWS::KMS::Key':
      return `arn:aws:kms:${here}:key/${name}`;
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable':
      return `arn:aws:dynamodb:${here}:table/${name}`;
    default:
      // No policy of ours guards it; it only has to be told apart from everything else.
      return `arn:aws:other:${here}:${name}`;
  }
}

function rolesOf(deployed: Deployed, names: TemplateNames): readonly DeployedRole[] {
  const entries = Object.entries(deployed.resources);
  return entries
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .map(([id, { Properties = {} }]) => {
      const named = listOf<{ Ref?: string }>(Properties.ManagedPolicyArns).map(({ Ref }) => Ref);
      const attached = entries
        .filter(([, { Type }]) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
        .filter(
          ([policyId, policy]) =>
            named.includes(policyId) ||
            listOf<{ Ref?: string }>(policy.Properties?.Roles).some(({ Ref }) => Ref === id),
        )
        .map(([, policy]) => policy.Properties?.PolicyDocument);
      const own = listOf<{ PolicyDocument: unknown }>(Properties.Policies).map(
        ({ PolicyDocument }) => PolicyDocument,
      );
      return {
        arn: arnOf(deployed, id),
        ...deployed.place,
        trust: policyOf(Properties.AssumeRolePolicyDocument, names),
        policies: [...own, ...attached].map((document) => policyOf(document, names)),
      };
    });
}

/** What stands before tables, buckets, queues and keys. */
function guardsOf(deployed: Deployed, names: TemplateNames): readonly (readonly [string, PolicyJson])[] {
  const { account } = deployed.place;
  return Object.entries(deployed.resources).flatMap(([id, { Type, Properties = {} }]) => {
    const guard = (arn: string, document: unknown) => [[arn, policyOf(document, names)] as const];
    switch (Type) {
      case 'AWS::DynamoDB::GlobalTable':
        return listOf<Replica>(Properties.Replicas).flatMap(({ Region, ResourcePolicy }) =>
          ResourcePolicy === undefined
            ? []
            : guard(
                `arn:aws:dynamodb:${Region}:${account}:table/${physicalName(deployed, id)}`,
                ResourcePolicy.PolicyDocument,
              ),
        );
      case 'AWS::ApiGateway::RestApi':
        return Properties.Policy === undefined
          ? []
          : [apiGuard(arnOf(deployed, id), Properties.Policy, names)];
      case 'AWS::KMS::Key':
        return guard(arnOf(deployed, id), Properties.KeyPolicy);
      case 'AWS::S3::BucketPolicy':
        return guard(
          `arn:aws:s3:::${String(resolveIntrinsics(Properties.Bucket, names))}`,
          Properties.PolicyDocument,
        );
      case 'AWS::SQS::QueuePolicy':
        return listOf<{ Ref: string }>(Properties.Queues).flatMap(({ Ref }) =>
          guard(arnOf(deployed, Ref), Properties.PolicyDocument),
        );
      default:
        return [];
    }
  });
}

/** Keys of one's own, by what they encrypt. */
function encryptionOf(deployed: Deployed, names: TemplateNames): readonly (readonly [string, string])[] {
  const { account } = deployed.place;
  return Object.entries(deployed.resources).flatMap(([id, { Type, Properties = {} }]) => {
    const pairs: readonly (readonly [string, unknown])[] =
      Type === 'AWS::DynamoDB::GlobalTable'
        ? listOf<Replica>(Properties.Replicas).map(({ Region, SSESpecification }) => [
            `arn:aws:dynamodb:${Region}:${account}:table/${physicalName(deployed, id)}`,
            SSESpecification?.KMSMasterKeyId,
          ])
        : [
            [
              arnOf(deployed, id),
              Type === 'AWS::S3::Bucket' ? keyOfBucket(Properties) : Properties.KmsKeyArn,
            ],
          ];
    return pairs.flatMap(([arn, key]) =>
      key === undefined ? [] : [[arn, String(resolveIntrinsics(key, names))] as const],
    );
  });
}

/** Keys by the ARN of their alias. */
function aliasesOf(deployed: Deployed, names: TemplateNames): readonly (readonly [string, string])[] {
  const { account, region } = deployed.place;
  return Object.values(deployed.resources)
    .filter(({ Type }) => Type === 'AWS::KMS::Alias')
    .map(({ Properties = {} }) => [
      `arn:aws:kms:${region}:${account}:${Properties.AliasName}`,
      String(resolveIntrinsics(Properties.TargetKeyId, names)),
    ]);
}

function keyOfBucket({ BucketEncryption }: Properties): unknown {
  const encryption = BucketEncryption as BucketEncryptionJson | undefined;
  const [rule] = encryption?.ServerSideEncryptionConfiguration ?? [];
  return rule?.ServerSideEncryptionByDefault?.KMSMasterKeyID;
}

interface BucketEncryptionJson {
  readonly ServerSideEncryptionConfiguration: readonly {
    readonly ServerSideEncryptionByDefault?: { readonly KMSMasterKeyID?: unknown };
  }[];
}

interface Replica {
  readonly Region: string;
  readonly ResourcePolicy?: { readonly PolicyDocument: unknown };
  readonly SSESpecification?: { readonly KMSMasterKeyId?: unknown };
}

const listOf = <Item>(value: unknown): readonly Item[] => (Array.isArray(value) ? value : []);

/** API Gateway puts its own ARN before the paths of a policy. */
function apiGuard(arn: string, document: unknown, names: TemplateNames): readonly [string, PolicyJson] {
  const text = JSON.stringify(policyOf(document, names));
  return [arn, JSON.parse(text.replaceAll('"execute-api:/', `"${arn}/`))];
}

function policyOf(document: unknown, names: TemplateNames): PolicyJson {
  return resolveIntrinsics(document, names) as PolicyJson;
}
