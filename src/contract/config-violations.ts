/** Turns what zod found into sentences that name the place, the value, and what would be right. */
import * as z from 'zod';

export interface ConfigViolation {
  /** Where, as one would write it in code: `models.chat-large.candidates[0]`. `config` is the whole. */
  readonly path: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** The JSON Schema of a zod schema, as far as it is walked here. */
interface JsonSchemaNode {
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>;
  readonly additionalProperties?: JsonSchemaNode | boolean;
  readonly items?: JsonSchemaNode;
  readonly anyOf?: readonly JsonSchemaNode[];
}

/** A value longer than this is cut in a message. */
const VALUE_TEXT_LENGTH_MAX = 80;

export function violationsOfIssues(issues: readonly Issue[], schema: z.ZodType): readonly ConfigViolation[] {
  const found = issues.flatMap((issue) => violationsOfIssue(issue, [], schema));
  // A number may break two bounds of one rule: that is one mistake.
  const sentences = new Map(found.map((each) => [`${each.path} ${each.message}`, each]));
  return [...sentences.values()];
}

/** `models.chat-large.candidates[0]` from its steps. */
export function pathText(steps: readonly PropertyKey[]): string {
  const text = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text === '' ? 'config' : text.replace(/^\./, '');
}

function violationsOfIssue(
  issue: Issue,
  parents: readonly PropertyKey[],
  schema: z.ZodType,
): readonly ConfigViolation[] {
  const steps = [...parents, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, steps);
    return issue.keys.map((key) => ({
      path: pathText([...steps, key]),
      message: `is not a setting; ${known.length === 0 ? 'leave it out' : `known here: ${known.join(', ')}`}`,
    }));
  }
  if (issue.code === 'invalid_union') return violationsOfUnion(issue, steps, schema);
  if (issue.code === 'invalid_key') {
    const rule = issue.issues.map((inner) => inner.message).join('; ');
    return [{ path: pathText(steps), message: `the name ${valueText(steps.at(-1))} ${rule}` }];
  }
  // A tenant's key is a secret, even a malformed one: it is never repeated.
  const isSecret = steps[0] !== 'state' && steps.includes('keys');
  const shown = isSecret && issue.input !== undefined ? 'a value' : valueText(issue.input);
  return [{ path: pathText(steps), message: `${shown} ${expectation(issue)}` }];
}

/** Speaks for the branch that the value was meant for: the one that understood its outer type. */
function violationsOfUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  steps: readonly PropertyKey[],
  schema: z.ZodType,
): readonly ConfigViolation[] {
  const meant = issue.errors.find((branch) => !branch.some((inner) => isOuterTypeIssue(inner)));
  if (meant !== undefined) return meant.flatMap((inner) => violationsOfIssue(inner, steps, schema));
  const expected = issue.errors.flatMap((branch) => branch.map((inner) => expectation(inner)));
  const message = `${valueText(issue.input)} ${[...new Set(expected)].join(', or ')}`;
  return [{ path: pathText(steps), message }];
}

function isOuterTypeIssue(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

/** Our own schemas word their messages as "must be …"; zod's own wording is turned into that form. */
function expectation(issue: Issue): string {
  if (issue.message.startsWith('must ')) return issue.message;
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}`;
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => valueText(value)).join(' or ')}`;
  return `must be right: ${issue.message}`;
}

function article(type: string): string {
  const word = type === 'record' ? 'object' : type;
  return `${/^[aeio]/.test(word) ? 'an' : 'a'} ${word}`;
}

function valueText(value: unknown): string {
  if (value === undefined) return 'is missing and';
  const shown = jsonText(value) ?? (typeof value === 'object' ? 'an object' : String(value));
  return shown.length > VALUE_TEXT_LENGTH_MAX ? `${shown.slice(0, VALUE_TEXT_LENGTH_MAX)}…` : shown;
}

/** Undefined for what JSON cannot hold: circles, big integers, functions. */
function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function knownKeys(schema: z.ZodType, steps: readonly PropertyKey[]): readonly string[] {
  let nodes: readonly JsonSchemaNode[] = [z.toJSONSchema(schema, { io: 'input' }) as JsonSchemaNode];
  for (const step of steps) nodes = nodes.flatMap((node) => childNodes(node, step));
  const objects = nodes.flatMap((node) => [node, ...(node.anyOf ?? [])]);
  return [...new Set(objects.flatMap((node) => Object.keys(node.properties ?? {})))];
}

function childNodes(node: JsonSchemaNode, step: PropertyKey): readonly JsonSchemaNode[] {
  const options = [node, ...(node.anyOf ?? [])];
  return options.flatMap(({ items, properties, additionalProperties }) => {
    const child = typeof step === 'number' ? items : (properties?.[String(step)] ?? additionalProperties);
    return typeof child === 'object' ? [child] : [];
  });
}
