/** Physical names and environment variables: one place, so that stacks, runtime and local mode cannot disagree. */

/** Tables of the product. All belong to the home account but `ledger`, `capacity`, `batches` and `audit`, which each gateway region has of its own. */
export type TableKind =
  | 'routes'
  | 'observations'
  | 'tenants'
  | 'controls'
  | 'ledger'
  | 'capacity'
  | 'batches'
  | 'audit';

export const tableName = (deployment: string, kind: TableKind): string => `${deployment}-${kind}`;

export function tableArn(options: {
  readonly deployment: string;
  readonly kind: TableKind;
  readonly account: string;
  readonly region: string;
}): string {
  const { deployment, kind, account, region } = options;
  return `arn:aws:dynamodb:${region}:${account}:table/${tableName(deployment, kind)}`;
}

/** Tag of every stack: the name of its deployment. */
export const deploymentTag = 'spillway:deployment';

/** Calls of batches that wait for a model, in each gateway region. */
export const bulkQueueName = (deployment: string, model: string): string => `${deployment}-bulk-${model}`;

/** Files to be read and batches to be put together, in each gateway region. */
export const batchQueueName = (deployment: string): string => `${deployment}-batches`;

/** What nobody could do anything with, of all queues of a gateway region. */
export const deadQueueName = (deployment: string): string => `${deployment}-batches-dead`;

/** A bucket's name is the whole world's, and has 63 characters. */
const BUCKET_DEPLOYMENT_CHARACTERS_MAX = 24;

/** Files of batches and what came of them, in each gateway region. */
export function batchBucketName(deployment: string, account: string, region: string): string {
  return `${deployment.slice(0, BUCKET_DEPLOYMENT_CHARACTERS_MAX)}-batches-${account}-${region}`;
}

/** A gateway's own name in a hosted zone: its region. */
export const gatewayHostname = (region: string, zoneName: string): string => `${region}.${zoneName}`;

/** The name that leads to gateways inside a residency alone. */
export const residencyHostname = (residency: string, zoneName: string): string => `${residency}.${zoneName}`;

/** Audit records on their way to their chain, in each gateway region. */
export const auditQueueName = (deployment: string): string => `${deployment}-audit`;

/** Audit records that no sealer could do anything with. */
export const auditDeadQueueName = (deployment: string): string => `${deployment}-audit-dead`;

/** Segments of the audit trail, in each gateway region. */
export function auditBucketName(deployment: string, account: string, region: string): string {
  return `${deployment.slice(0, BUCKET_DEPLOYMENT_CHARACTERS_MAX)}-audit-${account}-${region}`;
}

/** The chain of a gateway region. Its first record is chained to this name: it never changes. */
export const auditChainName = (deployment: string, account: string, region: string): string =>
  `${deployment}/${account}/${region}`;

/** Signed roots of all chains, at home. */
export function auditRootBucketName(deployment: string, account: string, region: string): string {
  return `${deployment.slice(0, BUCKET_DEPLOYMENT_CHARACTERS_MAX)}-roots-${account}-${region}`;
}

/** The key at home that signs roots. */
export const auditRootKeyAlias = (deployment: string): string => `alias/${deployment}-audit-roots`;

/** The role that gateways and verify assume in an account to call its models. */
export const accessRoleName = (deployment: string): string => `${deployment}-gateway-access`;

export const accessRoleArn = (deployment: string, account: string): string =>
  `arn:aws:iam::${account}:role/${accessRoleName(deployment)}`;

/** The roles of discovery in every account and region, as a pattern of their ARNs. */
export const discoverRolePattern = (deployment: string): string =>
  `arn:aws:iam::*:role/${deployment}-discover-*`;

/** Tells the access role which deployment calls (a confused-deputy guard, not a secret). */
export const accessExternalId = (deployment: string): string => `spillway-${deployment}`;

/** The secret in Secrets Manager from which each gateway's deployment takes the pepper of API keys. */
export const keyPepperSecretName = (deployment: string): string => `${deployment}/key-pepper`;

/** The name of the keys of the tables at home, one in each region that has a replica. */
export const stateKeyAlias = (deployment: string): string => `alias/${deployment}-state`;

/** The name of the key of a gateway region's own tables, where somebody of another region reads one of them. */
export const gatewayKeyAlias = (deployment: string): string => `alias/${deployment}-gateway`;

export function stateKeyAliasArn(options: {
  readonly deployment: string;
  readonly account: string;
  readonly region: string;
}): string {
  const { deployment, account, region } = options;
  return `arn:aws:kms:${region}:${account}:${stateKeyAlias(deployment)}`;
}

/** Key attributes. */
export const routeKeys = { partition: 'model', sort: 'residency' } as const;
export const observationKeys = { partition: 'accountRegion', sort: 'item' } as const;
export const tenantKeys = { partition: 'tenant', sort: 'item' } as const;
export const controlKeys = { partition: 'region', sort: 'item' } as const;
export const ledgerKeys = { partition: 'tenant', sort: 'item' } as const;
export const capacityKeys = { partition: 'targetPage', sort: 'item' } as const;

export const batchKeys = { partition: 'owner', sort: 'item' } as const;
export const auditKeys = { partition: 'chain', sort: 'item' } as const;

/** Environment variables of the deployed functions; `src/runtime/environment.ts` is their only reader. */
export const environmentNames = {
  /** The checked configuration as JSON, or a path to it inside the bundle. */
  config: 'SPILLWAY_CONFIG',
  /** The account the function runs in. */
  account: 'SPILLWAY_ACCOUNT',
  region: 'AWS_REGION',
  /** What keyed hashes of API keys are made with. A secret, which Lambda decrypts before the function starts. */
  keyPepper: 'SPILLWAY_KEY_PEPPER',
  /** The one before it, while keys made with it still have to work. */
  previousKeyPepper: 'SPILLWAY_KEY_PEPPER_PREVIOUS',
} as const;

export const metricNamespaces = {
  availability: 'Spillway/Availability',
  gateway: 'Spillway/Gateway',
} as const;
