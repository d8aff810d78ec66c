/** Requests through a whole gateway in a generated world, every call recorded and judged against the truth. */
import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { createMemoryRateLedger } from '#adapters/memory/memory-rate-ledger.ts';
import { createCryptoConversationHasher } from '#adapters/system/crypto-conversation-hasher.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { responseHeaders } from '#contract/http.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { Route } from '#core/plan/route.ts';
import type { Target } from '#core/target.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createGateway, type Gateway } from '#usecases/gateway/create-gateway.ts';
import { loadWireFormats } from '#usecases/gateway/endpoints.ts';
import type { Auditing } from '#usecases/ports/auditing.ts';
import {
  type ModelCall,
  type ModelInvoker,
  type TargetCall,
  UpstreamFailure,
} from '#usecases/ports/model-invoker.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';
import type { World } from './residency-world.ts';
import { createDrivenClock, type DrivenClock } from './residency-world-clock.ts';
import { createDice, type Dice } from './residency-world-dice.ts';
import { boundResidency, boundsOf, breachOf, isPlainlyLawful } from './residency-world-judge.ts';
import { createWorldLedger, type WorldLedger } from './residency-world-ledger.ts';
import { adversaryRows } from './residency-world-rows.ts';
import { Breach, Denied, type Tally } from './residency-world-tally.ts';

// Virtual time cannot tell a module on its way from work that waits for time.
await loadWireFormats();

const START = Date.UTC(2026, 7, 21, 1);
/** As many calls as one request may send; a target behind more failing ones is not owed. */
const ATTEMPTS = 10;
const WAKE_UP_TOKENS = 1;
/** All that may be said to a target of a model that the caller did not ask for. */
const PRE_WARM_TEXT = 'ping';
const USABLE: ReadonlySet<string> = new Set(['available', 'legacy', 'warm']);

type Behaviour =
  | 'healthy'
  | 'hang'
  | 'reset'
  | 'throttled'
  | 'unavailable'
  | 'denied'
  | 'no-role'
  | 'silent'
  | 'broken';
const BEHAVIOURS: readonly Behaviour[] = [
  'healthy',
  'healthy',
  'healthy',
  'healthy',
  'healthy',
  'healthy',
  'hang',
  'denied',
  'reset',
  'throttled',
  'unavailable',
  'denied',
  'no-role',
  'silent',
  'broken',
];

interface SentCall {
  readonly target: Target;
  /** Logical model of the call: a chain's first call wakes what other models need. */
  readonly model: string;
  /** What the first message begins with. */
  readonly text: string;
  readonly wakeUp: boolean;
  /** A guardrail goes along, and reads the prompt nobody knows where. */
  readonly guarded: boolean;
}

/** Whoever compares what requests leave in the audit trail with what was sent. */
export interface WorldAudit {
  readonly auditing: Auditing;
  /** A request is over. */
  over(seen: {
    readonly world: World;
    readonly region: string;
    readonly config: SpillwayConfig;
    /** What the gateway was given; undefined where it changes under way. */
    readonly routes: readonly Route[] | undefined;
    readonly sent: readonly SentCall[];
  }): Promise<void>;
}

/** One gateway with its clock, and what was sent since the last request began. */
interface Stage {
  readonly world: World;
  readonly dice: Dice;
  readonly tally: Tally;
  readonly region: string;
  readonly clock: DrivenClock;
  readonly gateway: Gateway;
  readonly config: SpillwayConfig;
  /** What the gateway was given; undefined where it changes under way. */
  readonly routes: readonly Route[] | undefined;
  readonly lastGood: boolean;
  readonly sent: SentCall[];
  readonly slots: WorldLedger;
  /** Targets whose last call failed for good: a call to one is a probe. */
  readonly ejected: Set<string>;
  /** Quota pools that throttled and accounts whose role failed: what hangs on them may rest. */
  readonly pressed: Set<string>;
  /** Streams that are to break behind their first content. */
  readonly cuts: { left: number; readonly struck: Set<string> };
  /** When calls after a request's first one were sent. */
  /** What the gateway itself calls an error of its own. */
  readonly defects: readonly string[];
  /** The traces so far, and who last had a target called: most requests go on as that one. */
  readonly chain: { number: number; last?: Pick<Ask, 'tenant' | 'header'> };
}

