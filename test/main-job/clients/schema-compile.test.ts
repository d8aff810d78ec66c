/** The first call with a schema may wait for minutes until Bedrock has compiled it: nobody but that wait is passed over. */
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { chat, type SpillwayProcess, startSpillway } from '../spillway-process.ts';
import { lastSeq, modelCallsSince } from './model-calls.ts';

const regions = ['us-east-1', 'us-east-2'];
const [sonnet, opus] = ['anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic.claude-opus-4-6-v1'] as const;
const FIRST_CONTENT_MS = 800;
/** Over before the call's whole time is, and not within that of an attempt. */
const COMPILE_MS = 2 * FIRST_CONTENT_MS;
const messages = [{ role: 'user' as const, content: 'A film, please.' }];

let spillway: SpillwayProcess;
let url = '';
beforeAll(async () => {
  const deadlines = { firstContentMs: FIRST_CONTENT_MS };
  spillway = await startSpillway({
    parameters: ['--discover-every', '3600'],
    config: {
      name: 'compile',
      home: { account: '111111111111', region: 'us-east-1' },
      accounts: [{ id: '111111111111', name: 'one', regions }],
      gateways: ['us-east-1'],
      residencies: { anywhere: { jurisdictions: 'any' } },
      models: {
        both: { candidates: [sonnet], deadlines },
        native: { candidates: [opus], deadlines },
      },
      tenants: {
        demo: { keys: ['sk-local'], residencies: ['anywhere'], defaultResidency: 'anywhere', models: ['*'] },
      },
    },
  });
  url = spillway.gatewayUrl('us-east-1');
});
afterAll(() => spillway?.close());

const patch = (modelId: string, changes: object) =>
  spillway.control(
    'PATCH',
    'catalogue',
    regions.map((region) => ({ region, modelId, ...changes })),
  );

const openai = () => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-local', maxRetries: 0 });

/** Asks for a schema of its own, and says how many calls to models it took, and to how many targets they went. */
async function ask(model: string, name: string, streamed: boolean) {
  const film = z.object({ [name]: z.string() });
  const asked = { model, messages, response_format: zodResponseFormat(film, 'film') };
  const { completions } = openai().chat;
  const from = await lastSeq(spillway);
  const startedMs = performance.now();
  const completion = streamed
    ? await completions.stream(asked).finalChatCompletion()
    : await completions.parse(asked);
  const tookMs = performance.now() - startedMs;
  expect(film.safeParse(completion.choices[0]?.message.parsed).success).toBe(true);
  const calls = await modelCallsSince(spillway, from);
  const places = new Set(calls.map(({ region, target }) => `${region} ${target}`));
  return { calls: calls.length, places: places.size, tookMs };
}

it.each([false, true])(
  'a schema that is not compiled in time is answered by a tool of the same target, and by it at once from then on (streamed: %s)',
  async (streamed) => {
    await patch(sonnet, { grammarCompileMs: 600_000 });
    const name = streamed ? 'title' : 'year';
    const first = await ask('both', name, streamed);
    expect([first.calls, first.places]).toEqual([2, 1]);
    expect(first.tookMs).toBeGreaterThanOrEqual(FIRST_CONTENT_MS);
    expect(await ask('both', name, streamed)).toMatchObject({ calls: 1 });
    const response_format = zodResponseFormat(z.object({ [name]: z.string() }), 'film');
    const body = { model: 'both', messages, response_format };
    const explained = (await (await chat(url, { body, path: '/spillway/v1/explain' })).json()) as object;
    expect(explained).toMatchObject({
      removed: [],
      jsonBy: expect.arrayContaining([
        { target: expect.stringContaining(sonnet), way: 'tool', because: 'schema-compiling' },
      ]),
    });
  },
);

it('a schema that only structured outputs can answer is waited for, beyond the usual deadline', async () => {
  await patch(opus, { grammarCompileMs: COMPILE_MS, refuses: ['tool-choice'] });
  const first = await ask('native', 'title', false);
  // Given up once, refused a forced tool, and then waited for.
  expect([first.calls, first.places]).toEqual([3, 1]);
  expect(first.tookMs).toBeGreaterThanOrEqual(COMPILE_MS);
  expect(await ask('native', 'title', true)).toMatchObject({ calls: 1 });
  // Nobody has compiled this one, and that no tool can be forced is known.
  const next = await ask('native', 'year', true);
  expect([next.calls, next.tookMs >= COMPILE_MS]).toEqual([1, true]);
});
