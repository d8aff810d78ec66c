/** Whether a statement of a policy speaks of a call, as far as the conditions of the call are known. */
import type { PolicyCondition, PolicyStatement } from './policy-document.ts';

export interface AuthorizedCall {
  /** Such as `bedrock:InvokeModel`. */
  readonly action: string;
  readonly resource: string;
  /**
   * What is known of the call, by condition key in lower case; null where the call is known to have no such key. A key
   * that is not here may be anything.
   */
  readonly context: Readonly<Record<string, string | null>>;
}

/** `unknown`: it depends on what nobody told, by these condition keys. */
export type Match =
  | { readonly matches: true | false }
  | { readonly matches: 'unknown'; readonly keys: readonly string[] };

export function matchStatement(statement: PolicyStatement, call: AuthorizedCall): Match {
  const { actions, resources } = statement;
  const named = actions.patterns.some((pattern) => matchesPattern(pattern, call.action, 'any-case'));
  const touched = resources.patterns.some((pattern) => matchesPattern(pattern, call.resource));
  if (named === actions.except || touched === resources.except) return { matches: false };
  const answers = statement.conditions.map((condition) => ({
    key: condition.key,
    holds: holds(condition, call.context),
  }));
  if (answers.some((answer) => answer.holds === false)) return { matches: false };
  const unknown = answers.filter((answer) => answer.holds === undefined).map(({ key }) => key);
  return unknown.length === 0 ? { matches: true } : { matches: 'unknown', keys: [...new Set(unknown)] };
}

/** `*` stands for any characters, `?` for one. */
export function matchesPattern(
  pattern: string,
  text: string,
  letters: 'exact' | 'any-case' = 'exact',
): boolean {
  const parts = pattern.replaceAll(/[.+^$(){}|[\]\\]/g, '\\$&');
  const source = parts.replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, letters === 'any-case' ? 'is' : 's').test(text);
}

/** Undefined where it cannot be told. */
function holds(
  { operator, key, values }: PolicyCondition,
  context: AuthorizedCall['context'],
): boolean | undefined {
  const actual = context[key];
  const { name, ifExists, everyValue } = partsOf(operator);
  if (name === 'null') return actual === undefined ? undefined : values.includes(String(actual === null));
  const compare = comparisons[name];
  if (actual === undefined || compare === undefined || !values.every((value) => compare.takes(value)))
    return undefined;
  if (actual === null) return ifExists || everyValue || compare.negated;
  return values.some((value) => compare.same(value, actual)) !== compare.negated;
}

/** `ForAllValues:` holds where there is no value at all; with one value it is the operator itself. */
function partsOf(operator: string) {
  const [prefix, rest] = operator.includes(':') ? operator.split(':', 2) : ['', operator];
  const name = (rest ?? '').toLowerCase();
  const ifExists = name.endsWith('ifexists');
  return {
    name: ifExists ? name.slice(0, -'ifexists'.length) : name,
    ifExists,
    everyValue: prefix?.toLowerCase() === 'forallvalues',
  };
}

interface Comparison {
  readonly negated: boolean;
  /** False where nobody can tell what the value means. */
  takes(value: string): boolean;
  same(value: string, actual: string): boolean;
}

const equal = (value: string, actual: string) => value === actual;
const equalInAnyCase = (value: string, actual: string) => value.toLowerCase() === actual.toLowerCase();
const like = (value: string, actual: string) => matchesPattern(value, actual);

/** ARNs are compared part by part, so that no pattern reaches over a colon into the next one. */
function arnLike(value: string, actual: string): boolean {
  const patterns = arnParts(value);
  const parts = arnParts(actual);
  return patterns.length === parts.length && patterns.every((part, index) => like(part, parts[index] ?? ''));
}

const ARN_PARTS = 6;

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

/** A variable stands for what only the call itself knows. */
const isPlain = (value: string) => !value.includes('${');
const isArn = (value: string) => isPlain(value) && value.split(':').length >= ARN_PARTS;

const is = { negated: false, takes: isPlain } as const;
const isNot = { negated: true, takes: isPlain } as const;

const comparisons: Readonly<Record<string, Comparison>> = {
  stringequals: { ...is, same: equal },
  stringnotequals: { ...isNot, same: equal },
  stringequalsignorecase: { ...is, same: equalInAnyCase },
  stringnotequalsignorecase: { ...isNot, same: equalInAnyCase },
  stringlike: { ...is, same: like },
  stringnotlike: { ...isNot, same: like },
  arnequals: { ...is, takes: isArn, same: arnLike },
  arnnotequals: { ...isNot, takes: isArn, same: arnLike },
  arnlike: { ...is, takes: isArn, same: arnLike },
  arnnotlike: { ...isNot, takes: isArn, same: arnLike },
  bool: { ...is, same: equalInAnyCase },
};