/** @throws Breach, Denied */
export async function judgeRequests(
  world: World,
  options: {
    readonly dice: Dice;
    readonly routes: readonly Route[];
    readonly count: number;
    readonly tally: Tally;
    readonly audit?: WorldAudit | undefined;
  },
): Promise<void> {
  const { dice, count, tally, audit } = options;
  const stage = openStage(world, { ...options, dice, tally });
  await stage.clock.drive(stage.gateway.start());
  try {
    for (let index = 0; index < count; index += 1) {
      stage.clock.pass(dice.pick([0, 100, 3000, 6000, 15_000, 70_000]));
      tally.decisions += 1;
      await judgeRequest(stage);
      const { region, config, routes, sent } = stage;
      await audit?.over({ world, region, config, routes, sent: [...sent] });
    }
  } finally {
    stage.gateway.stop();
  }
}

function openStage(
  world: World,
  {
    dice,
    tally,
    routes,
    audit,
  }: {
    readonly dice: Dice;
    readonly tally: Tally;
    readonly routes: readonly Route[];
    readonly audit?: WorldAudit | undefined;
  },
): Stage {
  const region = dice.chance(0.9) ? usefulGateway(world, dice) : dice.pick(world.regions).code;
  const clock = createDrivenClock(START);
  const sent: SentCall[] = [];
  const ejected = new Set<string>();
  const pressed = new Set<string>();
  const cuts = { left: 0, struck: new Set<string>() };
  const defects: string[] = [];
  const source = dice.pick(['table', 'table', 'shifting', 'last-good', 'last-good', 'baseline'] as const);
  const offered = forBothModels(
    source === 'baseline'
      ? []
      : routes.map((route) => (dice.chance(0.6) ? tampered(world, dice, { route, all: routes }) : route)),
  );
  const answers = {
    table: [offered],
    shifting: [forBothModels(routes), 'dark', offered, 'dark'],
    'last-good': ['dark'],
    baseline: ['dark'],
  } as const;
  const slots = createWorldLedger(world, tally);
  const config = withSecondModel(slots.config);
  let requests = 0;
  const gateway = createGateway({
    region,
    account: world.accounts.find(({ regions }) => regions.includes(region))?.id ?? '',
    config,
    facts: world.facts,
    routes: tableOf(dice, answers[source]),
    observations: {
      load: none,
      loadAll: async () => ({ regions: [], badItems: 0 }),
      save: async () => true,
      saveHeartbeat: none,
    },
    changes: createMemoryChangeLog(),
    verifications: { loadAll: async () => [] },
    lastGood: {
      load: async () =>
        source === 'last-good' ? { savedAt: START - 3_600_000, routes: offered } : undefined,
      save: none,
    },
    tenants: {
      identify: async (key) => {
        const tenant = world.config.tenants[key];
        return tenant === undefined ? 'unknown' : { name: key, ...tenant };
      },
    },
    rates: createMemoryRateLedger(),
    capacity: slots.ledger,
    servesMany: dice.chance(0.3),
    invoker: recordingInvoker({ world, sent, ejected, pressed, cuts, tally }),
    clock,
    random: createSeededRandom(world.seed),
    conversations: createCryptoConversationHasher(),
    ids: {
      next: () => {
        requests += 1;
        return `${world.seed}-${requests}`;
      },
    },
    log: {
      write: (level, event, facts) => {
        if (level === 'error') defects.push(`${event} ${JSON.stringify(facts)}`);
      },
    },
    metrics: { record: () => undefined, ejected: () => undefined, count: () => undefined },
    auditing: audit?.auditing,
    gatewayUrls: Object.fromEntries(world.gateways.map((each) => [each, `https://${each}.example`])),
  });
  const known = source === 'shifting' ? undefined : offered;
  return {
    world,
    dice,
    tally,
    region,
    clock,
    gateway,
    config,
    routes: known,
    lastGood: source === 'last-good',
    sent,
    slots,
    ejected,
    pressed,
    cuts,
    defects,
    chain: { number: 0 },
  };
}

/** A second logical model on the targets of the first one: what a chain may need next. */
function withSecondModel(config: SpillwayConfig): SpillwayConfig {
  const { chat } = config.models;
  if (chat === undefined) throw new Error('the world has no model chat');
  return {
    ...config,
    models: { chat, second: chat },
    chains: { preWarm: true, chainsMin: 1, neededShareMin: 0.01, termsFromTable: false },
  };
}

