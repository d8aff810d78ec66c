import { describe, expect, it } from 'vitest';
import { localGatewayUrl } from '#cli/explain.ts';
import type { Explanation } from '#contract/http.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { startLoopbackGateway } from '#test/builders/loopback-gateway.ts';

const lite = (region: string): string => `222222222222/${region}/eu.amazon.nova-lite-v1:0`;
const routed: Explanation = {
  decision: 'routed',
  residency: 'eu',
  from: 'eu-central-1',
  plan: [lite('eu-central-1'), lite('eu-west-1')],
  removed: [
    { target: '111111111111/us-east-1/amazon.nova-lite-v1:0', by: 'residency', code: 'residency-forbidden' },
  ],
  scored: [
    { target: lite('eu-central-1'), by: 'proximity', scoreBps: 10_000 },
    { target: lite('eu-west-1'), by: 'proximity', scoreBps: 2500 },
  ],
  route: { model: 'chat-small', residency: 'eu', version: 4, source: 'table' },
  at: '2026-11-21T07:30:00.000Z',
};
const rejected: Explanation = {
  ...routed,
  decision: 'rejected',
  code: 'no_lawful_target',
  plan: [],
  scored: [],
};

/** Asks the gateway at this address about a model that every configuration of these tests has. */
const explain = ({ url }: { readonly url: string }, ...more: readonly string[]) =>
  runCommandLine(['explain', '--model', 'chat-small', '--url', url, ...more]);

