/** `key create`, `key rotate`, `key revoke` and `key list` over one table. */
import { describe, expect, it } from 'vitest';
import { createMemoryKeyStore } from '#adapters/memory/memory-key-store.ts';
import { createHmacKeyHasher } from '#adapters/system/hmac-key-hasher.ts';
import { readApiKey } from '#core/keys/api-key.ts';
import type { KeyRecord } from '#core/keys/key-record.ts';
import { localKeyPepper } from '#runtime/key-pepper.ts';
import { aKey } from '#test/builders/a-key.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';

const hasher = createHmacKeyHasher(localKeyPepper('acme'));

function desk(initial: readonly KeyRecord[] = [], bad: readonly string[] = []) {
  const keys = createMemoryKeyStore(initial);
  const loadAll = async () => ({ ...(await keys.loadAll()), bad });
  const openKeyStore = () => ({ keys: { ...keys, loadAll }, close: () => undefined });
  return {
    keys,
    run: (line: string, typed?: string) =>
      runCommandLine(line.split(' '), { openKeyStore, ...(typed === undefined ? {} : { typed }) }),
  };
}

interface CreatedJson {
  readonly key: string;
  readonly keyId: string;
}

async function made(world: ReturnType<typeof desk>, options = ''): Promise<CreatedJson> {
  const { stdout, exitCode, stderr } = await world.run(`key create --tenant demo --json${options}`);
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('operator-created-key')]);
  return JSON.parse(stdout);
}

describe('spillway key create', () => {
  it('shows the key once, and says what it is', async () => {
    const world = desk();
    const { exitCode, stdout, stderr } = await world.run(
      'key create --tenant demo --label ci --expires-in 90d --residency eu --residency us --model chat-small',
    );
    expect(exitCode).toBe(0);
    const [record] = (await world.keys.loadAll()).keys;
    const key = /^ {2}(sk-spillway-\S+)$/m.exec(stdout)?.[1] ?? '';
    expect(readApiKey(key)).toEqual({ kind: 'spillway', keyId: record?.keyId });
    expect(record !== undefined && hasher.matches(key, record)).toBe(true);
    expect(stdout).toBe(
      [
        `✔ Key ${record?.keyId} of tenant demo, label ci; expires 2027-02-19 07:30:00Z; scopes: eu, us · chat-small.`,
        '',
        `  ${key}`,
        '',
        'It is shown this once and kept nowhere. Gateways know it within five seconds.',
        '',
      ].join('\n'),
    );
    expect(JSON.parse(stderr)).toMatchObject({ event: 'operator-created-key', keyId: record?.keyId });
    expect(stderr).not.toContain(key);
    expect(record).toMatchObject({ residencies: ['eu', 'us'], models: ['chat-small'] });
  });

  it('gives programs the key and what is kept of it, but no hash', async () => {
    const { key, ...shown } = await made(desk());
    expect(shown).toEqual({
      keyId: key.split('-')[2],
      tenant: 'demo',
      label: 'default',
      state: 'live',
      createdAt: '2026-11-21T07:30:00.000Z',
      createdBy: expect.any(String),
      pepperId: hasher.pepperId,
    });
  });

  it.each([
    ['--tenant nobody', 'The configuration has no tenant "nobody"; it has demo'],
    ['', 'spillway key create needs --tenant <name>'],
    ['--tenant demo --residency mars', '--residency "mars" is not among the tenant\'s: us, eu'],
    ['--tenant demo --model gpt', '--model "gpt" is not among the tenant\'s: *, chat-large'],
    ['--tenant demo --label Über', '--label must be a lower-case letter'],
    ['--tenant demo --expires-in soon', '--expires-in must be a duration of at most ten years'],
    ['--tenant demo --expires-in 3651d', 'not "3651d"'],
  ])('refuses %j as bad use, and makes nothing', async (options, message) => {
    const world = desk();
    const { exitCode, stdout, stderr } = await world.run(`key create ${options}`.trim());
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect((await world.keys.loadAll()).keys).toEqual([]);
  });

  it('warns where other keys were made with another pepper', async () => {
    const world = desk([aKey()]);
    const { exitCode, stderr } = await world.run('key create --tenant demo');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Other live keys were made with another pepper');
  });

  it('refuses a third live key of a label', async () => {
    const world = desk();
    await made(world);
    await made(world);
    const { exitCode, stderr } = await world.run('key create --tenant demo');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Tenant demo has two live keys default already, \S+ and \S+: revoke one/);
  });
});

