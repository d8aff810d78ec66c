/**
 * The fault battery: fault × tier × wire format × manner × phase, each row with a gateway of its own, judged by the
 * answer as a caller reads it and by the journal of the local AWS. The table in the docs is what ran here.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatteryFault, Ending } from '#test/builders/battery-fault.ts';
import { batteryFaults, FLOOD_BYTES } from '#test/builders/battery-faults.ts';
import { type BatteryFormat, batteryFormats, type ReadAnswer } from '#test/builders/battery-formats.ts';
import { accountOf, type BatteryTier, openBatteryWorld, struckRegion } from '#test/builders/battery-world.ts';
import { eventually, type JournalEntry, type SpillwayProcess, startSpillway } from './spillway-process.ts';

/** Text of one frame of a flood: `local/wire/bend-stream.ts`. */
const FLOOD_FRAME_BYTES = 60_000;
/** Rows under way at a time: most wait for a deadline. */
const AT_ONCE = 32;
const tiers: readonly BatteryTier[] = ['dedicated', 'dedicated TGI', 'serverless', 'baseline'];
/** Nothing strikes this one: it says how sound answers look. */
const SOUND = 999;
/** What the gateway does with TGI's answers is the same whatever format they go out in. */
const tgiFormats = ['OpenAI chat', 'Bedrock Converse'];

interface Row {
  readonly fault: BatteryFault;
  readonly account: string;
  readonly tier: BatteryTier;
  readonly format: BatteryFormat;
  readonly stream: boolean;
  /** The caller wants a broken stream resumed. */
  readonly resume?: true | undefined;
}

interface Outcome {
  readonly status: number;
  readonly retryAfter: boolean;
  readonly answer: ReadAnswer;
  /** Calls of the target that was struck, of the sound one, of the one outside the residency. */
  readonly calls: readonly [number, number, number];
  readonly attempts: number;
  /** What the struck target sent, by its frames; of a flood's size each. */
  readonly sentBytes: number;
  readonly body: string;
}

let spillway: SpillwayProcess;
let world: ReturnType<typeof openBatteryWorld>;
/** Sound answers, by tier, format, manner and whether the second target gave them. */
const sound = new Map<string, string>();
const outcomes = new Map<Row, Outcome>();

const plainRows: readonly Row[] = batteryFaults.flatMap((fault, index) =>
  tiers.flatMap((tier) =>
    batteryFormats.flatMap((format) =>
      [false, true].flatMap((stream) => {
        const row = { fault, account: accountOf(index, tier), tier, format, stream };
        return applies(row) ? [row] : [];
      }),
    ),
  ),
);

const rows: readonly Row[] = [
  ...plainRows,
  ...plainRows
    .filter(({ fault, stream, tier }) => stream && fault.ending === 'breaks' && tier !== 'baseline')
    .map((row) => ({ ...row, resume: true as const })),
];

function applies({ fault, tier, format, stream }: Row): boolean {
  const rule = isDedicated(tier) ? fault.sagemaker : fault.bedrock;
  if ((rule ?? fault.place) === undefined || !speaks(tier, format)) return false;
  // Of an answer that is told whole nothing is shown before: where it broke off makes no difference but for its content.
  if (!stream && (fault.phase === 'first' || fault.phase === 'last') && !isFlood({ fault })) return false;
  if (format.plainOnly !== true) return true;
  return !stream && !fault.inStream && !isDedicated(tier) && fault.ending !== 'breaks';
}

function isFlood({ fault }: Pick<Row, 'fault'>): boolean {
  return fault.chaos === 'C13';
}

function isDedicated(tier: BatteryTier): boolean {
  return tier === 'dedicated' || tier === 'dedicated TGI';
}

function speaks(tier: BatteryTier, { name }: BatteryFormat): boolean {
  return tier !== 'dedicated TGI' || tgiFormats.includes(name);
}

/** Frames of a sound stream: of Bedrock those with content; of a container also a role before, and its end after. */
interface Whole {
  readonly bedrock: number;
  readonly sagemaker: number;
  /** The last parts of a container's stream: its finish reason, its usage, `[DONE]`; of TGI's, the one that has it all. */
  readonly partsOfEnd: number;
}

