/**
 * The part of CloudWatch's metric math that alarms of the catalogue use, on one datapoint: numbers, names, + - * /,
 * comparisons, AND and OR, IF and FILL. A value that is missing makes all missing that needs it, but for FILL.
 */
type Value = number | undefined;
type Values = Readonly<Record<string, Value>>;
type Compute = (values: Values) => Value;

const TOKEN = /\s*(>=|<=|==|!=|[-+*/(),<>]|\d+(?:\.\d+)?|[A-Za-z_]\w*)/gy;

const operators: readonly Readonly<Record<string, (left: number, right: number) => number>>[] = [
  { OR: (left, right) => Number(left !== 0 || right !== 0) },
  { AND: (left, right) => Number(left !== 0 && right !== 0) },
  {
    '>=': (left, right) => Number(left >= right),
    '<=': (left, right) => Number(left <= right),
    '==': (left, right) => Number(left === right),
    '!=': (left, right) => Number(left !== right),
    '>': (left, right) => Number(left > right),
    '<': (left, right) => Number(left < right),
  },
  { '+': (left, right) => left + right, '-': (left, right) => left - right },
  { '*': (left, right) => left * right, '/': (left, right) => left / right },
];

const functions: Readonly<Record<string, (args: readonly Compute[]) => Compute>> = {
  FILL:
    ([series, filler]) =>
    (values) =>
      series?.(values) ?? filler?.(values),
  IF:
    ([condition, then, otherwise]) =>
    (values) => {
      const held = condition?.(values);
      if (held === undefined) return undefined;
      return held !== 0 ? then?.(values) : otherwise?.(values);
    },
};

/** @throws Error for anything beyond that part */
export function compileExpression(text: string): Compute {
  const tokens = tokensOf(text);
  let at = 0;
  const take = (expected?: string): string => {
    const token = tokens[at] ?? '';
    if (token === '' || (expected !== undefined && token !== expected))
      throw new Error(`${text}: expected ${expected ?? 'more'} at "${tokens.slice(at).join(' ')}"`);
    at += 1;
    return token;
  };
  const binary = (level: number): Compute => {
    const known = operators[level];
    if (known === undefined) return primary();
    let left = binary(level + 1);
    for (let operator = known[tokens[at] ?? '']; operator !== undefined; operator = known[tokens[at] ?? '']) {
      take();
      left = both(operator, left, binary(level + 1));
    }
    return left;
  };
  const call = (name: string): Compute => {
    const made = functions[name];
    if (made === undefined) throw new Error(`${text}: ${name} is no function that alarms use`);
    take('(');
    const args = [binary(0)];
    while (tokens[at] === ',') {
      take();
      args.push(binary(0));
    }
    take(')');
    return made(args);
  };
  const primary = (): Compute => {
    const token = take();
    if (token === '(') {
      const inner = binary(0);
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return () => Number(token);
    return tokens[at] === '(' ? call(token) : (values) => values[token];
  };
  const compiled = binary(0);
  if (at < tokens.length) throw new Error(`${text}: "${tokens.slice(at).join(' ')}" is left over`);
  return compiled;
}

function both(operator: (left: number, right: number) => number, left: Compute, right: Compute): Compute {
  return (values) => {
    const [one, other] = [left(values), right(values)];
    if (one === undefined || other === undefined) return undefined;
    const result = operator(one, other);
    // A division by zero has no datapoint.
    return Number.isFinite(result) ? result : undefined;
  };
}

function tokensOf(text: string): readonly string[] {
  const tokens = [...text.matchAll(TOKEN)].map(([, token = '']) => token);
  if (tokens.join('') !== text.replaceAll(/\s/g, '')) throw new Error(`${text}: cannot be read`);
  return tokens;
}
