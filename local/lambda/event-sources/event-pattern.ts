/** Patterns of event filters: which fields must hold one of which values. */

export type EventPattern = Readonly<Record<string, unknown>>;

/**
 * Reads a pattern as a template has it.
 *
 * @throws an Error that names what is not understood here: anything but plain values and `exists`
 */
export function readPattern(json: string): EventPattern {
  const pattern: unknown = JSON.parse(json);
  const problems = problemsOf(pattern, '$');
  if (problems.length > 0) throw new Error(`the event pattern is not understood: ${problems.join('; ')}`);
  return pattern as EventPattern;
}

export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    const value = typeof event === 'object' && event !== null ? Reflect.get(event, name) : undefined;
    if (!Array.isArray(wanted)) return matchesPattern(wanted as EventPattern, value);
    return wanted.some((one) => allows(one, value));
  });
}

/** A list in an event matches where one of its members does. */
function allows(wanted: unknown, value: unknown): boolean {
  if (typeof wanted === 'object' && wanted !== null) {
    return Reflect.get(wanted, 'exists') === (value !== undefined);
  }
  return Array.isArray(value) ? value.includes(wanted) : value === wanted;
}

function problemsOf(pattern: unknown, path: string): readonly string[] {
  if (Array.isArray(pattern)) {
    return pattern.flatMap((one, index) =>
      typeof one !== 'object' || one === null || isExists(one)
        ? []
        : [`${path}[${index}]: got ${JSON.stringify(one)}, want a value or {"exists": true}`],
    );
  }
  if (typeof pattern !== 'object' || pattern === null)
    return [`${path}: got ${JSON.stringify(pattern)}, want fields or a list of values`];
  return Object.entries(pattern).flatMap(([name, inner]) => problemsOf(inner, `${path}.${name}`));
}

const isExists = (one: object): boolean =>
  Object.keys(one).join() === 'exists' && typeof Reflect.get(one, 'exists') === 'boolean';
