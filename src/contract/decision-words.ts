/** Every name that an explanation may hold, in words for people: the terminal and the console say the same. */
import type { removalCodes } from './removal-codes.ts';

export interface FilterWords {
  readonly title: string;
  /** What a target must be to pass. */
  readonly asks: string;
}

/** By `removed[].by`, in the order in which a candidate meets them. */
export const filterWords = {
  residency: { title: 'Residency', asks: 'reach and gateway lie inside the residency' },
  retention: { title: 'Retention', asks: 'its provider keeps no more of a prompt than the residency allows' },
  tenant: { title: 'Tenant', asks: 'the tenant may use targets of this scope' },
  capability: { title: 'Capability', asks: 'it can do what the request asks' },
  context: { title: 'Context', asks: 'the request fits into its context' },
  operator: { title: 'Operator', asks: 'no operator switched it off' },
  budget: { title: 'Budget', asks: 'it costs no more than the request may' },
  deadline: { title: 'Deadline', asks: 'there is time enough for it' },
  state: { title: 'State', asks: 'its account can call it, and it is awake' },
  capacity: { title: 'Capacity', asks: 'it has a free slot, memory and quota for the request' },
  credentials: { title: 'Credentials', asks: 'the gateway can sign for its account' },
  health: { title: 'Health', asks: 'it did not fail too often of late' },
} as const satisfies Readonly<Record<string, FilterWords>>;

export interface ReasonWords {
  /** What it says of the target, or of the request. */
  readonly said: string;
  /** What would make it pass. */
  readonly helps: string;
}

/** By `removed[].code`. */
export const removalWords: Readonly<Record<(typeof removalCodes)[number], ReasonWords>> = {
  'residency-forbidden': {
    said: 'its reach leaves the residency',
    helps: 'a wider residency, or a profile or region whose reach stays inside this one',
  },
  'retention-forbidden': {
    said: 'it keeps prompts longer than allowed',
    helps: 'a residency that allows its provider to keep prompts',
  },
  'tenant-forbidden': { said: 'the tenant may not use it', helps: 'more scopes for the tenant' },
  'capability-missing': {
    said: 'it cannot do what the request asks',
    helps: 'a request without what is missing, or a model that can do it',
  },
  'context-too-long': { said: 'the request is too long for it', helps: 'a shorter request or answer' },
  'state-unusable': {
    said: 'it cannot serve now',
    helps: 'what its line on the availability page names: access, agreement, quota, or a copy that wakes',
  },
  'operator-disabled': {
    said: 'an operator switched it off',
    helps: 'the operator’s word to end: by its time, or by an order',
  },
  ejected: { said: 'it failed too often and rests', helps: 'time: it is tried again by itself' },
  'no-capacity': {
    said: 'it is full or asleep, its quota has no room, or the call never fits',
    helps: 'time, a higher lane, or more slots or quota',
  },
  'budget-exhausted': { said: 'it costs more than the budget left', helps: 'a higher bound on costs' },
  'price-unknown': {
    said: 'its price is unknown and a cap is set',
    helps: 'a request without a bound on costs',
  },
  'deadline-too-short': { said: 'there is not enough time for it', helps: 'a longer deadline' },
};

/** By `code` of a rejected decision. */
export const rejectionWords = {
  no_lawful_target: {
    said: 'no target of this model may see a prompt of this residency; nothing can be called',
    helps: 'Take a wider residency, or give the model a candidate whose reach lies inside this one.',
  },
  not_ready: {
    said: 'nothing can be called now: every lawful target sleeps, or the routes cannot be read',
    helps: 'Ask again in a few seconds: what sleeps is being woken, and the routes are read again.',
  },
  wrong_gateway_region: {
    said: 'this gateway stands outside the residency; ask one of those below',
    helps: 'Ask the gateway of a region inside the residency.',
  },
  model_not_allowed: {
    said: 'what the tenant or the residency may not use is all that this model has',
    helps: 'Give the tenant more scopes, or take a residency that allows what the provider keeps.',
  },
  invalid_request: {
    said: 'no lawful target can do what the request asks',
    helps: 'Leave out what is missing, shorten the request, or ask another model.',
  },
  request_too_large: {
    said: 'the request is larger than what any lawful target holds, even empty',
    helps: 'Ask for a shorter answer, or send less.',
  },
  budget_exhausted: {
    said: 'the budget is spent',
    helps: 'Raise the bound on costs, or ask a cheaper model.',
  },
  capacity_exhausted: {
    said: 'every lawful target is full or resting',
    helps: 'Ask again later, take a higher lane, or add slots or quota.',
  },
  deadline_exceeded: {
    said: 'the deadline is too short for every target',
    helps: 'Allow more time.',
  },
  upstream_failed: {
    said: 'there are lawful targets, but none of them is usable now',
    helps: 'The availability page says what each of them lacks, and who can repair it.',
  },
} as const satisfies Readonly<Record<string, ReasonWords>>;

