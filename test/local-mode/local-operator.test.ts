import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpKeySetSource } from '#adapters/system/http-key-set-source.ts';
import { joseTokenVerifier } from '#adapters/system/jose-token-verifier.ts';
import { tokenTrustSchema } from '#contract/token-trust.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { createLocalOperator, operatorTokenPath } from '#local-mode/local-operator.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const madeAt = Date.UTC(2026, 10, 21, 8);
const operator = await createLocalOperator(() => madeAt);
let aws: LocalAws;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0, controls: operator.controls });
});
afterAll(() => aws.close());

const trusted = () => {
  const [trust] = operator.trustedBy(acmeConfig(), aws.url).operators.tokens;
  return tokenTrustSchema.required({ jwksUrl: true }).parse(trust);
};
const askToken = (headers: Record<string, string> = {}) =>
  fetch(`${aws.url}/${operatorTokenPath}`, { method: 'POST', headers });

describe('the operator of local mode', () => {
  it('shows a token that the gateways’ own verifier takes by the key set, for an hour', async () => {
    const { token } = (await (await askToken()).json()) as { token: string };
    const keySet = await httpKeySetSource.load(trusted().jwksUrl);
    const judged = (seconds: number) =>
      joseTokenVerifier.verify(token, trusted(), { keySet, at: madeAt + seconds * 1000 });
    expect(await judged(3_500)).toMatchObject({ sub: 'local-operator', scope: 'operate' });
    expect(await judged(3_700)).toBe('invalid');
    expect(JSON.stringify(keySet)).not.toContain('"d"');
  });

  it('has a key that no other run has', async () => {
    const other = await createLocalOperator(() => madeAt);
    const issue = other.controls.find(({ name }) => name === 'operator-token')?.methods.POST;
    const { token = '' } = { ...((await issue?.(undefined, new URLSearchParams())) as { token: string }) };
    const keySet = await httpKeySetSource.load(trusted().jwksUrl);
    expect(await joseTokenVerifier.verify(token, trusted(), { keySet, at: madeAt })).toBe('invalid');
  });

  it('gives none to the page of another site, nor to who only reads', async () => {
    expect((await askToken({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await askToken({ origin: aws.url })).status).toBe(200);
    expect((await fetch(`${aws.url}/${operatorTokenPath}`)).status).toBe(405);
  });

  it('stands beside the issuers of the configuration', () => {
    const own = trusted();
    const config = acmeConfig();
    const some = { ...config, operators: { ...config.operators, tokens: [own] } };
    expect(operator.trustedBy(some, aws.url).operators.tokens).toHaveLength(2);
  });
});