function rulesOf(fault: BatteryFault, whole: Whole, where: object): readonly object[] {
  const middle = (frames: number) => Math.ceil(frames / 2);
  const { bedrock, sagemaker, partsOfEnd } = whole;
  const places = {
    bedrock: {
      'no content': 0,
      first: 1,
      middle: middle(bedrock),
      last: bedrock,
      end: bedrock,
      head: undefined,
      throughout: undefined,
    },
    // A part may hold back the end of its line: only the third shows content for sure.
    sagemaker: {
      ...{ 'no content': 0, first: 3, middle: middle(sagemaker), last: sagemaker - partsOfEnd },
      ...{ end: sagemaker - 1, head: undefined, throughout: undefined },
    },
  };
  const rule = (service: 'bedrock' | 'sagemaker') => {
    const afterChunks = places[service][fault.phase];
    const at = afterChunks === undefined ? {} : { afterChunks };
    return fault[service] ? [{ service: `${service}-runtime`, ...where, ...fault[service], ...at }] : [];
  };
  return [...rule('bedrock'), ...rule('sagemaker')];
}

/** What a row must end in: only a stream has shown something that nobody may take back. */
function endingOf({ fault, tier, stream, resume }: Row): Ending {
  // The finish reason was told: nothing may be added to an answer that has ended. TGI tells it with the end mark.
  if (resume && fault.phase === 'end' && tier !== 'dedicated TGI') return 'breaks';
  if (resume) return 'resumed';
  if (!stream && fault.plainEnding !== undefined) return fault.plainEnding;
  return fault.ending === 'breaks' && !stream ? 'moves on' : fault.ending;
}

async function ask(
  { account, tier, format, stream, resume, fault }: Omit<Row, 'fault'> & Partial<Row>,
  traceId: string,
  { signal, reads = true }: { readonly signal?: AbortSignal; readonly reads?: boolean } = {},
) {
  const gatewayOfRow = { account, tier, place: fault?.place, patient: fault?.ending === 'left' };
  const { gateway } = await world.gateway(gatewayOfRow, format.model);
  const response = await gateway.handle(
    new Request(`http://gateway.test${format.path(stream)}`, {
      method: 'POST',
      signal: signal ?? null,
      headers: {
        authorization: 'Bearer sk-local',
        'content-type': 'application/json',
        traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
        ...(resume ? { 'x-spillway-resume': 'continue' } : {}),
      },
      body: JSON.stringify(format.body(stream)),
    }),
  );
  if (!reads) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  // What a caller that left has not read, it does not have.
  const whole = response.arrayBuffer().catch(() => new ArrayBuffer(0));
  return { response, body: Buffer.from(await whole).toString('utf8') };
}

const traceIdOf = (index: number): string => (index + 1).toString(16).padStart(32, '0');

