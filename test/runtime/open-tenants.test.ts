import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { createMemoryKeyStore } from '#adapters/memory/memory-key-store.ts';
import { cryptoRandom } from '#adapters/system/crypto-random.ts';
import { createHmacKeyHasher } from '#adapters/system/hmac-key-hasher.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { openTenants, withTenants } from '#runtime/open-tenants.ts';
import { aKey, apiKeyOf } from '#test/builders/a-key.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { key } = apiKeyOf(0);
const pepper = 'the pepper of this test, which is long';
const hasher = createHmacKeyHasher(pepper);
const record = aKey({ hash: hasher.hash(key), pepperId: hasher.pepperId });

function tenants(given: string | undefined, config = acmeConfig()) {
  const lines: string[] = [];
  const opened = openTenants({
    config,
    account: '111111111111',
    region: 'us-east-1',
    keys: createMemoryKeyStore([record]),
    pepper: given,
    lastGoodDirectory: folder,
    clock: systemClock,
    random: cryptoRandom,
    log: { write: (_level, event) => void lines.push(event) },
    metrics: { record: () => undefined, ejected: () => undefined, count: () => undefined },
  });
  return { opened, lines };
}

describe('the tenants of a gateway', () => {
  it('are known by keys of the table and of the configuration, and kept for the next process', async () => {
    const { opened, lines } = tenants(pepper);
    await opened.start();
    opened.stop();
    expect(await opened.identify(key)).toMatchObject({ name: 'demo' });
    expect(await opened.identify('sk-local')).toMatchObject({ name: 'demo' });
    expect(lines).toEqual([]);
    await expect
      .poll(() => readdirSync(folder), { timeout: 5_000 })
      .toEqual(['acme-111111111111-us-east-1-keys.json']);
  });

  it('are known by the configuration alone where there is no pepper, and operators are told', async () => {
    const { opened, lines } = tenants(undefined);
    await opened.start();
    expect(await opened.identify('sk-local')).toMatchObject({ name: 'demo' });
    expect(await opened.identify(key)).toBe('unknown');
    expect(lines).toEqual(['key-pepper-missing']);
  });

  it('are known by tokens of the issuers that they trust, also when the issuer is away', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const keySet = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'RS256' }] });
    const server = createServer((_, response) => response.end(keySet));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const token = await new SignJWT({ team: 'ml' })
      .setProtectedHeader({ alg: 'RS256', kid: '1' })
      .setIssuer(issuer)
      .setAudience('spillway')
      .setExpirationTime('1h')
      .sign(privateKey);
    const trust = { issuer, audience: 'spillway', claims: { team: 'ml' } };
    const config = acmeConfig({ tenants: { team: { residencies: ['eu'], tokens: [trust] } } });
    const lit = tenants(pepper, config).opened;
    await lit.start();
    lit.stop();
    expect(await lit.identify(token)).toEqual({
      name: 'team',
      residencies: ['eu'],
      models: ['*'],
      credential: { kind: 'token', issuer, subjectMark: undefined },
    });
    await expect
      .poll(() => readdirSync(folder), { timeout: 5_000 })
      .toContain('acme-111111111111-us-east-1-issuers.json');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const dark = tenants(pepper, config).opened;
    await dark.start();
    dark.stop();
    expect(await dark.identify(token)).toMatchObject({ name: 'team' });
  });

  it('are known by who signed, only where the front door checks signatures', () => {
    const arn = 'arn:aws:iam::111111111111:role/app';
    const signed = { account: '111111111111', arn: 'arn:aws:sts::111111111111:assumed-role/app/session' };
    const given = {
      tenants: { app: { residencies: ['eu'], principals: [arn] } },
      operators: { principals: [arn] },
    };
    const iam = tenants(pepper, acmeConfig({ ...given, frontDoor: { authorization: 'iam' } })).opened;
    expect(iam.identifyPrincipal?.(signed)).toEqual({
      name: 'app',
      residencies: ['eu'],
      models: ['*'],
      credential: { kind: 'principal', arn },
    });
    expect(iam.operators.ofPrincipal(signed)).toEqual({ by: signed.arn });
    const keys = tenants(pepper, acmeConfig(given)).opened;
    expect(keys.identifyPrincipal).toBeUndefined();
    expect(keys.operators.ofPrincipal(signed)).toBeUndefined();
  });

  it('are read when the gateway’s routes are', async () => {
    const calls: string[] = [];
    const part = (name: string) => ({
      start: async () => void calls.push(`${name} start`),
      refresh: async () => void calls.push(`${name} refresh`),
      stop: () => void calls.push(`${name} stop`),
    });
    const both = withTenants(
      {
        ...part('gateway'),
        handle: async () => new Response(),
        answer: async () => ({ status: 200, headers: new Map(), body: null }),
        isReady: () => ({ ready: true, missing: [] }),
        settled: () => undefined,
      },
      { ...part('tenants'), identify: async () => 'unknown' as const },
    );
    await both.start();
    await both.refresh();
    both.stop();
    expect(calls).toEqual(
      ['start', 'refresh', 'stop'].flatMap((what) => [`tenants ${what}`, `gateway ${what}`]),
    );
  });
});