function forBothModels(routes: readonly Route[]): readonly Route[] {
  return routes.flatMap((route) => [route, { ...route, model: 'second' }]);
}

/** One that some bounded residency allows, where there is one: elsewhere most requests end before they are decided. */
function usefulGateway(world: World, dice: Dice): string {
  const bounds = Object.values(world.residencies).map((spec) => boundsOf(world, spec));
  const use = (gateway: string): number => bounds.filter((regions) => regions?.has(gateway)).length;
  return dice.shuffle(world.gateways).reduce((best, each) => (use(each) > use(best) ? each : best));
}

const none = async (): Promise<undefined> => undefined;

/** The table, read by read; the last answer stays. A dark one fails or hangs. */
function tableOf(dice: Dice, answers: readonly (readonly Route[] | 'dark')[]): RouteStore {
  const hangs = dice.chance(0.5);
  let reads = 0;
  const loadAll = async (): Promise<{ readonly routes: readonly Route[]; readonly badItems: number }> => {
    const routes = answers[Math.min(reads, answers.length - 1)] ?? 'dark';
    reads += 1;
    if (routes !== 'dark') return { routes, badItems: 0 };
    if (hangs) return new Promise(() => undefined);
    throw new Error('the table is dark');
  };
  return {
    region: 'us-east-1',
    load: none,
    loadAll,
    publish: async () => true,
    loadHistory: async () => [],
    loadVersion: async () => undefined,
    loadHolds: async () => [],
    saveHold: none,
    loadSignals: async () => [],
    saveSignal: none,
  };
}

/** A route after somebody with a hand in the table was there: false rows, and true ones of other residencies. */
function tampered(
  world: World,
  dice: Dice,
  { route, all }: { readonly route: Route; readonly all: readonly Route[] },
): Route {
  const foreign = dice.some(all, 0.4).flatMap((other) => dice.some(other.targets, 0.5));
  const more = adversaryRows(dice, world, dice.between(1, 4));
  const moreBaseline = adversaryRows(dice, world, dice.between(0, 2)).filter(
    ({ kind }) => kind === 'bedrock',
  );
  const ids = new Set(route.targets.map(({ id }) => id));
  return {
    ...route,
    targets: dice.shuffle([...route.targets, ...foreign.filter(({ id }) => !ids.has(id)), ...more]),
    baseline: dice.shuffle([...route.baseline, ...moreBaseline]),
  };
}

const wireName = ({ kind, account, region, endpoint, profileId, modelId }: Target): string =>
  `${kind} ${account}/${region}/${kind === 'sagemaker' ? endpoint : (profileId ?? modelId)}`;

function behaviourOf(world: World, target: Target): Behaviour {
  return createDice(`${world.seed} ${wireName(target)}`).pick(BEHAVIOURS);
}

function recordingInvoker({
  world,
  sent,
  ejected,
  pressed,
  cuts,
  tally,
}: Pick<Stage, 'world' | 'sent' | 'ejected' | 'pressed' | 'cuts' | 'tally'>): ModelInvoker {
  const begin = (
    call: TargetCall & { readonly request: { readonly model: string } },
    chat: Pick<SentCall, 'wakeUp' | 'guarded' | 'text'> = notChat,
  ): Behaviour => {
    const { target, request } = call;
    call.onSent?.();
    sent.push({ target, model: request.model, ...chat });
    const behaviour = target.state === 'cold' ? 'unavailable' : behaviourOf(world, target);
    if (behaviour === 'denied') ejected.add(target.id);
    if (behaviour === 'throttled') pressed.add(target.quotaPool);
    if (behaviour === 'no-role') pressed.add(target.account);
    if (behaviour === 'hang') tally.hangs += 1;
    const failure = failureOf(target, behaviour);
    if (failure !== undefined) throw new UpstreamFailure(failure);
    return behaviour;
  };
  return {
    converse: async (call) => {
      const guarded = call.request.bedrock?.guardrail !== undefined;
      const wakeUp = call.maxTokens === WAKE_UP_TOKENS;
      const behaviour = begin(call, { wakeUp, guarded, text: textOf(call) });
      if (wakeUp || cuts.left === 0 || behaviour !== 'healthy') return answerOf(call, behaviour);
      cuts.left -= 1;
      ejected.add(call.target.id);
      cuts.struck.add(call.target.id);
      return cutAnswerOf(call);
    },
    embed: async (call) => {
      await answersWhole(call, begin(call));
      return { embeddings: call.request.texts.map(() => [1]), inputTokens: 1 };
    },
    countTokens: async (call) => {
      await answersWhole(call, begin(call));
      return 1;
    },
  };
}

