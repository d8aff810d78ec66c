/** What is wrong with a chat completions body, in sentences that name the member and what would be right. */
import type { z } from 'zod';
import { refusedOpenAiFields } from './openai-chat.ts';

export interface BodyViolation {
  /** `messages[0].content`; empty for the body itself. */
  readonly path: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

export function openAiChatViolations(issues: readonly Issue[]): readonly BodyViolation[] {
  return issues.flatMap((issue) => violationsOf(issue, []));
}

function violationsOf(issue: Issue, parents: readonly PropertyKey[]): readonly BodyViolation[] {
  const steps = [...parents, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...steps, printableKey(key)]),
      message: unknownFieldMessage(key, steps.length === 0),
    }));
  }
  if (issue.code === 'invalid_union') {
    const nearest = nearestBranch(issue.errors);
    if (nearest !== undefined) return nearest.flatMap((inner) => violationsOf(inner, steps));
  }
  return [{ path: pathText(steps), message: issue.message }];
}

/** The branch that the value was meant for: the one that fails latest, that is with the deepest first complaint. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  // Not by spreading into Math.max: a body may hold more complaints than a call takes arguments.
  const depth = (branch: readonly Issue[]) =>
    branch.reduce((deepest, issue) => Math.max(deepest, issue.path.length), 0);
  const [first, ...others] = branches.filter((branch) => branch.length > 0);
  if (first === undefined) return undefined;
  const best = others.reduce((kept, branch) => (depth(branch) > depth(kept) ? branch : kept), first);
  return depth(best) > 0 ? best : undefined;
}

function unknownFieldMessage(key: string, atRoot: boolean): string {
  const reason = atRoot && Object.hasOwn(refusedOpenAiFields, key) ? refusedOpenAiFields[key] : undefined;
  return reason === undefined ? 'is not known here; leave it out' : `is not supported: ${reason}`;
}

function printableKey(key: string): string {
  return key.replace(/[^\x20-\x7e]/g, '?').slice(0, 64);
}

function pathText(steps: readonly PropertyKey[]): string {
  const text = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text.replace(/^\./, '');
}