describe('spillway explain', () => {
  it('prints the decision, the plan, what was removed and the scores', async () => {
    await using gateway = await startLoopbackGateway(({ path }) =>
      path.startsWith('/spillway/v1/explain') ? { body: routed } : { status: 404, body: {} },
    );
    const { exitCode, stdout, stderr } = await runCommandLine(
      ['explain', '--model', 'chat-small', '--residency', 'eu', 'Hello there', '--url', gateway.url],
      { columns: 80 },
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      '✔ routed: chat-small in eu, asked from eu-central-1',
      '  → eu-central-1  eu.amazon.nova-lite-v1:0  account 222222222222',
      '  route version 4 from the routing table · 2 in the plan · 1 removed',
      '',
      'Plan, best first',
      '     region        before the next by',
      '  1  eu-central-1  better proximity',
      '     eu.amazon.nova-lite-v1:0 · 222222222222',
      '  2  eu-west-1     last',
      '     eu.amazon.nova-lite-v1:0 · 222222222222',
      '',
      'Removed',
      '  1 residency-forbidden: its reach leaves the residency',
      '    amazon.nova-lite-v1:0 in us-east-1',
      '',
      'Scores among equals (0 to 10,000)',
      '     region        proximity',
      '  1  eu-central-1  ██████████ 10000',
      '  2  eu-west-1     ███░░░░░░░ 2500',
      '',
    ]);
    const [call] = gateway.calls;
    expect(call).toMatchObject({
      method: 'POST',
      headers: { authorization: 'Bearer sk-local', 'x-spillway-residency': 'eu' },
      body: { model: 'chat-small', messages: [{ role: 'user', content: 'Hello there' }] },
    });
  });

  it('names the target that the next request would probe', async () => {
    const [first = ''] = routed.plan;
    await using gateway = await startLoopbackGateway(() => ({ body: { ...routed, probes: [first] } }));
    const { stdout } = await explain(gateway);
    expect(stdout).toContain('  1  eu-central-1  better proximity (its probe)');
  });

  it('exits 1 when the request would be rejected, and says what the code means', async () => {
    await using gateway = await startLoopbackGateway(() => ({ body: rejected }));
    const { exitCode, stdout } = await explain(gateway);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✘ rejected: chat-small in eu, asked from eu-central-1: no_lawful_target');
    expect(stdout).toContain('no target of this model may see a prompt of this residency');
  });

  it('goes on to the lawful gateway when the one asked stands outside the residency', async () => {
    await using lawful = await startLoopbackGateway(() => ({ body: routed }));
    const gateways = [{ region: 'eu-central-1', url: lawful.url }];
    await using first = await startLoopbackGateway(() => ({
      body: { ...rejected, from: 'us-east-1', code: 'wrong_gateway_region', gateways },
    }));
    const { exitCode, stdout, stderr } = await explain(first, '--json');
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(routed);
    const people = await explain(first);
    expect(people.stderr).toContain('us-east-1 stands outside this residency');
  });

  it('reports the refusal itself when that gateway was asked for', async () => {
    await using first = await startLoopbackGateway(() => ({
      body: { ...rejected, from: 'us-east-1', code: 'wrong_gateway_region' },
    }));
    const { exitCode, stdout } = await explain(first, '--from', 'us-east-1');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('wrong_gateway_region');
    expect(stdout).not.toContain('its reach leaves the residency');
  });

  it('says when the gateway found stands elsewhere', async () => {
    await using gateway = await startLoopbackGateway(() => ({ body: routed }));
    const { exitCode, stderr } = await explain(gateway, '--from', 'us-east-1');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('stands in eu-central-1, not in us-east-1. Name the right one with --url.');
  });

  it('takes the model bare, as other commands do', async () => {
    await using gateway = await startLoopbackGateway(() => ({ body: routed }));
    for (const line of [
      ['chat-small', 'Hello there'],
      ['--model', 'chat-small', 'Hello there'],
    ])
      expect((await runCommandLine(['explain', ...line, '--url', gateway.url])).exitCode).toBe(0);
    const bodies = gateway.calls
      .filter(({ path }) => path.startsWith('/spillway/v1/explain'))
      .map(({ body }) => body);
    expect(bodies).toEqual([
      { model: 'chat-small', messages: [{ role: 'user', content: 'Hello there' }] },
      { model: 'chat-small', messages: [{ role: 'user', content: 'Hello there' }] },
    ]);
  });

  it('asks for the lane that it is told', async () => {
    await using gateway = await startLoopbackGateway(() => ({ body: routed }));
    await explain(gateway, '--lane', 'bulk');
    await explain(gateway);
    const asked = gateway.calls.filter(({ path }) => path.startsWith('/spillway/v1/explain'));
    expect(asked.map(({ headers }) => headers['x-spillway-lane'])).toEqual(['bulk', undefined]);
    const { exitCode, stderr } = await explain(gateway, '--lane', 'slow');
    expect([exitCode, stderr]).toEqual([
      2,
      'spillway: --lane must be one of interactive, standard, bulk, not "slow"\n',
    ]);
  });

  it('refuses bad use by name', async () => {
    const missing = await runCommandLine(['explain']);
    expect([missing.exitCode, missing.stderr]).toEqual([
      2,
      'spillway: spillway explain needs <model> (see: spillway explain --help)\n',
    ]);
    const prompt = await runCommandLine(['explain', 'Why is the sky blue?']);
    expect(prompt.stderr).toBe(missing.stderr);
    const two = await runCommandLine(['explain', 'chat-small', 'Hello', '--model', 'chat-large']);
    expect([two.exitCode, two.stderr]).toEqual([
      2,
      'spillway: Name one model: "chat-small" and --model chat-large are two\n',
    ]);
    const tokens = await runCommandLine(['explain', '--model', 'x', '--max-tokens', 'many']);
    expect([tokens.exitCode, tokens.stderr]).toEqual([
      2,
      'spillway: --max-tokens must be a whole number from 1, not "many"\n',
    ]);
  });

  it('tells a person to start local mode when nothing listens', async () => {
    const gateway = await startLoopbackGateway(() => ({ body: {} }));
    await gateway[Symbol.asyncDispose]();
    const { exitCode, stderr } = await runCommandLine(['explain', '--model', 'x', '--url', gateway.url]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `spillway: Nothing listens at ${gateway.url}. Start local mode with \`npm start\`, or name your gateway with --url.\n`,
    );
  });

  it("hands on the gateway's own refusal with its code", async () => {
    await using gateway = await startLoopbackGateway(() => ({
      status: 401,
      body: {
        error: { message: 'The key is not known.', type: 'invalid_request_error', code: 'invalid_api_key' },
      },
    }));
    const { exitCode, stderr } = await runCommandLine(['explain', '--model', 'x', '--url', gateway.url]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `spillway: The gateway at ${gateway.url} refused (401 invalid_api_key): The key is not known. Name a key of a tenant with --key.\n`,
    );
  });

  it('refuses an answer that is no explanation', async () => {
    await using gateway = await startLoopbackGateway(() => ({ body: { hello: 'world' } }));
    const { exitCode, stderr } = await runCommandLine(['explain', '--model', 'x', '--url', gateway.url]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is not what this version understands (decision:');
  });
});

describe('localGatewayUrl', () => {
  it('counts ports in the order of the configuration', () => {
    const config = { gateways: ['us-east-1', 'eu-central-1'] };
    expect(localGatewayUrl('http://127.0.0.1:4000', config, 'eu-central-1')).toBe('http://127.0.0.1:4001');
    expect(() => localGatewayUrl('http://127.0.0.1:4000', config, 'sa-east-1')).toThrow(
      'There is no gateway in "sa-east-1"',
    );
  });
});

describe('spillway explain --work', () => {
  it.each([
    ['chat', '/v1/chat/completions', { messages: [{ role: 'user', content: 'Hi' }] }],
    ['embedding', '/v1/embeddings', { input: 'Hi' }],
    ['count-tokens', '/v1/messages/count_tokens', { messages: [{ role: 'user', content: 'Hi' }] }],
  ])('%s asks in the words of its API', async (work, path, body) => {
    const asked: { readonly path: string; readonly body: unknown }[] = [];
    await using gateway = await startLoopbackGateway((call) => {
      asked.push({ path: call.path, body: call.body });
      return { body: routed };
    });
    const line = ['explain', '--model', 'm', '--work', work, '--json', 'Hi', '--url', gateway.url];
    const { exitCode } = await runCommandLine(line);
    expect(exitCode).toBe(0);
    expect(asked).toEqual([
      { path: `/spillway/v1/explain?for=${encodeURIComponent(path)}`, body: { model: 'm', ...body } },
    ]);
  });

  it.each([
    [['--work', 'paint'], /--work must be one of chat, embedding, count-tokens/],
    [['--work', 'embedding', '--stream'], /are for chats/],
  ])('is told from what it cannot be: %j', async (more, message) => {
    const { exitCode, stderr } = await runCommandLine(['explain', '--model', 'm', ...more]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });
});