const notChat = { wakeUp: false, guarded: false, text: '' };

function textOf({ request }: ModelCall): string {
  const [block] = request.messages[0]?.content ?? [];
  return block !== undefined && 'text' in block ? block.text : '';
}

function failureOf(target: Target, behaviour: Behaviour): UpstreamSignal | undefined {
  const service = target.kind === 'bedrock' ? 'bedrock-runtime' : 'sagemaker-runtime';
  const base = { service, phase: 'before', message: 'as the world wants it' } as const;
  switch (behaviour) {
    case 'reset':
      return { ...base, kind: 'reset' };
    case 'no-role':
      return { ...base, kind: 'credentials' };
    case 'throttled':
      return { ...base, kind: 'answer', errorName: 'ThrottlingException', httpStatus: 429 };
    case 'unavailable':
      return { ...base, kind: 'answer', errorName: 'ServiceUnavailableException', httpStatus: 503 };
    case 'denied':
      return { ...base, kind: 'answer', errorName: 'AccessDeniedException', httpStatus: 403 };
    default:
      return undefined;
  }
}

/** Work that is answered whole hangs, or ends early, as a stream before its content does. */
async function answersWhole({ target, signal }: TargetCall, behaviour: Behaviour): Promise<void> {
  if (behaviour === 'hang') {
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }
  if (behaviour !== 'silent' && behaviour !== 'broken') return;
  const service = target.kind === 'bedrock' ? 'bedrock-runtime' : 'sagemaker-runtime';
  throw new UpstreamFailure({ service, kind: 'reset', phase: 'before', message: 'cut before the answer' });
}

async function* cutAnswerOf({ target }: ModelCall): AsyncGenerator<ModelEvent> {
  yield { type: 'message-start' };
  yield { type: 'text-delta', index: 0, text: 'yes' };
  const service = target.kind === 'bedrock' ? 'bedrock-runtime' : 'sagemaker-runtime';
  throw new UpstreamFailure({
    service,
    kind: 'reset',
    phase: 'in-stream',
    message: 'cut after some content',
  });
}

async function* answerOf({ target, signal }: ModelCall, behaviour: Behaviour): AsyncGenerator<ModelEvent> {
  yield { type: 'message-start' };
  if (behaviour === 'hang') {
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }
  if (behaviour === 'silent') return;
  if (behaviour === 'broken') {
    const service = target.kind === 'bedrock' ? 'bedrock-runtime' : 'sagemaker-runtime';
    throw new UpstreamFailure({
      service,
      kind: 'reset',
      phase: 'in-stream',
      message: 'cut before any content',
    });
  }
  yield { type: 'text-delta', index: 0, text: 'yes' };
  yield { type: 'message-stop', stopReason: 'end_turn' };
  yield { type: 'usage', usage: { inputTokens: 3, outputTokens: 1 } };
}

interface Ask {
  readonly tenant: string;
  readonly model: string;
  /** Undefined where the caller names no trace. */
  readonly traceparent: string | undefined;
  readonly header: string | undefined;
  /** The residency that binds the request; undefined where nothing may be sent at all. */
  readonly residency: string | undefined;
  readonly stream: boolean;
  /** In Converse's format, with a guardrail. */
  readonly guarded: boolean;
  /** Counts tokens, in Anthropic's format. */
  readonly counting: boolean;
  /** Wants a stream resumed that breaks, as it does then. */
  readonly resume: boolean;
  readonly lane: string | undefined;
}

