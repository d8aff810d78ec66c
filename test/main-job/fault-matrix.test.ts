/**
 * What it must show, 4, row by row: every fault that the local AWS can strike a call with, plain and streamed, before
 * the first content and after it. The cases are spread over many models, so that none finds its targets ejected by the
 * one before it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import catalogue from '#data/catalogue.json' with { type: 'json' };
import {
  chat,
  eventually,
  type JournalEntry,
  type SpillwayProcess,
  startSpillway,
} from './spillway-process.ts';

const regions = ['us-east-1', 'us-east-2', 'us-west-2'];

/** Chat models that all three regions offer on demand: three lawful targets each. */
const modelIds = catalogue.models
  .filter(
    (model) =>
      model.lifecycle === 'ACTIVE' &&
      model.streaming &&
      model.output?.includes('TEXT') &&
      regions.every((region) => (model.onDemandRegions as readonly string[] | null)?.includes(region)),
  )
  .map((model) => model.id);

interface Fault {
  readonly kind: string;
  readonly error?: string;
  readonly milliseconds?: number;
  readonly afterChunks?: number;
}

type Ending = 'moves on' | 'stays' | 'breaks' | '400';

interface Case {
  readonly fault: Fault;
  readonly stream: boolean;
  readonly ending: Ending;
  readonly dedicated: boolean;
}

const both = (fault: Fault, ending: Ending, dedicated = false): readonly Case[] =>
  [false, true].map((stream) => ({ fault, stream, ending, dedicated }));

/** Inside a stream: at first content anything may move on; after it only a plain answer, which has shown nothing. */
const inside = (fault: Fault, dedicated = false): readonly Case[] => [
  ...both({ ...fault, afterChunks: 0 }, 'moves on', dedicated),
  { fault: { ...fault, afterChunks: 3 }, stream: false, ending: 'moves on', dedicated },
  { fault: { ...fault, afterChunks: 3 }, stream: true, ending: 'breaks', dedicated },
];

const bedrockCases: readonly Case[] = [
  ...['refuse', 'throttle', 'hang'].flatMap((kind) => both({ kind }, 'moves on')),
  ...[
    'AccessDeniedException',
    'ResourceNotFoundException',
    'ExpiredTokenException',
    'ServiceUnavailableException',
    'InternalServerException',
    'ModelErrorException',
    'ModelNotReadyException',
    'ModelTimeoutException',
  ].flatMap((error) => both({ kind: 'error', error }, 'moves on')),
  ...both({ kind: 'error', error: 'ValidationException' }, '400'),
  ...both({ kind: 'latency', milliseconds: 100 }, 'stays'),
  ...[0, 3].flatMap((afterChunks) => both({ kind: 'stall-stream', milliseconds: 100, afterChunks }, 'stays')),
  ...['reset', 'stall-stream', 'cut-stream', 'malformed-frame', 'stream-exception'].flatMap((kind) =>
    inside({ kind }),
  ),
  ...['ThrottlingException', 'ServiceUnavailableException', 'ModelStreamErrorException'].flatMap((error) =>
    inside({ kind: 'stream-exception', error }),
  ),
  ...both({ kind: 'stream-exception', error: 'ValidationException', afterChunks: 0 }, '400'),
];

const dedicatedCases: readonly Case[] = [
  ...['refuse', 'hang'].flatMap((kind) => both({ kind }, 'moves on', true)),
  ...['ServiceUnavailable', 'InternalFailure', 'ModelError', 'AccessDenied'].flatMap((error) =>
    both({ kind: 'error', error }, 'moves on', true),
  ),
  ...['reset', 'stall-stream', 'cut-stream', 'malformed-frame', 'stream-exception'].flatMap((kind) =>
    inside({ kind }, true),
  ),
];

const cases = [...bedrockCases, ...dedicatedCases];
const modelOf = (index: number): string => `model-${index}`;
const nameOf = ({ fault, stream, dedicated, ending }: Case): string =>
  `${dedicated ? 'a dedicated target' : 'a target'}: ${Object.values(fault).join(' ')}${stream ? ', streamed' : ''}: ${ending}`;