describe('spillway key rotate', () => {
  it('makes the second live key and says when the old one expires', async () => {
    const world = desk();
    const old = await made(world, ' --residency eu');
    const { exitCode, stdout } = await world.run(`key rotate ${old.keyId} --expire-old-in 12h --yes`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`The old key ${old.keyId} works until 2026-11-21 19:30:00Z.`);
    const { keys } = await world.keys.loadAll();
    expect(keys).toMatchObject([
      { keyId: old.keyId, expiresAt: '2026-11-21T19:30:00.000Z' },
      { label: 'default', residencies: ['eu'] },
    ]);
    const again = await world.run(`key rotate ${old.keyId} --yes`);
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('two live keys default')]);
  });

  it('tells programs both keys, and changes nothing when a person declines', async () => {
    const world = desk();
    const old = await made(world);
    const declined = await world.run(`key rotate ${old.keyId}`, 'n');
    expect(declined.exitCode).toBe(1);
    expect(declined.stderr).toContain(`Let key ${old.keyId} expire in 7d`);
    expect((await world.keys.loadAll()).keys).toHaveLength(1);
    const { stdout } = await world.run(`key rotate ${old.keyId} --json --yes`);
    expect(JSON.parse(stdout)).toMatchObject({
      key: expect.stringMatching(/^sk-spillway-/),
      state: 'live',
      old: { keyId: old.keyId, expiresAt: '2026-11-28T07:30:00.000Z' },
    });
  });
});

describe('spillway key revoke', () => {
  it('closes a key by its id, with a reason in the audit', async () => {
    const world = desk();
    const { keyId } = await made(world);
    const { exitCode, stdout, stderr } = await world.run(`key revoke ${keyId} --reason leaked --yes`);
    expect([exitCode, stdout]).toEqual([
      0,
      `✔ Key ${keyId} of tenant demo, label default, is revoked since 2026-11-21 07:30:00Z.\n`,
    ]);
    expect(JSON.parse(stderr)).toMatchObject({ event: 'operator-revoked-key', keyId, reason: 'leaked' });
  });

  it('refuses an id that no key has, and needs a reason and somebody who agrees', async () => {
    const world = desk();
    const { keyId } = await made(world);
    const unknown = await world.run('key revoke 0123456789ab --reason x --yes');
    expect([unknown.exitCode, unknown.stderr]).toEqual([1, 'spillway: There is no key 0123456789ab.\n']);
    expect((await world.run(`key revoke ${keyId} --yes`)).exitCode).toBe(2);
    expect((await world.run(`key revoke ${keyId} --reason x`)).stderr).toContain('add --yes');
    expect((await world.keys.loadAll()).keys[0]?.revokedAt).toBeUndefined();
  });
});

describe('spillway key list', () => {
  it('shows ids, states, ages and scopes, and neither keys nor hashes', async () => {
    const world = desk([], ['demo/old/1']);
    const first = await made(world, ' --label app --model chat-small --expires-in 1d');
    const second = await made(world, ' --label ci');
    await world.run(`key revoke ${second.keyId} --reason x --yes`);
    const { exitCode, stdout, stderr } = await world.run('key list --tenant demo');
    expect([exitCode, stderr]).toEqual([
      0,
      'demo/old/1 is not of the shape of a key: no gateway serves it.\n',
    ]);
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'key id        tenant  label  state    created   end                   scopes',
      `${first.keyId}  demo    app    live     just now  2026-11-22 07:30:00Z  chat-small`,
      `${second.keyId}  demo    ci     revoked  just now  2026-11-21 07:30:00Z  the tenant's`,
      '',
    ]);
    const json = await world.run('key list --json');
    expect(JSON.parse(json.stdout)).toMatchObject([{ keyId: first.keyId }, { keyId: second.keyId }]);
    for (const { hash } of (await world.keys.loadAll()).keys) expect(json.stdout).not.toContain(hash);
  });

  it('says which pepper a key was made with while there are two', async () => {
    const before = createHmacKeyHasher('the pepper that local mode had before');
    const world = desk([aKey({ label: 'before', pepperId: before.pepperId })]);
    await made(world, ' --label now');
    const { stdout } = await world.run('key list');
    const [head = '', first = '', second = ''] = stdout.split('\n');
    const at = head.indexOf('pepper');
    expect([first, second].map((row) => row.slice(at, at + 12))).toEqual([before.pepperId, hasher.pepperId]);
  });

  it('exits 1 where there is none', async () => {
    const { exitCode, stdout } = await desk().run('key list --tenant other');
    expect([exitCode, stdout]).toEqual([1, 'There is no key. Make one with `spillway key create`.\n']);
  });
});
