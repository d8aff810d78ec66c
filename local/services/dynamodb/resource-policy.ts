import type { Caller } from '../../service.ts';

/** A request as a table's policy sees it. */
export interface PolicySubject {
  readonly account: string;
  readonly caller: Caller;
  /** `dynamodb:GetItem` and the like. */
  readonly action: string;
  readonly resourceArn: string;
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** Statement elements that would need an IAM engine. A policy that uses them is refused, not half obeyed. */
const notEvaluated = ['Condition', 'NotAction', 'NotPrincipal', 'NotResource'] as const;

/** What is wrong with a policy document; empty when it can be kept. @param isJudged by an engine, which knows more */
export function checkPolicy(text: string, isJudged = false): string[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return ['the policy is not JSON'];
  }
  const statements = statementsOf(document);
  if (statements.length === 0) return ['Statement must hold at least one statement'];
  return statements.flatMap((statement, index) => checkStatement(statement, `Statement[${index}]`, isJudged));
}

/** Whether a policy lets the caller in. A Deny wins over every Allow; no matching statement means no. */
export function policyAllows(text: string, subject: PolicySubject): boolean {
  const matching = (statementsOf(JSON.parse(text)) as unknown as Statement[]).filter((statement) =>
    concerns(statement, subject),
  );
  return (
    matching.some(({ Effect }) => Effect === 'Allow') && !matching.some(({ Effect }) => Effect === 'Deny')
  );
}

function statementsOf(document: unknown): Record<string, unknown>[] {
  const { Statement: given } = (document ?? {}) as { Statement?: unknown };
  const list = Array.isArray(given) ? given : [given];
  return list.filter((entry) => typeof entry === 'object' && entry !== null) as Record<string, unknown>[];
}

function checkStatement(statement: Record<string, unknown>, path: string, isJudged: boolean): string[] {
  const problems: string[] = [];
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
    problems.push(`${path}.Effect must be Allow or Deny`);
  if (principalsOf(statement.Principal).length === 0)
    problems.push(`${path}.Principal must name "*" or AWS principals`);
  if (textsOf(statement.Action).length === 0) problems.push(`${path}.Action must name actions`);
  if (textsOf(statement.Resource).length === 0) problems.push(`${path}.Resource must name resources`);
  for (const element of isJudged ? [] : notEvaluated) {
    if (statement[element] !== undefined)
      problems.push(`${path}.${element} is not evaluated by the local AWS`);
  }
  return problems;
}

function concerns(statement: Statement, { account, caller, action, resourceArn }: PolicySubject): boolean {
  const root = `arn:aws:iam::${account}:root`;
  const names = new Set(['*', account, root, caller.arn, caller.roleArn]);
  return (
    principalsOf(statement.Principal).some((principal) => names.has(principal)) &&
    textsOf(statement.Action).some((pattern) => fits(pattern.toLowerCase(), action.toLowerCase())) &&
    textsOf(statement.Resource).some((pattern) => fits(pattern, resourceArn))
  );
}

function principalsOf(principal: unknown): string[] {
  if (principal === '*') return ['*'];
  return textsOf((principal as { AWS?: unknown } | null | undefined)?.AWS);
}

function textsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((entry) => typeof entry === 'string' && entry !== '');
}

/** IAM wildcards: `*` is any text, `?` any character. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`).test(text);
}
