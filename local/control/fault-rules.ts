import { ControlError } from '../service.ts';

const faultKinds = [
  'error',
  'throttle',
  'latency',
  'hang',
  'refuse',
  'reset',
  'stall-stream',
  'cut-stream',
  'malformed-frame',
  'stream-exception',
  'stream-error',
  'omit-usage',
  'split-frames',
  'flood',
  'empty',
] as const;

type FaultKind = (typeof faultKinds)[number];

/** One rule: which calls it strikes, and what happens to them. Left-out fields match everything. */
export interface FaultRule {
  readonly service?: string;
  readonly operation?: string;
  readonly account?: string;
  readonly region?: string;
  readonly target?: string;
  readonly kind: FaultKind;
  /**
   * `error`: the AWS error name. `stream-exception`: the stream's exception, its first one by default. `stream-error`: an
   * error of the operation that its stream does not model.
   */
  readonly error?: string;
  /** What the error says. Default: that a fault rule made it. */
  readonly message?: string;
  /** The status of the container behind, in errors that model one. Default: none. */
  readonly originalStatusCode?: number;
  readonly retryAfterSeconds?: number;
  /** `latency`: the delay. `stall-stream`: how long it stalls before it goes on, for ever by default. */
  readonly milliseconds?: number;
  /** Content frames that a stream still sends. Default 1. */
  readonly afterChunks?: number;
  /** `flood`: how many bytes of text come before the answer. */
  readonly bytes?: number;
  /** 0 to 1, default 1. */
  readonly probability?: number;
  /** How many calls it strikes, unlimited by default. */
  readonly count?: number;
}

/** What rules may name, told by the SDK's models. Patterns may hold `*`. */
export interface FaultVocabulary {
  readonly services: readonly string[];
  hasOperation(service: string, operation: string): boolean;
  /** Whether any operation that the patterns match answers with an event stream, or with a list. */
  answers(shape: 'stream' | 'list', service: string, operation: string): boolean;
  errorNames(service: string, operation: string): ReadonlySet<string>;
  streamExceptions(service: string, operation: string): ReadonlySet<string>;
}

/** Every call is compared with every rule. */
const RULES_MAX = 10_000;

type Violation = { readonly path: string; readonly message: string };
type Report = (field: string, message: string) => void;
type Given = Readonly<Record<string, unknown>>;

const textFields = ['service', 'operation', 'account', 'region', 'target', 'error', 'message'] as const;
/** They strike streams and nothing else. */
export const streamKinds: ReadonlySet<string> = new Set([
  'stall-stream',
  'cut-stream',
  'malformed-frame',
  'stream-exception',
  'stream-error',
  'omit-usage',
  'split-frames',
  'flood',
]);

const numberFields: Readonly<Record<string, { min: number; max: number; whole: boolean }>> = {
  retryAfterSeconds: { min: 0, max: 86_400, whole: false },
  originalStatusCode: { min: 100, max: 599, whole: true },
  milliseconds: { min: 0, max: 3_600_000, whole: false },
  afterChunks: { min: 0, max: 1_000_000, whole: true },
  bytes: { min: 1, max: 1_000_000_000, whole: true },
  probability: { min: 0, max: 1, whole: false },
  count: { min: 1, max: 1_000_000_000, whole: true },
};

const patterns: Readonly<Record<string, { form: RegExp; wanted: string }>> = {
  account: { form: /^[\d*]{1,12}$/, wanted: 'twelve digits, or a pattern with *' },
  region: { form: /^[a-z0-9*-]{1,40}$/, wanted: 'a region code, or a pattern with *' },
};

/** Unknown to typed: the whole list, or a ControlError that lists every violation with its path. */
export function parseFaultRules(body: unknown, vocabulary: FaultVocabulary): readonly FaultRule[] {
  if (!Array.isArray(body)) throw new ControlError([{ path: '$', message: 'must be a list of fault rules' }]);
  if (body.length > RULES_MAX) {
    throw new ControlError([
      { path: '$', message: `holds ${body.length} rules; must hold ${RULES_MAX} at most` },
    ]);
  }
  const violations: Violation[] = [];
  body.forEach((rule, index) => {
    const report: Report = (field, message) =>
      violations.push({ path: field === '' ? `[${index}]` : `[${index}].${field}`, message });
    checkRule(rule, vocabulary, report);
  });
  if (violations.length > 0) throw new ControlError(violations);
  return body as readonly FaultRule[];
}

