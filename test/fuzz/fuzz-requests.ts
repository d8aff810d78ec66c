/** Bent requests through a whole gateway in this process, one after the other, each answer and each call judged. */
import { EVERYWHERE } from '#core/residency/reach.ts';
import { createSeededRandom } from '#core/units/random.ts';
import regions from '#data/regions.json' with { type: 'json' };
import { aGateway } from '#test/builders/a-gateway.ts';
import { createScriptedInvoker } from '#test/builders/scripted-invoker.ts';
import type { ModelInvoker, TargetCall } from '#usecases/ports/model-invoker.ts';
import { type FuzzedRequest, fuzzedRequest } from './fuzzed-request.ts';
import { complaintAbout, leaksInto } from './judge-answer.ts';

interface Finding {
  /** Of the request within its seed, from 0. */
  readonly index: number;
  readonly complaint: string;
  readonly request: string;
}

export interface FuzzTally {
  readonly statuses: Readonly<Record<string, number>>;
  /** Calls that reached a target: that the fuzz gets that far. */
  readonly calls: number;
  readonly findings: readonly Finding[];
}

const FINDINGS_MAX = 20;
/** Far above what an answer in memory takes, far below what somebody would wait. */
const HANG_MS_MAX = 20_000;

export async function fuzzRequests(options: {
  readonly seed: number;
  readonly requests: number;
  readonly onProgress?: (done: number) => void;
}): Promise<FuzzTally> {
  const { seed, requests, onProgress } = options;
  const random = createSeededRandom(seed);
  const world = openWorld();
  const statuses: Record<string, number> = {};
  const findings: Finding[] = [];
  for (let index = 0; index < requests && findings.length < FINDINGS_MAX; index += 1) {
    const request = fuzzedRequest(random);
    const { status, complaint } = await world.ask(request);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (complaint !== undefined) findings.push({ index, complaint, request: shown(request) });
    if (index % 1000 === 999) onProgress?.(index + 1);
  }
  return { statuses, calls: world.calls(), findings };
}

function shown({ path, headers, body }: FuzzedRequest): string {
  return `${path} ${JSON.stringify(headers)} ${new TextDecoder().decode(body).slice(0, 2000)}`;
}

function openWorld() {
  let calls = 0;
  let leaks = 0;
  let breach: string | undefined;
  let residency = 'us';
  const note = ({ target }: TargetCall): void => {
    calls += 1;
    const outside = target.reach.filter((region) => !allows(residency, region));
    if (outside.length > 0 || !allows(residency, target.region)) breach = `${target.id} under ${residency}`;
  };
  const { gateway } = aGateway({
    overrides: {
      invoker: noting(note),
      metrics: { record: () => undefined, ejected: () => undefined, count: () => undefined },
      log: {
        write: (level, event, facts) => {
          if (leaksInto(`${level} ${event} ${JSON.stringify(facts)}`)) leaks += 1;
        },
      },
    },
  });
  return {
    calls: () => calls,
    async ask({ path, headers, body }: FuzzedRequest) {
      residency = headers['x-spillway-residency'] ?? 'us';
      breach = undefined;
      const leaksBefore = leaks;
      const request = new Request(`http://gateway.test${path}`, { method: 'POST', headers, body });
      const answer = await withinTime(wholeAnswer(gateway.handle(request)));
      if (answer === undefined) return { status: 'hang', complaint: 'no answer' };
      const leak = leaks > leaksBefore ? 'a log line holds what the caller wrote' : undefined;
      const left = breach === undefined ? undefined : `outside the residency: ${breach}`;
      return { status: String(answer.status), complaint: left ?? leak ?? complaintAbout(answer) };
    },
  };
}

/** Answers every call well and keeps nothing of it. */
function noting(note: (call: TargetCall) => void): ModelInvoker {
  const clock = {
    now: () => 0,
    monotonicMs: () => 0,
    sleep: async () => undefined,
    after: () => () => undefined,
  };
  const fresh = () => createScriptedInvoker(clock);
  return {
    converse: (call) => {
      note(call);
      return fresh().converse(call);
    },
    embed: (call) => {
      note(call);
      return fresh().embed(call);
    },
    countTokens: (call) => {
      note(call);
      return fresh().countTokens(call);
    },
  };
}

const groups = new Map(regions.regions.map(({ code, groups }) => [code, groups as readonly string[]]));
const jurisdictions: Readonly<Record<string, string>> = { us: 'US', eu: 'EU', japan: 'JP' };

/** By the facts alone, without the product's own judgement. */
function allows(residency: string, region: string): boolean {
  if (residency === 'anywhere') return true;
  if (region === EVERYWHERE) return false;
  if (residency === 'frankfurt') return region === 'eu-central-1';
  const jurisdiction = jurisdictions[residency];
  return jurisdiction !== undefined && (groups.get(region)?.includes(jurisdiction) ?? false);
}

export async function wholeAnswer(answered: Promise<Response>) {
  const response = await answered;
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export async function withinTime<Value>(work: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), HANG_MS_MAX);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
