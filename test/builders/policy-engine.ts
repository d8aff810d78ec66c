/** IAM's judgement of one call under a deployment's policies, by a policy engine that is not ours. */
import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { DeployedPolicies, PolicyJson } from '#test/builders/deployed-policies.ts';

export interface JudgedCall {
  /** ARN of the role whose session calls, of the deployment or not; or a service, such as `lambda.amazonaws.com`. */
  readonly role: string;
  /** Such as `dynamodb:GetItem`. */
  readonly action: string;
  /** ARN, or `*` where the action names no resource. */
  readonly resource: string;
  /** Condition keys of the call. What follows from the caller and the ARN is filled in. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** The caller's organization. @default - none */
  readonly organization?: string | undefined;
  /** Policies of a caller that is no role of the deployment. @default - those of the deployment's role */
  readonly policies?: readonly PolicyJson[];
  /** Service control policies of the caller's account, beside the one that allows all. @default - none */
  readonly servicePolicies?: readonly PolicyJson[];
}

export interface Judgement {
  readonly allowed: boolean;
  /** Statements of the caller's own policies that allow it, as `<policy>/<statement>`, both counted from 0. */
  readonly allowedBy: readonly string[];
}

/** True when IAM would let the call through. @throws Error as `judge` does. */
export async function isAllowed(deployed: DeployedPolicies, call: JudgedCall): Promise<boolean> {
  return (await judge(deployed, call)).allowed;
}

/** @throws Error when the engine cannot judge, or a condition key means nothing to the action. */
export async function judge(deployed: DeployedPolicies, call: JudgedCall): Promise<Judgement> {
  const { action, role } = call;
  const account = isService(role) ? (ownerOf(deployed, call.resource) ?? '') : accountIn(role);
  const resource = withRegion(call.resource);
  const guard = deployed.resources.get(call.resource) ?? deployed.resources.get(containerOf(call.resource));
  const identity = call.policies ?? deployed.roles.get(role)?.policies ?? [];
  const answer = await runSimulation(
    {
      request: {
        principal: isService(role) ? role : sessionOf(role),
        action,
        resource: { resource, accountId: ownerOf(deployed, call.resource) ?? account },
        contextVariables: contextOf(call, account),
      },
      identityPolicies: identity.map((policy, index) => ({
        name: `${index}`,
        policy: spelled(policy),
      })),
      serviceControlPolicies: servicePoliciesOf(call),
      resourceControlPolicies: [],
      ...(guard === undefined ? {} : { resourcePolicy: spelled(guard) }),
    },
    {},
  );
  if (answer.resultType === 'error')
    throw new Error(`${action} on ${call.resource} cannot be judged: ${JSON.stringify(answer.errors)}`);
  const results = answer.resultType === 'single' ? [answer.result] : answer.results;
  const ignored = new Set(results.flatMap(({ ignoredContextKeys = [] }) => ignoredContextKeys));
  for (const key of Object.keys(call.context ?? {}))
    if (ignored.has(key)) throw new Error(`${action} knows no condition key ${key}`);
  const allowing = results.flatMap(({ analysis }) => analysis.identityAnalysis?.allowStatements ?? []);
  return {
    allowed: answer.overallResult === 'Allowed',
    // The engine counts statements from 1.
    allowedBy: allowing.map(({ policyId, statement }) => `${policyId}/${statement.index() - 1}`),
  };
}

const allowAll: PolicyJson = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

function servicePoliciesOf({ servicePolicies = [] }: JudgedCall): Simulation['serviceControlPolicies'] {
  if (servicePolicies.length === 0) return [];
  const policies = [allowAll, ...servicePolicies].map((policy, index) => ({
    name: `scp-${index}`,
    policy: spelled(policy),
  }));
  return [{ orgIdentifier: 'r-root', policies }];
}

/** What IAM knows of every call without being told. */
function contextOf(call: JudgedCall, account: string): Record<string, string | string[]> {
  const region = call.resource.split(':')[3];
  const context: Record<string, string | string[]> = {
    ...(isService(call.role) ? {} : { 'aws:PrincipalArn': call.role, 'aws:PrincipalAccount': account }),
    'aws:SecureTransport': 'true',
    ...(region === undefined || region === '' ? {} : { 'aws:RequestedRegion': region }),
    ...(call.organization === undefined ? {} : { 'aws:PrincipalOrgID': call.organization }),
  };
  for (const [key, value] of Object.entries(call.context ?? {}))
    context[key] = typeof value === 'string' ? value : [...value];
  return context;
}

const isService = (role: string): boolean => role.endsWith('.amazonaws.com');

const sessionOf = (role: string): string =>
  `arn:aws:sts::${accountIn(role)}:assumed-role/${role.slice(role.lastIndexOf('/') + 1)}/session`;

const accountIn = (arn: string): string => arn.split(':')[4] ?? '';

/** An object's policy is its bucket's. */
const containerOf = (arn: string): string => arn.split('/')[0] ?? arn;

function ownerOf(deployed: DeployedPolicies, arn: string): string | undefined {
  return deployed.owners.get(containerOf(arn)) ?? (accountIn(arn) || undefined);
}

/**
 * The engine knows no ARN of a model without a region, as the call of a global profile has it. In the call and in every
 * policy it is spelled with the region that AWS gives such a call in `aws:RequestedRegion`: a pattern that takes any
 * region takes either.
 */
const withRegion = (arn: string): string =>
  arn.replace('arn:aws:bedrock:::foundation-model/', 'arn:aws:bedrock:unspecified::foundation-model/');

function spelled(policy: PolicyJson): PolicyJson {
  const known = spellings.get(policy);
  if (known !== undefined) return known;
  const made: PolicyJson = JSON.parse(withEveryRegion(JSON.stringify(policy)));
  spellings.set(policy, made);
  return made;
}

const spellings = new WeakMap<PolicyJson, PolicyJson>();

const withEveryRegion = (text: string): string =>
  text.replaceAll('arn:aws:bedrock:::foundation-model/', 'arn:aws:bedrock:unspecified::foundation-model/');
