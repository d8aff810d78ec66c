/** Unknown capabilities are tried and learned: what a model refuses in words is asked of another, and not again. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chat, type JournalEntry, type SpillwayProcess, startSpillway } from './spillway-process.ts';

const regions = ['us-east-1', 'us-east-2'];
const [lite, mistral, gemma, qwen, palmyra, nova, haiku] = [
  'amazon.nova-lite-v1:0',
  'mistral.mistral-large-3-675b-instruct',
  'google.gemma-3-12b-it',
  'qwen.qwen3-32b-v1:0',
  'zai.glm-4.7',
  'amazon.nova-pro-v1:0',
  'anthropic.claude-haiku-4-5-20251001-v1:0',
];
const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];

let spillway: SpillwayProcess;
beforeAll(async () => {
  spillway = await startSpillway({
    parameters: ['--discover-every', '3600'],
    config: {
      name: 'learning',
      home: { account: '111111111111', region: 'us-east-1' },
      accounts: [{ id: '111111111111', name: 'one', regions }],
      gateways: ['us-east-1'],
      residencies: { us: { jurisdictions: ['US'] } },
      models: {
        two: { candidates: [lite, mistral] },
        one: { candidates: [gemma] },
        whole: { candidates: [qwen] },
        cached: { candidates: [nova] },
        strict: { candidates: [haiku] },
        prompts: { candidates: [palmyra, mistral] },
      },
      tenants: { demo: { keys: ['sk-local'], residencies: ['us'], defaultResidency: 'us', models: ['*'] } },
    },
  });
});
afterAll(() => spillway?.close());
afterEach(() => spillway.control('DELETE', 'catalogue'));

const refuse = (modelId: string | undefined, feature: string) =>
  spillway.control(
    'PATCH',
    'catalogue',
    regions.map((region) => ({ region, modelId, refuses: [feature] })),
  );

async function ask(body: Record<string, unknown>, path?: string) {
  const traceId = crypto.randomUUID().replaceAll('-', '');
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
  const response = await chat(spillway.gatewayUrl('us-east-1'), { headers, body, path });
  const text = await response.text();
  const journal: readonly JournalEntry[] = await spillway.journal();
  const calls = journal.filter((entry) => entry.traceparent?.includes(traceId));
  return {
    status: response.status,
    text,
    calls: calls.map(({ operation, status }) => `${operation} ${status}`),
  };
}

describe('a model that refuses', () => {
  it('tools is asked once, and then another model at once; without tools it is asked as ever', async () => {
    await refuse(lite, 'tools');
    const first = await ask({ model: 'two', tools });
    expect([first.status, first.calls]).toEqual([200, ['ConverseStream 400', 'ConverseStream 200']]);
    const second = await ask({ model: 'two', tools, stream: true });
    expect([second.status, second.calls]).toEqual([200, ['ConverseStream 200']]);
    const without = await ask({ model: 'two' });
    expect(without.text).toContain('Nova Lite');
  });

  it('a forced tool is asked once for JSON, and then one that takes it at once', async () => {
    await refuse(palmyra, 'tool-choice');
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const json = { type: 'json_schema', json_schema: { name: 'place', schema } };
    const first = await ask({ model: 'prompts', response_format: json });
    // Then for its own structured outputs, of which nobody knows; the second model is known to have them.
    const calls = ['ConverseStream 400', 'ConverseStream 400', 'ConverseStream 200'];
    expect([first.status, first.calls]).toEqual([200, calls]);
    const second = await ask({ model: 'prompts', response_format: json });
    expect([second.status, second.calls]).toEqual([200, ['ConverseStream 200']]);
    const free = await ask({ model: 'prompts', tools });
    expect(free.text).toContain('GLM');
  });

  it('several tool calls in a turn is asked once, and is told by name where it is alone', async () => {
    await refuse(gemma, 'parallel-tools');
    const call = (id: string) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } });
    const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'seen' });
    const hello = { role: 'user', content: 'Hello' };
    const turns = (...ids: string[]) => [
      hello,
      { role: 'assistant', tool_calls: ids.map(call) },
      ...ids.map(result),
    ];
    const first = await ask({ model: 'one', tools, messages: turns('1', '2') });
    expect([first.status, first.calls]).toEqual([400, ['ConverseStream 400']]);
    const second = await ask({ model: 'one', tools, messages: turns('1', '2') });
    expect([second.status, second.calls]).toEqual([400, []]);
    expect(second.text).toContain('capability-missing (parallel-tools)');
    const single = await ask({ model: 'one', tools, messages: turns('1') });
    expect([single.status, single.calls]).toEqual([200, ['ConverseStream 200']]);
  });

  it('system prompts is followed by one that takes them', async () => {
    await refuse(palmyra, 'system-prompts');
    const messages = [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Hello' },
    ];
    const { status, calls } = await ask({ model: 'prompts', messages });
    expect([status, calls]).toEqual([200, ['ConverseStream 400', 'ConverseStream 200']]);
  });

  it('what no other takes is a 400 that names it, the second time without a call', async () => {
    await refuse(gemma, 'tools');
    for (const calls of [['ConverseStream 400'], []]) {
      const refused = await ask({ model: 'one', tools });
      expect([refused.status, refused.calls]).toEqual([400, calls]);
      expect(JSON.parse(refused.text).error).toMatchObject({
        code: 'invalid_request',
        message: expect.stringContaining('tools'),
      });
    }
  });

  it('cache points is asked again without them, and later calls leave them out at once', async () => {
    await refuse(nova, 'prompt-caching');
    const cached = { type: 'text', text: 'Hello', cache_control: { type: 'ephemeral' } };
    const body = { model: 'cached', max_tokens: 50, messages: [{ role: 'user', content: [cached] }] };
    const first = await ask(body, '/v1/messages');
    expect([first.status, first.calls]).toEqual([200, ['ConverseStream 400', 'ConverseStream 200']]);
    const second = await ask({ ...body, stream: true }, '/v1/messages');
    expect([second.status, second.calls]).toEqual([200, ['ConverseStream 200']]);
    expect(second.text).toContain('message_stop');
    const explained = await ask(body, '/spillway/v1/explain?for=/v1/messages');
    const dropped = { target: expect.stringContaining(String(nova)), feature: 'prompt-caching' };
    expect(JSON.parse(explained.text)).toMatchObject({
      decision: 'routed',
      dropped: expect.arrayContaining([dropped]),
    });
  });

  it('strict tools is asked again with the same tools, and later calls are not strict at once', async () => {
    await refuse(haiku, 'strict-tools');
    const strictTools = tools.map((tool) => ({ ...tool, function: { ...tool.function, strict: true } }));
    const body = { model: 'strict', tools: strictTools };
    const first = await ask(body);
    expect([first.status, first.calls]).toEqual([200, ['ConverseStream 400', 'ConverseStream 200']]);
    const second = await ask(body);
    expect([second.status, second.calls]).toEqual([200, ['ConverseStream 200']]);
    // Known to have none: it is not even asked, and the local AWS would refuse it.
    const known = await ask({ ...body, model: 'cached' });
    expect([known.status, known.calls]).toEqual([200, ['ConverseStream 200']]);
  });

  it('tools in streams alone is asked for the whole answer, and callers of streams still get one', async () => {
    await refuse(qwen, 'streaming-tools');
    const first = await ask({ model: 'whole', tools, stream: true });
    expect([first.status, first.calls]).toEqual([200, ['ConverseStream 400', 'Converse 200']]);
    expect(first.text).toContain('[DONE]');
    expect((await ask({ model: 'whole', tools, stream: true })).calls).toEqual(['Converse 200']);
  });
});
