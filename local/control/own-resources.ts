import { ControlError, type ControlResource } from '../service.ts';
import type { FaultBook } from './fault-book.ts';
import type { Journal } from './journal.ts';

export interface OwnResources {
  readonly faults: FaultBook;
  readonly journal: Journal;
  readonly services: readonly string[];
  readonly gateways?: GatewayControl | undefined;
}

/** The gateways that run beside the stand-in. */
export interface GatewayControl {
  readonly regions: readonly string[];
  /** By region, where each listens. */
  readonly urls?: Readonly<Record<string, string>> | undefined;
  /** Takes the gateway of a region down or up again. */
  setUp(region: string, up: boolean): void | Promise<void>;
}

/** The control resources that need no service: health, faults, seed, journal, gateways. */
export function ownResources({ faults, journal, services, gateways }: OwnResources): ControlResource[] {
  return [
    { name: 'health', methods: { GET: () => ({ status: 'ok', services }) } },
    {
      name: 'faults',
      methods: {
        GET: () => faults.rules,
        PUT: (body) => faults.replace(body),
        DELETE: () => faults.replace([]),
      },
    },
    { name: 'seed', methods: { PUT: (body) => putSeed(faults, body) } },
    {
      name: 'journal',
      methods: {
        GET: (_, query) => journal.read(parseJournalQuery(query)),
        DELETE: () => {
          journal.clear();
          return [];
        },
      },
    },
    {
      name: 'gateways',
      methods: {
        GET: () => Object.entries(gateways?.urls ?? {}).map(([region, url]) => ({ region, url })),
        PATCH: (body) => patchGateways(body, gateways),
      },
    },
  ];
}

function putSeed(faults: FaultBook, body: unknown): { seed: number } {
  const seed = typeof body === 'object' && body !== null ? (body as { seed?: unknown }).seed : body;
  if (typeof seed !== 'number' || !Number.isInteger(seed)) {
    throw new ControlError([{ path: 'seed', message: `is ${JSON.stringify(seed)}; must be a whole number` }]);
  }
  faults.seed(seed);
  return { seed };
}

function parseJournalQuery(query: URLSearchParams) {
  const violations: { path: string; message: string }[] = [];
  const whole = (name: string): number | undefined => {
    const text = query.get(name);
    if (text === null) return undefined;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    violations.push({ path: name, message: `is '${text}'; must be a whole number of at least 0` });
    return undefined;
  };
  for (const name of query.keys()) {
    if (!['since', 'service', 'limit'].includes(name)) {
      violations.push({ path: name, message: 'is not a parameter; parameters are since, service, limit' });
    }
  }
  const parsed = { since: whole('since'), limit: whole('limit'), service: query.get('service') ?? undefined };
  if (violations.length > 0) throw new ControlError(violations);
  return parsed;
}

interface GatewayChange {
  readonly region: string;
  readonly up: boolean;
}

async function patchGateways(body: unknown, gateways: GatewayControl | undefined): Promise<unknown> {
  const changes = Array.isArray(body) ? body : [body];
  const violations = changes.flatMap((change, index) =>
    checkGatewayChange(change, { prefix: Array.isArray(body) ? `[${index}].` : '', gateways }),
  );
  if (gateways === undefined) violations.push({ path: '$', message: 'no gateways run beside this stand-in' });
  if (violations.length > 0) throw new ControlError(violations);
  for (const { region, up } of changes as GatewayChange[]) await gateways?.setUp(region, up);
  return body;
}

function checkGatewayChange(
  change: unknown,
  { prefix, gateways }: { readonly prefix: string; readonly gateways: GatewayControl | undefined },
): { path: string; message: string }[] {
  if (typeof change !== 'object' || change === null) {
    return [{ path: prefix || '$', message: 'must be an object { region, up }' }];
  }
  const { region, up, ...rest } = change as Record<string, unknown>;
  const violations = Object.keys(rest).map((field) => ({
    path: `${prefix}${field}`,
    message: 'is not a field; fields are region, up',
  }));
  if (typeof region !== 'string' || gateways?.regions.includes(region) === false) {
    const right = gateways === undefined ? 'a region code' : `one of ${gateways.regions.join(', ')}`;
    violations.push({ path: `${prefix}region`, message: `${shown(region)} must be ${right}` });
  }
  if (typeof up !== 'boolean')
    violations.push({ path: `${prefix}up`, message: `${shown(up)} must be true or false` });
  return violations;
}

function shown(value: unknown): string {
  return value === undefined ? 'is missing and' : `is ${JSON.stringify(value)};`;
}
