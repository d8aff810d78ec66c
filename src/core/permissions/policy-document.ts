/** A policy of IAM or AWS Organizations as JSON, read with every violation at once. */

type EffectName = 'Allow' | 'Deny';

export interface PolicyStatement {
  /** `Sid`, else the place in the document. */
  readonly name: string;
  readonly effect: EffectName;
  /** `except`: every action but these. */
  readonly actions: { readonly except: boolean; readonly patterns: readonly string[] };
  readonly resources: { readonly except: boolean; readonly patterns: readonly string[] };
  readonly conditions: readonly PolicyCondition[];
}

export interface PolicyCondition {
  /** Such as `StringNotEqualsIfExists`. */
  readonly operator: string;
  /** Condition keys have no case. */
  readonly key: string;
  readonly values: readonly string[];
}

export type ParsedPolicy =
  | { readonly ok: true; readonly statements: readonly PolicyStatement[] }
  | { readonly ok: false; readonly violations: readonly string[] };

export function parsePolicy(document: unknown): ParsedPolicy {
  if (!isRecord(document)) return { ok: false, violations: ['the policy: must be an object'] };
  const violations = unknownMembers(document, '', POLICY_MEMBERS);
  const found = document.Statement;
  if (found === undefined && violations.length === 0) violations.push('Statement: must be there');
  if (Array.isArray(found) && found.length === 0)
    violations.push('Statement: must have one statement at least');
  const statements = (found === undefined ? [] : [found].flat()).flatMap((statement, index) => {
    if (isRecord(statement)) return [readStatement(statement, index, violations)];
    violations.push(`Statement[${index}]: must be an object`);
    return [];
  });
  return violations.length === 0 ? { ok: true, statements } : { ok: false, violations };
}

const POLICY_MEMBERS = ['Version', 'Id', 'Statement'];
const STATEMENT_MEMBERS = [
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition', 'Principal'],
  'NotPrincipal',
];

/** What is misspelt says nothing to AWS, and would be judged as if it were not there. */
function unknownMembers(object: Json, path: string, known: readonly string[]): string[] {
  return Object.keys(object)
    .filter((name) => !known.includes(name))
    .map((name) => `${path}${name}: is no member; ${didYouMean(name, known)}`);
}

/** The one name that begins alike, else all of them. */
function didYouMean(name: string, known: readonly string[]): string {
  const lower = name.toLowerCase();
  const alike = known
    .map((one) => ({ one, length: lettersAlike(lower, one.toLowerCase()) }))
    .sort((left, right) => right.length - left.length);
  const [best] = alike;
  const isNear = best !== undefined && best.length * 4 >= lower.length * 3;
  return isNear ? `did you mean ${best.one}?` : `they are ${known.join(', ')}`;
}

/** Letters that two words share at their beginnings and ends together. */
function lettersAlike(left: string, right: string): number {
  const most = Math.min(left.length, right.length);
  let head = 0;
  while (head < most && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < most - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  return head + tail - Math.abs(left.length - right.length);
}

type Json = Readonly<Record<string, unknown>>;

function readStatement(statement: Json, index: number, violations: string[]): PolicyStatement {
  const path = `Statement[${index}]`;
  const { Sid, Effect } = statement;
  violations.push(...unknownMembers(statement, `${path}.`, STATEMENT_MEMBERS));
  if (Effect !== 'Allow' && Effect !== 'Deny')
    violations.push(`${path}.Effect: must be "Allow" or "Deny", not ${JSON.stringify(Effect)}`);
  return {
    name: typeof Sid === 'string' && Sid !== '' ? Sid : path,
    effect: Effect === 'Allow' ? 'Allow' : 'Deny',
    actions: readPatterns(statement, 'Action', { path, violations }),
    resources: readPatterns({ Resource: defaultResource(statement), ...statement }, 'Resource', {
      path,
      violations,
    }),
    conditions: readConditions(statement.Condition, `${path}.Condition`, violations),
  };
}

/** An Allow of an organization may leave it out. */
const defaultResource = ({ NotResource }: Json): unknown => (NotResource === undefined ? '*' : undefined);

function readPatterns(
  statement: Json,
  member: 'Action' | 'Resource',
  { path, violations }: { readonly path: string; readonly violations: string[] },
): PolicyStatement['actions'] {
  const given = statement[member];
  const excepted = statement[`Not${member}`];
  if ((given === undefined) === (excepted === undefined))
    violations.push(`${path}: must have one of ${member} and Not${member}`);
  const patterns = textsOf(given ?? excepted);
  if (patterns === undefined) violations.push(`${path}.${member}: must be a text or a list of texts`);
  return { except: given === undefined, patterns: patterns ?? [] };
}

function readConditions(block: unknown, path: string, violations: string[]): readonly PolicyCondition[] {
  if (block === undefined) return [];
  if (!isRecord(block)) {
    violations.push(`${path}: must be an object`);
    return [];
  }
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!isOperator(operator))
      violations.push(
        `${path}: "${operator}" is no condition operator of IAM; ${didYouMean(operator, OPERATORS)}`,
      );
    if (!isRecord(keys)) {
      violations.push(`${path}.${operator}: must be an object`);
      return [];
    }
    return Object.entries(keys).map(([key, value]) => {
      const values = textsOf(value);
      if (values === undefined)
        violations.push(`${path}.${operator}.${key}: must be a text or a list of texts`);
      return { operator, key: key.toLowerCase(), values: values ?? [] };
    });
  });
}

const OPERATORS: readonly string[] = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  ...['StringLike', 'StringNotLike', 'ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike', 'Bool', 'Null'],
  ...['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals'],
  ...['NumericGreaterThan', 'NumericGreaterThanEquals', 'DateEquals', 'DateNotEquals', 'DateLessThan'],
  ...['DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals', 'BinaryEquals'],
  ...['IpAddress', 'NotIpAddress'],
];
const OPERATORS_LOWER = new Set(OPERATORS.map((name) => name.toLowerCase()));

/** Operators have no case; only whether a key is there cannot be asked "if it exists". */
function isOperator(operator: string): boolean {
  const name = operator.toLowerCase().replace(/^(?:foranyvalue|forallvalues):/, '');
  return OPERATORS_LOWER.has(name === 'nullifexists' ? name : name.replace(/ifexists$/, ''));
}

function textsOf(value: unknown): readonly string[] | undefined {
  const all = [value].flat();
  const known = all.filter((one) => ['string', 'boolean', 'number'].includes(typeof one)).map(String);
  return value === undefined || known.length < all.length ? undefined : known;
}

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