const config = {
  name: 'matrix',
  home: { account: '111111111111', region: 'us-east-1' },
  accounts: [
    { id: '111111111111', name: 'one', regions: ['us-east-1', 'us-east-2'] },
    { id: '222222222222', name: 'two', regions: ['us-west-2'] },
  ],
  gateways: ['us-east-1'],
  residencies: { us: { jurisdictions: ['US'] } },
  // Short enough to wait for, long enough for a busy machine to begin an answer.
  deadlines: { firstContentMs: 1500, dedicatedFirstContentMs: 1500, betweenTokensMs: 1500, totalMs: 30_000 },
  models: Object.fromEntries(
    cases.map(({ dedicated }, index) => [
      modelOf(index),
      {
        candidates: [modelIds[index % modelIds.length]],
        ...(dedicated
          ? { dedicated: [{ account: '111111111111', region: 'us-east-1', endpoint: `endpoint-${index}` }] }
          : {}),
      },
    ]),
  ),
  tenants: { demo: { keys: ['sk-local'], residencies: ['us'], defaultResidency: 'us', models: ['*'] } },
};

let spillway: SpillwayProcess;
beforeAll(async () => {
  spillway = await startSpillway({ config, parameters: ['--discover-every', '3600'] });
});
afterAll(() => spillway?.close());

async function ask(model: string, stream: boolean, headers: Record<string, string> = {}) {
  const traceId = crypto.randomUUID().replaceAll('-', '');
  const response = await chat(spillway.gatewayUrl('us-east-1'), {
    headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, ...headers },
    body: { model, stream },
  });
  const text = await response.text();
  const calls = await callsOf(traceId, Number(response.headers.get('x-spillway-attempts')));
  return { response, text, calls };
}

/** The calls of a trace; waits a moment for as many as are said, since one that was given up at once may still arrive. */
async function callsOf(traceId: string, said: number): Promise<readonly JournalEntry[]> {
  const read = async () =>
    (await spillway.journal()).filter((entry) => entry.traceparent?.split('-')[1] === traceId);
  const agreed = async () => {
    const calls = await read();
    return calls.length >= said ? calls : undefined;
  };
  return eventually(agreed, 'the calls in the journal', 2_000).catch(read);
}

const finishReasons = (text: string): readonly string[] =>
  [...text.matchAll(/"finish_reason":"(\w+)"/g)].map((found) => found[1] ?? '');

describe('a fault at', () => {
  it.each(cases.map((each, index) => [nameOf(each), each, modelOf(index)] as const))(
    '%s',
    async (_, { fault, stream, ending, dedicated }, model) => {
      const rule = dedicated
        ? { service: 'sagemaker-runtime', operation: 'InvokeEndpointWithResponseStream', ...fault }
        : { service: 'bedrock-runtime', operation: 'ConverseStream', ...fault };
      await spillway.control('PUT', 'faults', [{ ...rule, count: 1 }]);
      const { response, text, calls } = await ask(model, stream);
      expect(
        calls.map((call) => call.rule === undefined),
        text,
      ).toEqual(ending === 'moves on' ? [false, true] : [false]);
      expect(response.headers.get('x-spillway-attempts')).toBe(String(calls.length));
      expect(response.status).toBe(ending === '400' ? 400 : 200);
      const whole = ending === 'moves on' || ending === 'stays';
      expect(finishReasons(text)).toEqual(whole ? ['stop'] : []);
      expect(text.includes('[DONE]')).toBe(whole && stream);
      expect(text.includes('stream_interrupted')).toBe(ending === 'breaks');
      expect(text).not.toMatch(/1{12}|2{12}|arn:aws|node_modules|\.ts:/);
    },
  );
});

describe('attempts in the header', () => {
  it.each(['3000', '700', '60', '12', '5', '3', '2', '1'])(
    'are the calls of the journal where nobody answers and one account lends no credentials, within %s ms',
    async (deadlineMs) => {
      await spillway.control('PUT', 'faults', [
        { service: 'sts', kind: 'hang' },
        { service: 'bedrock-runtime', region: 'us-east-1', kind: 'refuse' },
        { service: 'bedrock-runtime', region: 'us-east-2', kind: 'hang' },
        { service: 'bedrock-runtime', region: 'us-west-2', kind: 'error', error: 'ExpiredTokenException' },
      ]);
      const { response, text, calls } = await ask(modelOf(deadlineMs.length), false, {
        'x-spillway-deadline-ms': deadlineMs,
      });
      expect([502, 504], text).toContain(response.status);
      expect(response.headers.get('x-spillway-attempts'), text).toBe(String(calls.length));
    },
  );
});
