/** A key's life by the command line, seen from outside at every gateway: made, narrowed, followed, closed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { chat, eventually, type SpillwayProcess, startSpillway } from './spillway-process.ts';

/** A snapshot is read again after 5 s at most a tenth more; the rest is this machine. */
const AGE_MS_MAX = 10_000;

let spillway: SpillwayProcess;
beforeAll(async () => {
  spillway = await startSpillway();
}, 60_000);
afterAll(() => spillway?.close());

interface CreatedKey {
  readonly key: string;
  readonly keyId: string;
}

async function spillwayKey<Answer = CreatedKey>(...argv: readonly string[]): Promise<Answer> {
  const { exitCode, stdout, stderr } = await runCommandLine(
    ['key', ...argv, '--json', '--aws-url', spillway.awsUrl],
    { now: new Date().toISOString() },
  );
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  return JSON.parse(stdout);
}

async function ask(
  url: string,
  key: string,
  request: { readonly body?: Record<string, unknown>; readonly residency?: string } = {},
): Promise<string> {
  const residency = request.residency === undefined ? {} : { 'x-spillway-residency': request.residency };
  const response = await chat(url, {
    ...(request.body === undefined ? {} : { body: request.body }),
    headers: { authorization: `Bearer ${key}`, ...residency },
  });
  const answer = (await response.json()) as { readonly error?: { readonly code: string } };
  return answer.error === undefined ? String(response.status) : `${response.status} ${answer.error.code}`;
}

async function untilEverywhere(key: string, expected: string): Promise<void> {
  await Promise.all(
    spillway.gateways.map(({ url, region }) =>
      eventually(
        async () => ((await ask(url, key)) === expected ? true : undefined),
        `${region} answers ${expected}`,
        AGE_MS_MAX,
      ),
    ),
  );
}

describe('a key that the command line made', () => {
  it('works at every gateway, is followed by another, and opens nothing once it is revoked', async () => {
    const first = await spillwayKey('create', '--tenant', 'demo', '--label', 'life');
    await untilEverywhere(first.key, '200');
    const second = await spillwayKey('rotate', first.keyId, '--expire-old-in', '1h', '--yes');
    await untilEverywhere(second.key, '200');
    for (const { url } of spillway.gateways) expect(await ask(url, first.key)).toBe('200');
    await spillwayKey('revoke', first.keyId, '--reason', 'rotated', '--yes');
    await untilEverywhere(first.key, '401 invalid_api_key');
    for (const { url } of spillway.gateways) expect(await ask(url, second.key)).toBe('200');
    const listed = await spillwayKey<readonly { readonly keyId: string; readonly state: string }[]>(
      'list',
      '--tenant',
      'demo',
    );
    expect(listed).toMatchObject([
      { keyId: first.keyId, state: 'revoked' },
      { keyId: second.keyId, state: 'live' },
    ]);
  }, 60_000);

  it('is held to its models and residencies, whatever the tenant may do', async () => {
    const { key } = await spillwayKey(
      ...['create', '--tenant', 'demo', '--label', 'narrow'],
      ...['--residency', 'eu', '--model', 'chat-small'],
    );
    const url = spillway.gatewayUrl('eu-central-1');
    const small = { model: 'chat-small' };
    await eventually(
      async () => ((await ask(url, key, { body: small, residency: 'eu' })) === '200' ? true : undefined),
      'the key is known',
      AGE_MS_MAX,
    );
    expect(await ask(url, key, { body: { model: 'chat-large' }, residency: 'eu' })).toBe(
      '403 model_not_allowed',
    );
    for (const residency of ['us', 'japan', 'frankfurt', 'anywhere'])
      expect(await ask(url, key, { body: small, residency })).toBe('403 residency_not_allowed');
    // The tenant's default is not among the key's: a prompt goes nowhere by default.
    expect(await ask(url, key, { body: small })).toBe('400 residency_required');
    const models = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    expect(await models.json()).toMatchObject({ data: [{ id: 'chat-small' }] });
  }, 30_000);

  it('leaves no trace of itself in what local mode prints', async () => {
    const { key, keyId } = await spillwayKey('create', '--tenant', 'demo', '--label', 'silent');
    const url = spillway.gatewayUrl('us-east-1');
    await eventually(async () => ((await ask(url, key)) === '200' ? true : undefined), 'the key is known');
    await ask(url, `${key}x`);
    const [, , , secret = ''] = key.split('-');
    expect(secret).toHaveLength(43);
    expect(spillway.output()).not.toContain(secret);
    expect(keyId).toHaveLength(12);
  });
});

describe('a key order from far away', () => {
  it('waits for tables that take longer than a gateway would wait', async () => {
    await spillway.control('PUT', 'faults', [{ service: 'dynamodb', kind: 'latency', milliseconds: 2_500 }]);
    try {
      const { keyId } = await spillwayKey('create', '--tenant', 'demo', '--label', 'far-away');
      expect(keyId).toMatch(/^[a-z0-9]+$/i);
    } finally {
      await spillway.control('PUT', 'faults', []);
    }
  });
});