function makeAsk({ world, dice, chain }: Stage): Ask {
  const begins = dice.chance(0.5);
  if (begins) chain.number += 1;
  const last = dice.chance(0.6) ? chain.last : undefined;
  const tenant = last?.tenant ?? dice.pick(['north', 'south']);
  const allowed = world.config.tenants[tenant];
  if (allowed === undefined) throw new Error(`the world has no tenant ${tenant}`);
  const headers = [
    () => undefined,
    () => dice.pick(allowed.residencies),
    () => dice.pick(allowed.residencies),
    () => dice.pick(allowed.residencies),
    () => dice.pick(Object.keys(world.residencies)),
    () => dice.pick(['zone-9', 'anywhere', 'ZONE-0', '*']),
  ];
  const header = last === undefined ? dice.pick(headers)() : last.header;
  const work = dice.pick([...Array<'chat'>(8).fill('chat'), 'guarded', 'counting'] as const);
  const stream = dice.chance(0.4);
  return {
    tenant,
    model: dice.chance(0.9) === begins ? 'chat' : 'second',
    traceparent: dice.chance(0.8) ? traceparentOf(chain.number) : undefined,
    header,
    residency: boundResidency(allowed, header),
    stream,
    resume: stream && work === 'chat' && dice.chance(0.4),
    guarded: work === 'guarded',
    counting: work === 'counting',
    lane: dice.pick([undefined, 'interactive', 'standard', 'bulk']),
  };
}

function traceparentOf(chain: number): string {
  return `00-${String(chain + 1).padStart(32, '0')}-00000000000000ab-01`;
}

async function judgeRequest(stage: Stage): Promise<void> {
  const { gateway, clock, sent, slots, cuts, tally, ejected } = stage;
  const ask = makeAsk(stage);
  const before = new Set(ejected);
  const deniedBefore = tally.slotsDenied;
  sent.length = 0;
  cuts.left = ask.resume ? 1 : 0;
  const { response, text } = await clock.drive(send(gateway, ask));
  for (const call of sent) judgeCall(stage, ask, call);
  if (stage.defects.length > 0) throw new Denied(`the gateway has a defect: ${stage.defects.join('; ')}`);
  const calls = sent.filter(({ wakeUp }) => !wakeUp);
  const attempts = Number(response.headers.get(responseHeaders.attempts) ?? 0);
  const resumed = ask.resume && cuts.left === 0;
  // Where a stream broke, its head left before the calls that were to go on with it.
  if (resumed ? attempts > calls.length : attempts !== calls.length)
    throw new Denied(`${attempts} attempts were told, ${calls.length} were sent`);
  count(stage, { ask, response, calls, before });
  if (calls.length > 0) stage.chain.last = ask;
  tally.wakeUpCalls += sent.length - calls.length;
  tally.preWarmCalls += sent.filter(({ model }) => model !== ask.model).length;
  if (text.includes('spillway-resumed')) tally.resumed += 1;
  if (ask.guarded) tally.guarded += 1;
  if (ask.guarded && calls.length > 0) tally.guardedSent += 1;
  if (ask.counting && calls.length > 0) tally.countsSent += 1;
  const answered = response.status === 200 && text.includes(ask.counting ? 'input_tokens' : 'yes');
  if (answered) tally.answered += 1;
  if (answered && tally.slotsDenied > deniedBefore) tally.answeredElsewhere += 1;
  if (slots.held() > 0) throw new Denied(`${slots.held()} slots are held after the answer`);
  const special = ask.guarded || ask.counting;
  const owed = ask.residency === undefined || special ? undefined : owedTarget(stage, ask.residency);
  if (owed === undefined) return;
  tally.owed += 1;
  if (!answered) {
    throw new Denied(
      `${owed.id} is lawful for ${ask.residency} and healthy, but the answer is ${response.status} ${text}`,
    );
  }
}

async function send(
  gateway: Gateway,
  ask: Ask,
): Promise<{ readonly response: Response; readonly text: string }> {
  const { path, body } = callOf(ask);
  const response = await gateway.handle(
    new Request(`https://gateway.example${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ask.tenant}`,
        'content-type': 'application/json',
        ...(ask.header === undefined ? {} : { 'x-spillway-residency': ask.header }),
        ...(ask.resume ? { 'x-spillway-resume': 'continue' } : {}),
        ...(ask.lane === undefined ? {} : { 'x-spillway-lane': ask.lane }),
        ...(ask.traceparent === undefined ? {} : { traceparent: ask.traceparent }),
      },
      body: JSON.stringify(body),
    }),
  );
  return { response, text: await response.text() };
}

