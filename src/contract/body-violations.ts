/** What is wrong with a call's body, in sentences that name the member and what would be right. */
import type { z } from 'zod';

export interface BodyViolation {
  /** `messages[0].content`; empty for the body itself. */
  readonly path: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** Fields that a wire format has at its root and that no lawful target can honour, each with the reason. */
export type RefusedFields = Readonly<Record<string, string>>;

export function bodyViolations(issues: readonly Issue[], refused: RefusedFields): readonly BodyViolation[] {
  return issues.flatMap((issue) => violationsOf(issue, [], refused));
}

function violationsOf(
  issue: Issue,
  parents: readonly PropertyKey[],
  refused: RefusedFields,
): readonly BodyViolation[] {
  const steps = [...parents, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...steps, printableKey(key)]),
      message: unknownFieldMessage(key, steps.length === 0 ? refused : {}),
    }));
  }
  if (issue.code === 'invalid_union') {
    const nearest = nearestBranch(issue.errors);
    if (nearest !== undefined) return nearest.flatMap((inner) => violationsOf(inner, steps, refused));
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

function unknownFieldMessage(key: string, refused: RefusedFields): string {
  const reason = Object.hasOwn(refused, key) ? refused[key] : undefined;
  return reason === undefined ? 'is not known here; leave it out' : `is not supported: ${reason}`;
}

function printableKey(key: string): string {
  return key.replace(/[^\x20-\x7e]/g, '?').slice(0, 64);
}

function pathText(steps: readonly PropertyKey[]): string {
  const text = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text.replace(/^\./, '');
}