function checkRule(rule: unknown, vocabulary: FaultVocabulary, report: Report): void {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    report('', 'must be an object');
    return;
  }
  const given = rule as Given;
  checkFields(given, report);
  const sound = checkKind(given, report) && checkTexts(given, report);
  checkNumbers(given, report);
  if (sound && checkNames(given, vocabulary, report))
    checkFit(given as unknown as FaultRule, vocabulary, report);
}

function checkFields(given: Given, report: Report): void {
  const known: ReadonlySet<string> = new Set(['kind', ...textFields, ...Object.keys(numberFields)]);
  for (const field of Object.keys(given)) {
    if (!known.has(field))
      report(field, `is not a field of a fault rule; fields are ${[...known].join(', ')}`);
  }
}

function checkKind({ kind }: Given, report: Report): boolean {
  if (faultKinds.includes(kind as FaultKind)) return true;
  report('kind', `is ${JSON.stringify(kind)}; must be one of ${faultKinds.join(', ')}`);
  return false;
}

function checkTexts(given: Given, report: Report): boolean {
  let sound = true;
  for (const field of textFields) {
    const value = given[field];
    if (value === undefined) continue;
    const wanted = patterns[field]?.wanted ?? 'a non-empty text';
    if (typeof value === 'string' && value !== '' && (patterns[field]?.form.test(value) ?? true)) continue;
    report(field, `is ${JSON.stringify(value)}; must be ${wanted}`);
    sound = false;
  }
  return sound;
}

function checkNumbers(given: Given, report: Report): void {
  for (const [field, { min, max, whole }] of Object.entries(numberFields)) {
    const value = given[field];
    if (value === undefined) continue;
    const fits =
      typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
    const what = whole ? 'a whole number' : 'a number';
    if (!fits) report(field, `is ${JSON.stringify(value)}; must be ${what} from ${min} to ${max}`);
  }
}

function checkNames(given: Given, vocabulary: FaultVocabulary, report: Report): boolean {
  const service = (given.service ?? '*') as string;
  const operation = (given.operation ?? '*') as string;
  if (!vocabulary.services.some((name) => matches(service, name))) {
    report('service', `'${service}' is not a service; services are ${vocabulary.services.join(', ')}`);
    return false;
  }
  if (vocabulary.hasOperation(service, operation)) return true;
  report('operation', `'${operation}' is not an operation of ${service}`);
  return false;
}

function checkFit(rule: FaultRule, vocabulary: FaultVocabulary, report: Report): void {
  const { service = '*', operation = '*', kind, error } = rule;
  if (kind === 'error' || kind === 'stream-error')
    checkError(rule, vocabulary.errorNames(service, operation), report);
  if (kind === 'latency' && rule.milliseconds === undefined)
    report('milliseconds', 'is required by kind latency');
  if (kind === 'flood' && rule.bytes === undefined) report('bytes', 'is required by kind flood');
  if (streamKinds.has(kind) && !vocabulary.answers('stream', service, operation)) {
    report('kind', `'${kind}' needs an operation that answers with an event stream; ${operation} does not`);
  }
  if (kind === 'empty' && !vocabulary.answers('list', service, operation)) {
    report('kind', `'empty' needs an operation that answers with a list; ${operation} does not`);
  }
  if (kind === 'stream-exception' && error !== undefined) {
    checkError(rule, vocabulary.streamExceptions(service, operation), report);
  }
}

function checkError(
  { kind, error, service, operation }: FaultRule,
  names: ReadonlySet<string>,
  report: Report,
): void {
  if (error === undefined) report('error', `is required by kind ${kind}`);
  if (error === undefined || names.has(error)) return;
  const where = `${service ?? 'any service'} ${operation ?? 'any operation'}`;
  report(
    'error',
    `'${error}' is not an error that ${where} models; it models ${[...names].sort().join(', ')}`,
  );
}

const compiled = new Map<string, RegExp>();
const patternsKeptMax = 10_000;

/** Whether a text fits a pattern in which `*` stands for any text. A left-out pattern fits all. */
export function matches(pattern: string | undefined, text: string | undefined): boolean {
  if (pattern === undefined || pattern === '*') return true;
  if (text === undefined) return false;
  if (!pattern.includes('*')) return pattern === text;
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
    expression = new RegExp(`^${parts.join('.*')}$`);
    if (compiled.size >= patternsKeptMax) compiled.clear();
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}