function callOf(ask: Ask) {
  if (ask.counting) return countingCall(ask);
  return ask.guarded ? guardedCall(ask) : plainCall(ask);
}

function countingCall({ model }: Ask) {
  const messages = [{ role: 'user', content: 'hello' }];
  return { path: '/v1/messages/count_tokens', body: { model, messages } };
}

function plainCall({ model, stream }: Ask) {
  const messages = [{ role: 'user', content: 'hello' }];
  return { path: '/v1/chat/completions', body: { model, messages, max_tokens: 64, stream } };
}

function guardedCall({ model, stream }: Ask) {
  const body = {
    messages: [{ role: 'user', content: [{ text: 'hello' }] }],
    inferenceConfig: { maxTokens: 64 },
    guardrailConfig: { guardrailIdentifier: 'guard', guardrailVersion: '1' },
  };
  return { path: `/model/${model}/converse${stream ? '-stream' : ''}`, body };
}

function judgeCall({ world, region }: Stage, ask: Ask, call: SentCall): void {
  const { target, wakeUp, guarded } = call;
  const { residency, header, tenant } = ask;
  const what = `${wakeUp ? 'wake-up' : 'call'} of ${wireName(target)} for ${tenant}, header ${header ?? 'none'}`;
  if (residency === undefined) throw new Breach('sent', `${what}: no residency allows anything`);
  const breach = breachOf(world, { target, gatewayRegion: region, residency, guarded });
  if (breach !== undefined) throw new Breach('sent', `${what}: ${breach}`);
  if (call.model !== ask.model) {
    if (!wakeUp || call.text !== PRE_WARM_TEXT)
      throw new Breach(
        'sent',
        `${what}: made for ${call.model} with "${call.text}", which nobody asked of it`,
      );
    return;
  }
  if (ask.guarded !== guarded)
    throw new Denied(`${what}: its guardrail ${guarded ? 'is invented' : 'is lost'}`);
}

function count(
  { tally, lastGood }: Stage,
  seen: {
    readonly ask: Ask;
    readonly response: Response;
    readonly calls: readonly SentCall[];
    readonly before: ReadonlySet<string>;
  },
): void {
  const { ask, response, calls, before } = seen;
  tally.requests += 1;
  tally.callsSent += calls.length;
  if (calls.length > 0) tally.sentRequests += 1;
  if (calls.length > 1 && response.status === 200) tally.failovers += 1;
  if (response.headers.get(responseHeaders.tier) === 'baseline') tally.baselineAnswers += 1;
  if (lastGood && calls.length > 0) tally.lastGoodRequests += 1;
  if (ask.residency === undefined) tally.refusedHeaders += 1;
  if (response.status === 421) tally.wrongGateways += 1;
  if (response.status === 403 && ask.residency !== undefined) tally.noLawfulTarget += 1;
  for (const { target } of calls) if (before.has(target.id)) tally.probeCalls += 1;
}

/** A target that must answer: lawful beyond doubt, usable, healthy, and not behind more failing ones than one request calls. */
function owedTarget(stage: Stage, residency: string): Target | undefined {
  const { world, region, routes } = stage;
  if (routes === undefined) return undefined;
  const route = routes.find((each) => each.residency === residency);
  const offered = [
    ...(route?.targets ?? []).filter(({ state }) => USABLE.has(state)),
    ...(route?.baseline ?? []),
  ].filter((target) => breachOf(world, { target, gatewayRegion: region, residency }) === undefined);
  if (new Set(offered.map(({ id }) => id)).size > ATTEMPTS) return undefined;
  const rows = routes.flatMap(({ targets, baseline }) => [...targets, ...baseline]);
  return offered.find((target) => {
    const alone = rows.every((row) => row.id !== target.id || wireName(row) === wireName(target));
    const pressed = stage.pressed.has(target.account) || stage.pressed.has(target.quotaPool);
    const struck = stage.cuts.struck.has(target.id);
    const hasSlot =
      stage.slots.isFree(target.id) && (target.share === undefined || (target.share[region] ?? 0) > 0);
    const healthy = behaviourOf(world, target) === 'healthy' && alone && hasSlot && !pressed && !struck;
    return healthy && isPlainlyLawful(world, { target, gatewayRegion: region, residency });
  });
}
