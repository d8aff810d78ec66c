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
  const violations: string[] = [];
  const found = isRecord(document) ? document.Statement : undefined;
  if (found === undefined) violations.push('Statement: must be there');
  const statements = (found === undefined ? [] : [found].flat()).flatMap((statement, index) => {
    if (isRecord(statement)) return [readStatement(statement, index, violations)];
    violations.push(`Statement[${index}]: must be an object`);
    return [];
  });
  return violations.length === 0 ? { ok: true, statements } : { ok: false, violations };
}

type Json = Readonly<Record<string, unknown>>;

function readStatement(statement: Json, index: number, violations: string[]): PolicyStatement {
  const path = `Statement[${index}]`;
  const { Sid, Effect } = statement;
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

function textsOf(value: unknown): readonly string[] | undefined {
  const all = [value].flat();
  const known = all.filter((one) => ['string', 'boolean', 'number'].includes(typeof one)).map(String);
  return value === undefined || known.length < all.length ? undefined : known;
}

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
