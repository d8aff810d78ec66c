/** What an InvokeModel call says in headers beside its body: checked, since most of it changes the answer. */
import type { BodyViolation } from './body-violations.ts';

const PREFIX = 'x-amzn-bedrock-';

const options = {
  guardrailIdentifier: `${PREFIX}guardrailidentifier`,
  guardrailVersion: `${PREFIX}guardrailversion`,
  trace: `${PREFIX}trace`,
  serviceTier: `${PREFIX}service-tier`,
  performanceLatency: `${PREFIX}performanceconfig-latency`,
  requestMetadata: `${PREFIX}request-metadata`,
} as const;

/** Say how the body is written: in JSON alone. */
const formats: readonly string[] = [`${PREFIX}accept`, `${PREFIX}content-type`];

const allowed: Readonly<Record<string, readonly string[]>> = {
  [options.trace]: ['ENABLED', 'DISABLED', 'ENABLED_FULL'],
  [options.serviceTier]: ['priority', 'default', 'flex', 'reserved'],
  [options.performanceLatency]: ['standard', 'optimized'],
};

export interface InvokeHeaders {
  readonly serviceTier?: string | undefined;
  readonly performanceLatency?: string | undefined;
  readonly requestMetadata?: Readonly<Record<string, string>> | undefined;
  readonly guardrail?:
    | { readonly identifier: string; readonly version: string; readonly trace?: string | undefined }
    | undefined;
}

export interface ReadInvokeHeaders {
  /** Undefined where no header says anything of the call. */
  readonly options: InvokeHeaders | undefined;
  readonly violations: readonly BodyViolation[];
}

export function readInvokeHeaders(
  headers: Pick<Headers, 'get'> & Iterable<readonly [string, string]>,
): ReadInvokeHeaders {
  const violations: BodyViolation[] = [];
  const metadata = metadataOf(headers.get(options.requestMetadata));
  if (metadata === null)
    violations.push({ path: options.requestMetadata, message: 'must be a JSON object of texts' });
  for (const [name, value] of headers) violations.push(...headerViolations(name, value));
  const value = (name: string): string | undefined => headers.get(name) ?? undefined;
  const identifier = value(options.guardrailIdentifier);
  const version = value(options.guardrailVersion);
  if ((identifier === undefined) !== (version === undefined)) {
    const path = identifier === undefined ? options.guardrailIdentifier : options.guardrailVersion;
    violations.push({ path, message: 'must be given too: a guardrail has an identifier and a version' });
  }
  const trace = value(options.trace)?.toLowerCase();
  const found: InvokeHeaders = {
    ...present('serviceTier', value(options.serviceTier)),
    ...present('performanceLatency', value(options.performanceLatency)),
    ...present('requestMetadata', metadata ?? undefined),
    ...(identifier === undefined || version === undefined
      ? {}
      : { guardrail: { identifier, version, ...present('trace', trace) } }),
  };
  return { options: Object.keys(found).length === 0 ? undefined : found, violations };
}

function headerViolations(name: string, value: string): readonly BodyViolation[] {
  if (!name.startsWith(PREFIX)) return [];
  if (formats.includes(name)) {
    const json = value === 'application/json' || value === '*/*';
    return json ? [] : [{ path: name, message: 'must be application/json or left out' }];
  }
  const known: readonly string[] = Object.values(options);
  if (!known.includes(name)) return [{ path: name, message: 'is not known here; leave it out' }];
  const values = allowed[name];
  if (values === undefined || values.includes(value)) return [];
  return [{ path: name, message: `must be one of ${values.join(', ')}` }];
}

/** Null when it is no object of texts. */
function metadataOf(text: string | null): Readonly<Record<string, string>> | null | undefined {
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const entries = Object.entries(value);
    return entries.every(([, each]) => typeof each === 'string') ? Object.fromEntries(entries) : null;
  } catch {
    return null;
  }
}

function present<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}
