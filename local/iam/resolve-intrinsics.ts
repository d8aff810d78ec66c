/**
 * What CloudFormation's functions in a template come to, once somebody says what its names stand for.
 *
 * Invariant: pure, and nothing is guessed. A name that nobody knows, or a function that is not here, is an error that
 * says where it stands.
 */

/** What the names in a template stand for. Undefined: there is no such thing. */
export interface TemplateNames {
  /** A resource, a parameter, or a pseudo parameter such as `AWS::Region`. */
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  /** An export of another stack. @default - none */
  exported?(name: string): unknown;
  /** @default - none */
  condition?(name: string): boolean | undefined;
}

export class UnresolvedError extends Error {
  /** Where in the value, such as `$.Statement[0].Resource`. */
  readonly path: string;
  constructor(path: string, what: string) {
    super(`${path}: ${what}`);
    this.name = 'UnresolvedError';
    this.path = path;
  }
}

/** Stands for "leave it out" until the value around it is put together. */
const NO_VALUE = Symbol('AWS::NoValue');

/** The value with every function replaced. @throws UnresolvedError */
export function resolveIntrinsics(value: unknown, names: TemplateNames, path = '$'): unknown {
  const resolved = resolve(value, { names, path });
  return resolved === NO_VALUE ? undefined : resolved;
}

interface Place {
  readonly names: TemplateNames;
  readonly path: string;
}

function resolve(value: unknown, place: Place): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => resolve(item, inside(place, `[${index}]`))).filter(isThere);
  if (!isRecord(value)) return value;
  const [name, more] = Object.keys(value);
  if (name !== undefined && more === undefined && (name === 'Ref' || name.startsWith('Fn::')))
    return call(name, value[name], inside(place, `.${name}`));
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, resolve(member, inside(place, `.${key}`))] as const)
      .filter(([, member]) => isThere(member)),
  );
}

type Intrinsic = (argument: unknown, place: Place) => unknown;

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, place) => {
    if (name === 'AWS::NoValue') return NO_VALUE;
    return known(place.names.ref(text(name, place)), `nothing is called ${String(name)}`, place);
  },
  'Fn::GetAtt': (argument, place) => {
    const [logicalId = '', ...rest] = Array.isArray(argument)
      ? argument.map((part) => text(part, place))
      : text(argument, place).split('.');
    const attribute = rest.join('.');
    const found = place.names.attribute(logicalId, attribute);
    return known(found, `${logicalId} has no attribute ${attribute}`, place);
  },
  'Fn::Join': (argument, place) => {
    const [separator, parts] = pair(argument, place);
    const texts = list(resolve(parts, place), place).map((part) => text(part, place));
    return texts.join(text(separator, place));
  },
  'Fn::Split': (argument, place) => {
    const [separator, source] = pair(argument, place);
    return text(resolve(source, place), place).split(text(separator, place));
  },
  'Fn::Select': (argument, place) => {
    const [index, source] = pair(argument, place);
    const values = list(resolve(source, place), place);
    return known(values[Number(index)], `has no element ${String(index)}`, place);
  },
  'Fn::Sub': (argument, place) => {
    const [template, own] = Array.isArray(argument) ? pair(argument, place) : [argument, {}];
    return substitute(text(template, place), resolve(own, place), place);
  },
  'Fn::ImportValue': (argument, place) => {
    const name = text(resolve(argument, place), place);
    return known(place.names.exported?.(name), `no stack exports ${name}`, place);
  },
  'Fn::If': (argument, place) => {
    const [condition, whenTrue, whenFalse] = list(argument, place);
    const holds = place.names.condition?.(text(condition, place));
    if (holds === undefined) throw new UnresolvedError(place.path, `no condition ${String(condition)}`);
    return resolve(holds ? whenTrue : whenFalse, place);
  },
};

function call(name: string, argument: unknown, place: Place): unknown {
  const intrinsic = intrinsics[name];
  if (intrinsic === undefined)
    throw new UnresolvedError(place.path, `the function ${name} is not known here`);
  return intrinsic(argument, place);
}

/** `${Name}`, `${Name.Attribute}` and the function's own variables; `${!Name}` stays as `${Name}`. */
function substitute(template: string, own: unknown, place: Place): string {
  return template.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (isRecord(own) && name in own) return text(own[name], place);
    const method = name.includes('.') ? 'Fn::GetAtt' : 'Ref';
    return text(call(method, name, place), place);
  });
}

const inside = (place: Place, step: string): Place => ({ ...place, path: place.path + step });

const isThere = (value: unknown): boolean => value !== NO_VALUE;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function known(value: unknown, problem: string, { path }: Place): unknown {
  if (value === undefined) throw new UnresolvedError(path, problem);
  return value;
}

function text(value: unknown, { path }: Place): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new UnresolvedError(path, 'must be a text');
}

function list(value: unknown, { path }: Place): readonly unknown[] {
  if (!Array.isArray(value)) throw new UnresolvedError(path, 'must be a list');
  return value;
}

function pair(value: unknown, place: Place): readonly [unknown, unknown] {
  const [first, second, ...rest] = list(value, place);
  if (second === undefined || rest.length > 0) throw new UnresolvedError(place.path, 'must be a list of two');
  return [first, second];
}
