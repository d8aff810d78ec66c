import { ControlError } from '../service.ts';

/** One thing that is wrong with a control request, with the path to it. */
interface Violation {
  readonly path: string;
  readonly message: string;
}

/** Whether a value is right: undefined, or what would be right. */
export type Rule = (value: unknown) => string | undefined;

/** The members that an entry may have, and the rule of each; those in `required` must be there. */
export interface EntryShape {
  readonly rules: Readonly<Record<string, Rule>>;
  readonly required: readonly string[];
}

/** The entries of a body that is one object or a list of them, or a `ControlError` with every violation. */
export function parseEntries(body: unknown, shape: EntryShape): readonly Record<string, unknown>[] {
  const entries = Array.isArray(body) ? body : [body];
  const violations = entries.flatMap((entry: unknown, index) =>
    checkEntry(entry, shape).map(({ path, message }) => ({
      path: Array.isArray(body) ? [`[${index}]`, path].filter(Boolean).join('.') : path,
      message,
    })),
  );
  if (violations.length > 0) throw new ControlError(violations);
  return entries as Record<string, unknown>[];
}

/** Member of a path in an entry of a body, as `parseEntries` names it. */
export function entryPath(body: unknown, index: number, member: string): string {
  return Array.isArray(body) ? `[${index}].${member}` : member;
}

function checkEntry(entry: unknown, shape: EntryShape): readonly Violation[] {
  if (!isRecord(entry)) return [{ path: '', message: `must be an object, not ${JSON.stringify(entry)}` }];
  const missing = shape.required
    .filter((name) => entry[name] === undefined)
    .map((name) => ({ path: name, message: 'is required' }));
  const wrong = Object.entries(entry).flatMap(([name, value]) => {
    const rule = Object.hasOwn(shape.rules, name) ? shape.rules[name] : undefined;
    if (!rule) {
      return [{ path: name, message: `is unknown; known are ${Object.keys(shape.rules).join(', ')}` }];
    }
    const right = rule(value);
    return right === undefined ? [] : [{ path: name, message: `${JSON.stringify(value)} must be ${right}` }];
  });
  return [...missing, ...wrong];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const isBoolean: Rule = (value) => (typeof value === 'boolean' ? undefined : 'true or false');

export const isText: Rule = (value) =>
  typeof value === 'string' && value.length > 0 ? undefined : 'a string that is not empty';

export const isCount: Rule = (value) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 10_000
    ? undefined
    : 'a whole number from 0 to 10000';

export function matches(pattern: RegExp, right: string): Rule {
  return (value) => (typeof value === 'string' && pattern.test(value) ? undefined : right);
}

export function oneOf(...values: readonly string[]): Rule {
  return (value) =>
    values.includes(value as string) ? undefined : `one of ${values.map((known) => `"${known}"`).join(', ')}`;
}

export function listOf(rule: Rule, right: string): Rule {
  return (value) =>
    Array.isArray(value) && value.length > 0 && value.every((item) => rule(item) === undefined)
      ? undefined
      : right;
}

/** Any code that has the form of a region: the world may grow one that stands in no data file. */
export const isRegion = matches(/^[a-z]{2,4}(-[a-z0-9]+)+-\d+$/, 'a region code such as "eu-central-1"');

export const isAccount = matches(/^\d{12}$/, 'an account id of twelve digits');