export interface ScorerWords {
  readonly title: string;
  /** What most points stand for. */
  readonly best: string;
  /** How much a score counts beside the others. */
  readonly weight: number;
}

/** By `scored[].by`, in the order of the scorers. */
export const scorerWords = {
  trouble: { title: 'No trouble', best: 'its region has not failed this request', weight: 300 },
  account: { title: 'Own account', best: 'a baseline in the gateway’s own account', weight: 120 },
  affinity: { title: 'Affinity', best: 'it served the beginning of this conversation', weight: 62 },
  scope: { title: 'Scope', best: 'the smallest reach', weight: 60 },
  proximity: { title: 'Proximity', best: 'the gateway’s own region', weight: 50 },
  latency: { title: 'Latency', best: 'the fastest first content of late', weight: 1 },
  price: { title: 'Price', best: 'the cheapest', weight: 1 },
  lifecycle: { title: 'Lifecycle', best: 'active, not on its way out', weight: 3 },
} as const satisfies Readonly<Record<string, ScorerWords>>;

/** Where the route of a decision came from. */
export const routeSourceWords = {
  table: 'the routing table',
  'last-good': 'the last good copy',
  baseline: 'the compiled baseline',
} as const;

const ejectionOf = {
  target: 'for everybody',
  region: 'its whole region',
  'such-requests': 'for such requests',
} as const;
const phases = { ejected: '', 'half-open': ', being tried', returning: ', coming back' } as const;
const finders = {
  'this-process': 'seen by this process',
  'another-process': 'told by another process',
} as const;

interface Ejection {
  readonly of: keyof typeof ejectionOf;
  readonly foundBy: keyof typeof finders;
  readonly phase: keyof typeof phases;
  readonly until?: string | undefined;
}

interface Pressure {
  readonly lacks: 'quota' | 'slots' | 'memory' | 'copies';
  readonly throttled?: boolean | undefined;
  readonly until?: string | undefined;
  readonly neededTokens?: number | undefined;
  readonly heldTokens?: number | undefined;
  readonly waitMsMax?: number | undefined;
}

/** How long a removal lasts, and who found out: each part by itself. None where that is not told. */
export function passingWords({
  ejection,
  pressure,
}: {
  readonly ejection?: Ejection | undefined;
  readonly pressure?: Pressure | undefined;
}): readonly string[] {
  if (ejection !== undefined)
    return [
      `${ejectionOf[ejection.of]}${phases[ejection.phase]}`,
      ...endOf(ejection),
      finders[ejection.foundBy],
    ];
  return pressure === undefined ? [] : pressing(pressure);
}

function pressing(pressure: Pressure): readonly string[] {
  const { neededTokens, heldTokens, waitMsMax, lacks } = pressure;
  if (neededTokens !== undefined && heldTokens !== undefined)
    return [`it takes ${neededTokens} tokens of ${lacks}, and there are ${heldTokens}`];
  const waits = waitMsMax === undefined ? [] : [waitOf(waitMsMax)];
  return [lackInWords(pressure), ...waits, ...endOf(pressure)];
}

const waitOf = (waitMsMax: number): string =>
  waitMsMax === 0 ? 'a call goes on at once' : `waited for up to ${waitMsMax} ms`;

function lackInWords({ lacks, throttled }: Pressure): string {
  switch (lacks) {
    case 'slots':
      return 'its slots are taken';
    case 'memory':
      return 'its memory is reserved by calls under way';
    case 'copies':
      return 'it sleeps without a copy and is being woken';
    default:
      // Gateways of an older version do not say which.
      if (throttled === undefined) return 'its quota rests';
      return throttled ? 'its quota was throttled and rests' : 'its quota has no room for this call';
  }
}

function endOf({ until }: { readonly until?: string | undefined }): readonly string[] {
  return until === undefined ? [] : [`until ${until.slice('YYYY-MM-DDT'.length, -'.000Z'.length)} UTC`];
}
