/**
 * Says of a question whether IAM would let the caller do it: identity, resource, trust and key policies together, by an engine
 * that is not ours.
 *
 * Invariant: what cannot be judged is denied, with the reason.
 */
import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { AccessQuestion } from './access-question.ts';
import type { PolicyBook, PolicyDocument } from './policy-book.ts';

/** Who asks. */
export type Principal =
  | { readonly kind: 'role'; readonly account: string; readonly roleArn: string; readonly sessionArn: string }
  /** The account's own key: an administrator, as CloudFormation's execution role is one. */
  | { readonly kind: 'administrator'; readonly account: string; readonly arn: string }
  | { readonly kind: 'service'; readonly service: string };

/** One question with its answer. */
export interface Verdict {
  /** The role's ARN, the administrator's, or the service's name. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly isAllowed: boolean;
  /** Why not, as AWS says it; empty for yes. */
  readonly reason: string;
}

const everything = [
  {
    name: 'administrator',
    policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  },
];

export class PolicyJudge {
  /** Every question that was asked, oldest first. */
  readonly verdicts: Verdict[] = [];
  readonly #book: PolicyBook;

  constructor(book: PolicyBook) {
    this.#book = book;
  }

  async judge(principal: Principal, question: AccessQuestion, region: string): Promise<Verdict> {
    const reason = await this.#reasonAgainst(principal, question, region);
    const name = nameOf(principal);
    const { action, resource } = question;
    const verdict = { principal: name, action, resource, isAllowed: reason === '', reason };
    this.verdicts.push(verdict);
    return verdict;
  }

  #keyContext({ action, resource }: AccessQuestion): Record<string, string[]> {
    const aliases = action.startsWith('kms:') ? this.#book.aliasesOf(resource) : [];
    return aliases.length === 0 ? {} : { 'kms:ResourceAliases': [...aliases] };
  }

  async #reasonAgainst(principal: Principal, question: AccessQuestion, region: string): Promise<string> {
    const { action, resource, account } = question;
    const role = principal.kind === 'role' ? this.#book.role(principal.roleArn) : undefined;
    if (principal.kind === 'role' && role === undefined) return `there is no role ${principal.roleArn}`;
    const simulation: Simulation = {
      request: {
        principal: engineName(principal),
        action,
        resource: { resource, accountId: account },
        contextVariables: { ...contextOf(principal, question, region), ...this.#keyContext(question) },
      },
      identityPolicies:
        principal.kind === 'administrator'
          ? everything
          : [...(role?.policies ?? [])].map(([name, policy]) => ({ name, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policyOf(question, this.#book),
    };
    const found = await runSimulation(spelledForEngine(simulation), {});
    if (found.resultType === 'error') return `the question cannot be judged: ${JSON.stringify(found.errors)}`;
    if (found.overallResult === 'Allowed') return '';
    if (found.overallResult === 'ExplicitlyDenied') return 'with an explicit deny';
    return simulation.resourcePolicy === undefined
      ? `because no identity-based policy allows the ${action} action`
      : `because no identity-based or no resource-based policy allows the ${action} action`;
  }
}

/**
 * What IAM spells in ways that the engine does not read, on both sides of the question: a destination of a profile that is
 * everywhere has no region in its ARN, and a key of an encryption context stands behind a colon where other variable keys
 * stand behind a slash.
 */
const spellings = [
  ['"arn:aws:bedrock:::', '"arn:aws:bedrock:unspecified::'],
  ['"kms:EncryptionContext:', '"aws:RequestTag/kms-encryption-context-'],
] as const;

function spelledForEngine(simulation: Simulation): Simulation {
  const text = JSON.stringify(simulation);
  if (!spellings.some(([iam]) => text.includes(iam))) return simulation;
  const spelled = spellings.reduce((all, [iam, engine]) => all.replaceAll(iam, engine), text);
  return JSON.parse(spelled) as Simulation;
}

function policyOf({ policy, resource }: AccessQuestion, book: PolicyBook): PolicyDocument | undefined {
  return policy === undefined ? book.resourcePolicy(resource) : (JSON.parse(policy) as PolicyDocument);
}

function engineName(principal: Principal): string {
  if (principal.kind === 'role') return principal.sessionArn;
  return principal.kind === 'service' ? principal.service : principal.arn;
}

function nameOf(principal: Principal): string {
  return principal.kind === 'role' ? principal.roleArn : engineName(principal);
}

function contextOf(
  principal: Principal,
  { context }: AccessQuestion,
  region: string,
): Record<string, string | string[]> {
  const own =
    principal.kind === 'service'
      ? { 'aws:PrincipalServiceName': principal.service, 'aws:PrincipalIsAWSService': 'true' }
      : {
          'aws:PrincipalArn': principal.kind === 'role' ? principal.roleArn : principal.arn,
          'aws:PrincipalAccount': principal.account,
          'aws:PrincipalIsAWSService': 'false',
        };
  const given = Object.entries(context ?? {}).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : [...value],
  ]);
  // There is no TLS on loopback; in AWS every call of an SDK has it.
  return {
    'aws:RequestedRegion': region,
    'aws:SecureTransport': 'true',
    ...own,
    ...Object.fromEntries(given),
  };
}