async function eachAtOnce<Item>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<void>,
  atOnce = AT_ONCE,
) {
  const queue = items.map((item, index) => [item, index] as const);
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(...next);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/** How sound answers look, and of how many pieces they are. */
async function readSoundAnswers(): Promise<(tier: BatteryTier) => Whole> {
  const variants = tiers.flatMap((tier) =>
    batteryFormats.flatMap((format) =>
      [false, true].map((stream) => ({ account: accountOf(SOUND, tier), tier, format, stream })),
    ),
  );
  await eachAtOnce(
    variants.filter(
      ({ format, stream, tier }) =>
        speaks(tier, format) && (format.plainOnly !== true || (!stream && !isDedicated(tier))),
    ),
    async (variant) => {
      const { body } = await ask(variant, traceIdOf(0));
      sound.set(keyOf(variant), variant.format.read(body, variant.stream).text);
    },
  );
  const journal = await spillway.journal();
  const frames = (service: string, tier?: BatteryTier) =>
    Math.max(
      ...journal
        .filter((entry) => entry.account === accountOf(SOUND, tier) && entry.service === service)
        .map((entry) => entry.chunks ?? 0),
    );
  return (tier) => ({
    bedrock: frames('bedrock-runtime'),
    sagemaker: frames('sagemaker-runtime', tier),
    partsOfEnd: tier === 'dedicated TGI' ? 1 : 3,
  });
}

const keyOf = ({ tier, format, stream }: Pick<Row, 'tier' | 'format' | 'stream'>): string =>
  `${tier} ${format.name} ${stream}`;

beforeAll(async () => {
  spillway = await startSpillway({ parameters: ['--discover-every', '3600'] });
  world = openBatteryWorld(spillway.awsUrl);
  const places = [SOUND, ...batteryFaults.keys()];
  await eachAtOnce(places, (index) => world.provision(accountOf(index), 'openai'));
  await eachAtOnce(places, (index) => world.provision(accountOf(index, 'dedicated TGI'), 'tgi'));
  const whole = await readSoundAnswers();
  const rules = (['dedicated', 'dedicated TGI'] as const).flatMap((tier) =>
    batteryFaults.flatMap((fault, index) =>
      rulesOf(fault, whole(tier), { account: accountOf(index, tier), region: struckRegion }),
    ),
  );
  await spillway.control('PUT', 'faults', rules);
  const asked = new Map<Row, Asked>();
  await leaveAll(asked);
  const inTurn = rows.map((row, index) => ({ row, index })).filter(({ row }) => endingOf(row) !== 'left');
  // Floods leave no time to others, whose deadlines run.
  for (const floods of [true, false]) {
    const turn = inTurn.filter(({ row }) => isFlood(row) === floods);
    const one = async ({ row, index }: (typeof turn)[number]) => {
      asked.set(row, await ask(row, traceIdOf(index + 1)));
    };
    await eachAtOnce(turn, one, floods ? 2 : AT_ONCE);
  }
  const calls = await eventually(async () => callsByTrace(await spillway.journal()), 'the journal');
  for (const [index, row] of rows.entries()) {
    const one = asked.get(row);
    if (one === undefined) throw new Error('a row was not asked');
    outcomes.set(row, outcomeOf(row, { ...one, calls: calls.get(traceIdOf(index + 1)) ?? [] }));
  }
}, 300_000);

afterAll(async () => {
  await world?.close();
  await spillway?.close();
});

type Asked = { readonly response: Response; readonly body: string };

/** The rows whose callers leave: all at once, when each of their targets has come to where it stands still. */
async function leaveAll(asked: Map<Row, Asked>): Promise<void> {
  const leaving = rows.flatMap((row, index) => (endingOf(row) === 'left' ? [{ row, index }] : []));
  const callers = new AbortController();
  const asking = leaving.map(async ({ row, index }) => {
    asked.set(row, await ask(row, traceIdOf(index + 1), { signal: callers.signal, reads: !isFlood(row) }));
  });
  const callsOf = async () => {
    const calls = callsByTrace(await spillway.journal());
    return leaving.map(({ index }) => calls.get(traceIdOf(index + 1)) ?? []);
  };
  let before = '';
  const arrived = async () => {
    const calls = await callsOf();
    const sent = JSON.stringify(calls.map(([call]) => call?.chunks));
    const still = sent === before;
    before = sent;
    return still && leaving.every(({ row }, at) => hasStruck(row, calls[at]?.[0])) ? true : undefined;
  };
  await eventually(arrived, 'the targets that stand still', 10_000);
  callers.abort();
  await Promise.all(asking);
  const aborted = async () => ((await callsOf()).flat().every((call) => call.aborted) ? true : undefined);
  // Nothing but the leaving ends them: their gateways have no deadline in sight.
  await eventually(aborted, 'the end of the calls of callers that left', 10_000);
}

function hasStruck({ fault }: Row, call: JournalEntry | undefined): boolean {
  return call !== undefined && (fault.phase === 'no content' || (call.chunks ?? 0) > 0);
}

function callsByTrace(journal: readonly JournalEntry[]): Map<string, JournalEntry[]> {
  const calls = new Map<string, JournalEntry[]>();
  for (const entry of journal) {
    const traceId = entry.traceparent?.split('-')[1] ?? '';
    calls.set(traceId, [...(calls.get(traceId) ?? []), entry]);
  }
  return calls;
}

function outcomeOf(
  { format, stream }: Row,
  told: { readonly response: Response; readonly body: string; readonly calls: readonly JournalEntry[] },
): Outcome {
  const { response, body, calls } = told;
  const inRegion = (region: string) => calls.filter((call) => call.region === region).length;
  return {
    status: response.status,
    retryAfter: response.headers.has('retry-after'),
    answer: format.read(body, stream),
    calls: [inRegion(struckRegion), inRegion('us-east-2'), inRegion('eu-central-1')],
    sentBytes: (calls.find((call) => call.region === struckRegion)?.chunks ?? 0) * FLOOD_FRAME_BYTES,
    attempts: Number(response.headers.get('x-spillway-attempts')),
    body,
  };
}

function mannerOf({ stream, resume }: Pick<Row, 'stream' | 'resume'>): string {
  return resume ? 'stream, to resume' : stream ? 'stream' : 'plain';
}

function nameOf({ fault, tier, format, stream, resume }: Row): string {
  return `${fault.chaos} ${fault.name} (${fault.phase}), ${tier}, ${format.name}, ${mannerOf({ stream, resume })}`;
}

function outcomeFor(row: Row): Outcome {
  const found = outcomes.get(row);
  if (found === undefined) throw new Error(`${nameOf(row)} did not run`);
  return found;
}

describe('a fault', () => {
  it.each(rows.map((row) => [nameOf(row), row] as const))('%s', (_, row) => {
    const outcome = outcomeFor(row);
    const { status, answer, calls, attempts, body } = outcome;
    const ending = endingOf(row);
    const whole = ending === 'moves on' || ending === 'stays' || ending === 'resumed';
    const reached = row.fault.place === undefined ? 1 : 0;
    expect(calls, body).toEqual([reached, ending === 'moves on' || ending === 'resumed' ? 1 : 0, 0]);
    // The head of a resumed answer left before the second call.
    expect(attempts).toBe(ending === 'resumed' ? 1 : calls[0] + calls[1]);
    if (ending === 'left') return expectLeft(row, outcome);
    expect(status).toBe(ending === 'refused' ? (row.fault.status ?? 400) : 200);
    expect([answer.ends, answer.interrupted]).toEqual([whole ? 1 : 0, ending === 'breaks']);
    const first = sound.get(keyOf(row)) ?? '';
    if (ending === 'stays') expect(answer.text).toBe(first);
    // Whole, once, and of the target that answered: not a word of the one before.
    if (ending === 'moves on') expect(answer.text).toBe(soundElsewhere(row));
    if (ending === 'breaks') expect(first.startsWith(answer.text) && answer.text !== '').toBe(true);
    if (ending === 'resumed') expectResumed(row, answer.text, body);
    if (ending === 'refused') expect(answer.text).toBe('');
    // The mark names its target as the headers do.
    expect(ending === 'resumed' ? '' : body).not.toMatch(/5000000\d{5}/);
    expect(body).not.toMatch(/arn:aws|node_modules|\.ts:/);
  });
});

/** What was shown until then, if anything, and no end of any kind. */
function expectLeft(row: Row, { status, answer, sentBytes }: Outcome): void {
  const begun = row.stream && row.fault.phase !== 'no content';
  expect([status, answer.ends, answer.interrupted]).toEqual([begun ? 200 : 499, 0, false]);
  // The caller's reading drives the target: what nobody reads is not sent.
  if (isFlood(row)) expect(sentBytes).toBeLessThan(FLOOD_BYTES / 10);
  else expect((sound.get(keyOf(row)) ?? '').startsWith(answer.text)).toBe(true);
}

/** A proper beginning of the first answer once, then the second's, and the mark where the format has it. */
function expectResumed(row: Row, text: string, body: string): void {
  const first = sound.get(keyOf(row)) ?? '';
  const at = text.lastIndexOf('This is');
  expect(at, text).toBeGreaterThan(0);
  expect(first.startsWith(text.slice(0, at).trimEnd()), text).toBe(true);
  expect(text.slice(at)).toContain('us-east-2');
  if (row.format.path(true).startsWith('/v1/')) expect(body).toContain(': spillway-resumed target=');
}

/** What the second target says where nothing strikes: it names its own region. */
function soundElsewhere(row: Row): string {
  const key = keyOf({ ...row, tier: isDedicated(row.tier) ? 'serverless' : row.tier });
  return (sound.get(key) ?? '').replaceAll(struckRegion, 'us-east-2');
}

describe('the battery', () => {
  it('is what the docs show', async () => {
    await expect(tableOf()).toMatchFileSnapshot('../../docs/fault-battery.md');
  });
});

const tiersOf = (format: BatteryFormat): number => tiers.filter((tier) => speaks(tier, format)).length;

/** Rows that differ in their tier alone stand in one line. */
function tableOf(): string {
  const lines = new Map<string, { readonly among: Set<string>; readonly format: BatteryFormat }>();
  for (const row of rows) {
    const { fault, tier, format } = row;
    const { status, answer, calls } = outcomeFor(row);
    const end =
      endingOf(row) === 'left'
        ? 'left'
        : answer.interrupted
          ? 'typed error'
          : answer.ends > 0
            ? 'whole'
            : 'refused';
    const before = `| ${[fault.chaos, fault.name, fault.phase, format.name, mannerOf(row)].join(' | ')} | `;
    const after = ` | ${[status, end, calls.join(' + '), answer.usage].join(' | ')} |`;
    const key = JSON.stringify([before, after]);
    const line = lines.get(key) ?? { among: new Set(), format };
    line.among.add(tier);
    lines.set(key, line);
  }
  const drawn = [...lines].map(([key, { among, format }]) => {
    const [before, after] = JSON.parse(key) as [string, string];
    return `${before}${among.size === tiersOf(format) ? 'each' : [...among].join(', ')}${after}`;
  });
  return `${heading}${drawn.join('\n')}\n`;
}

const heading = `# The fault battery

Each row ran against the local AWS, with a gateway that had just started: \`vitest run test/main-job/fault-battery.test.ts\`,
with \`-u\` to write this file again. Faults strike the first target; a second one inside the residency is sound, and a
third stands outside it, at the head of the route. A dedicated target speaks OpenAI's format, or TGI's own, which two of
the callers' formats stand for.

Rows: C1 no connection, C2 throttled, C3 the target fails, C4 refused, C5 silence, C6 broken off, C7 stalled, C8 damaged,
C9 without its end or its usage, C10 cut at every byte, C11 an exception inside, C12 the caller leaves, C13 a flood, C14
slow. Phases: at the head of the answer, inside its stream before any content, after the first piece of content, amid
them, after the last, at its end, all along. Cells without a meaning have no row: C1 to C5 strike before there is a chunk;
C10 and C13 bend the whole stream; C9 is of the last chunk alone; a plain answer shows nothing until it is whole, so that it
breaks off before its content or amid it; vectors and counts come in one piece, from Bedrock alone, so that nothing inside a
stream strikes them; a fault that a service does not model has no row of its tiers. Ending: \`whole\` is one end mark and the
whole text once; \`typed error\` is the format's own error event and no end mark, behind a proper beginning of the text.
Calls: of the target that was struck, of the sound one, of the one outside the residency. Where a name is not found (a label
too long for any resolver) or a port speaks no TLS, the struck region has such an address, and no call leaves. \`left\`: the
call of the target ended with its caller, long before any deadline; of a flood that nobody read, less than a tenth was sent. Usage,
as the caller is told: by the target, estimated from what was shown, or none (then limits, metrics and log have an estimate).
\`stream, to resume\` asked for \`x-spillway-resume: continue\` ([how](guides/resume-a-stream.md)).

| row | fault | phase | format | manner | tier | status | ending | calls | usage |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
`;
