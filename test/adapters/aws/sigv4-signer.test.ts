import { Sha256 } from '@aws-crypto/sha256-js';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AwsCredentials, signUpstreamRequest } from '#adapters/aws/sigv4-signer.ts';
import { pathSegment, upstreamAddress } from '#adapters/aws/upstream-address.ts';
import { bedrockTarget } from '#test/builders/model-call.ts';

const credentials = { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local-LKIA111111111111' };

interface CapturedRequest {
  readonly method: string;
  readonly path: string;
  readonly hostname: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

/** The request that the real SDK client would have sent. */
async function captureSdkRequest(modelId: string, region: string): Promise<CapturedRequest> {
  const captured = Promise.withResolvers<CapturedRequest>();
  const client = new BedrockRuntimeClient({
    region,
    credentials,
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: unknown) => {
        captured.resolve(request as CapturedRequest);
        throw new Error('captured');
      },
    },
  });
  const command = new ConverseStreamCommand({
    modelId,
    messages: [{ role: 'user', content: [{ text: 'hi' }] }],
  });
  await client.send(command).catch(() => undefined);
  client.destroy();
  return captured.promise;
}

function instantOf(amzDate: string): Date {
  return new Date(amzDate.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** Everything that the SDK signed, without what the signer adds itself. */
function signedInput(request: CapturedRequest): Record<string, string> {
  const names = /SignedHeaders=([^,]+)/.exec(request.headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const own = new Set(['host', 'x-amz-date', 'x-amz-content-sha256']);
  return Object.fromEntries(
    names.filter((name) => !own.has(name)).map((name) => [name, request.headers[name] ?? '']),
  );
}

function textOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

describe('signUpstreamRequest', () => {
  it.each([
    'anthropic.claude-sonnet-4-5-20250929-v1:0',
    'arn:aws:bedrock:eu-west-1:111111111111:inference-profile/eu.amazon.nova-lite-v1:0',
  ])('signs a call of %s exactly as the real SDK does', async (modelId) => {
    const region = 'eu-west-1';
    const theirs = await captureSdkRequest(modelId, region);
    const path = `/model/${pathSegment(modelId)}/converse-stream`;
    const ours = signUpstreamRequest(
      {
        address: upstreamAddress(bedrockTarget({ region }), undefined),
        path,
        headers: signedInput(theirs),
        body: textOf(theirs.body),
      },
      credentials,
      instantOf(theirs.headers['x-amz-date'] ?? ''),
    );
    expect(path).toBe(theirs.path);
    expect(ours.authorization).toBe(theirs.headers.authorization);
  });

  it('sends and signs the session token of assumed credentials', () => {
    const headers = signUpstreamRequest(
      { address: upstreamAddress(bedrockTarget(), undefined), path: '/', headers: {}, body: '' },
      { ...credentials, sessionToken: 'token' },
      new Date(0),
    );
    expect(headers['x-amz-security-token']).toBe('token');
    expect(headers.authorization).toContain('x-amz-security-token');
  });

  it('refuses to sign a call for another region than the one that its host is in', () => {
    const address = { ...upstreamAddress(bedrockTarget(), undefined), region: 'eu-west-1' };
    const sign = () =>
      signUpstreamRequest({ address, path: '/', headers: {}, body: '' }, credentials, new Date(0));
    expect(sign).toThrow('must not be signed for eu-west-1');
  });

  it('signs every path, header, body, region, day and identity as the SDK signs it', async () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const calls = fc.record({
      model: fc.string({ minLength: 1 }).filter((name) => name !== '.' && name !== '..'),
      headers: fc.dictionary(
        word.map((name) => `x-${name}`),
        fc.stringMatching(/^ {0,2}[!-~]{1,9}( {1,3}[!-~]{1,9})? {0,2}$/),
      ),
      body: fc.string({ unit: 'binary' }),
      region: fc.constantFrom('us-east-1', 'eu-west-1', 'cn-north-1'),
      at: fc.date({ min: new Date(0), max: new Date(Date.UTC(2100, 0, 1)), noInvalidDate: true }),
      secret: fc.constantFrom('one', 'two'),
      sessionToken: fc.option(word, { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(calls, async ({ model, headers, body, region, at, secret, sessionToken }) => {
        const identity = identityOf(secret, sessionToken);
        const address = upstreamAddress(bedrockTarget({ region }), undefined);
        const path = `/model/${pathSegment(model.isWellFormed() ? model : 'x')}/converse`;
        const text = body.isWellFormed() ? body : '';
        const theirs = await new SignatureV4({
          service: 'bedrock',
          region,
          credentials: identity,
          sha256: Sha256,
        }).sign(
          {
            method: 'POST',
            protocol: 'https:',
            hostname: address.host,
            path,
            query: {},
            headers: { ...headers, host: address.host },
            body: text,
          },
          { signingDate: at },
        );
        const ours = signUpstreamRequest({ address, path, headers, body: text }, identity, at);
        expect(ours).toEqual(theirs.headers);
      }),
      { numRuns: 200 },
    );
  });
});

/** The same object for the same identity, as the credentials' book hands them out: keys are kept by it. */
const identities = new Map<string, AwsCredentials>();
function identityOf(secret: string, sessionToken: string | undefined): AwsCredentials {
  const name = `${secret} ${sessionToken}`;
  const known = identities.get(name);
  if (known !== undefined) return known;
  const made = {
    accessKeyId: `LKIA${secret}`,
    secretAccessKey: secret,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  identities.set(name, made);
  return made;
}
