import { Sha256 } from '@aws-crypto/sha256-js';
import { BedrockClient, ListFoundationModelsCommand } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueSession } from '#local/wire/access-keys.ts';
import type { LocalServer } from '#local/wire/local-server.ts';
import {
  callControl,
  clientOptions,
  credentialsOf,
  startTestServer,
} from '#test/builders/local-test-server.ts';

let server: LocalServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const converse = {
  modelId: 'arn:aws:bedrock:eu-west-1:222222222222:inference-profile/eu.a.b:0',
  messages: [],
};

interface Signing {
  readonly service?: string;
  readonly path?: string;
  readonly method?: string;
  readonly query?: Record<string, string>;
  readonly body?: string;
  readonly signingDate?: Date;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly headers?: Record<string, string>;
}

async function sign(given: Signing) {
  const { host, hostname, port } = new URL(server.url);
  const signer = new SignatureV4({
    service: given.service ?? 'bedrock',
    region: 'us-east-1',
    credentials: given.credentials ?? credentialsOf(),
    sha256: Sha256,
  });
  const request = {
    method: given.method ?? 'GET',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: given.path ?? '/foundation-models',
    query: given.query ?? {},
    headers: { host, ...given.headers },
    ...(given.body === undefined ? {} : { body: given.body }),
  };
  return signer.sign(request, { signingDate: given.signingDate ?? new Date() });
}

async function send(signed: Awaited<ReturnType<typeof sign>>, change: { path?: string; body?: string } = {}) {
  const query = new URLSearchParams(signed.query as Record<string, string>).toString();
  const path = `${change.path ?? signed.path}${query === '' ? '' : `?${query}`}`;
  const { host: _, ...headers } = signed.headers;
  const body = change.body ?? signed.body;
  const response = await fetch(server.url + path, {
    method: signed.method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: response.status,
    error: response.headers.get('x-amzn-errortype'),
    text: await response.text(),
  };
}

describe('signatures', () => {
  it('accepts what the SDK signs: HTTP/1.1 with a query, and HTTP/2 with an ARN in the path', async () => {
    const bedrock = new BedrockClient(clientOptions(server));
    const listed = await bedrock.send(new ListFoundationModelsCommand({ byProvider: 'A B/c' as never }));
    expect(listed.modelSummaries).toHaveLength(2);
    const runtime = new BedrockRuntimeClient(
      clientOptions(server, { account: '222222222222', region: 'eu-west-1' }),
    );
    const answer = await runtime.send(new ConverseCommand(converse));
    expect(answer.output?.message?.content?.[0]?.text).toBe(`222222222222 eu-west-1 ${converse.modelId}`);
    bedrock.destroy();
    runtime.destroy();
  });

  it('refuses a wrong secret, an unknown key and a bearer token with 403', async () => {
    const wrong = { ...credentialsOf(), secretAccessKey: 'local-other' };
    const refused = async (credentials: typeof wrong) => {
      const client = new BedrockClient({ ...clientOptions(server), credentials });
      const error = await client.send(new ListFoundationModelsCommand({})).catch((thrown) => thrown);
      client.destroy();
      return [error.name, error.$metadata.httpStatusCode];
    };
    expect(await refused(wrong)).toEqual(['InvalidSignatureException', 403]);
    const unknown = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'local-AKIAIOSFODNN7EXAMPLE' };
    expect(await refused(unknown)).toEqual(['UnrecognizedClientException', 403]);
    const short = { accessKeyId: 'LKIA1234', secretAccessKey: 'local-LKIA1234' };
    expect(await refused(short)).toEqual(['UnrecognizedClientException', 403]);
    const bearer = await fetch(`${server.url}/foundation-models`, {
      headers: { authorization: 'Bearer sk-local' },
    });
    expect([bearer.status, bearer.headers.get('x-amzn-errortype')]).toEqual([403, 'AccessDeniedException']);
  });

  it('calls the same refusals by their query names at STS', async () => {
    const names = [];
    for (const credentials of [
      { ...credentialsOf(), secretAccessKey: 'x' },
      { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
    ]) {
      const client = new STSClient({ ...clientOptions(server), credentials });
      const error = await client.send(new GetCallerIdentityCommand({})).catch((thrown) => thrown);
      names.push([error.name, error.$metadata.httpStatusCode]);
      client.destroy();
    }
    expect(names).toEqual([
      ['SignatureDoesNotMatch', 403],
      ['InvalidClientTokenId', 403],
    ]);
  });

  it('notices a changed path, query, body and signed header', async () => {
    const good = await sign({ query: { byProvider: 'x' } });
    expect((await send(good)).status).toBe(200);
    expect((await send(good, { path: '/foundation-models/' })).error).toBe('InvalidSignatureException');
    expect((await send({ ...good, query: { byProvider: 'y' } })).error).toBe('InvalidSignatureException');
    const changed = {
      ...good,
      headers: {
        ...good.headers,
        'x-amz-date':
          good.headers['x-amz-date']?.replace(/\dZ$/, (last) => (last === '1Z' ? '2Z' : '1Z')) ?? '',
      },
    };
    expect((await send(changed)).error).toBe('InvalidSignatureException');
    const posted = await sign({ method: 'POST', path: '/model/m/converse', body: '{"messages":[]}' });
    expect((await send(posted)).status).toBe(200);
    expect((await send(posted, { body: '{"messages":[ ]}' })).error).toBe('InvalidSignatureException');
  });

  it('refuses clocks more than five minutes apart, either way, and takes four', async () => {
    const at = async (minutes: number) => {
      const answer = await send(await sign({ signingDate: new Date(Date.now() + minutes * 60_000) }));
      return [answer.status, answer.error];
    };
    expect(await at(-6)).toEqual([403, 'InvalidSignatureException']);
    expect(await at(6)).toEqual([403, 'InvalidSignatureException']);
    expect(await at(-4)).toEqual([200, null]);
    expect(await at(4)).toEqual([200, null]);
  });

  it('refuses a signature for another service and one without host', async () => {
    const answer = await send(await sign({ service: 'sagemaker' }));
    expect([answer.status, answer.error]).toEqual([403, 'InvalidSignatureException']);
    expect(answer.text).toContain("correct service: 'bedrock'");
    const good = await sign({});
    const authorization = good.headers.authorization?.replace('SignedHeaders=host;', 'SignedHeaders=') ?? '';
    const unhosted = await send({ ...good, headers: { ...good.headers, authorization } });
    expect(unhosted.text).toContain('must be a');
  });

  it('refuses calls without or with half a signature', async () => {
    const bare = await fetch(`${server.url}/foundation-models`);
    expect([bare.status, bare.headers.get('x-amzn-errortype')]).toEqual([
      403,
      'MissingAuthenticationTokenException',
    ]);
    const half = await fetch(`${server.url}/foundation-models`, {
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=LKIA111111111111/x' },
    });
    expect([half.status, half.headers.get('x-amzn-errortype')]).toEqual([403, 'IncompleteSignature']);
  });
});

describe('temporary keys', () => {
  it('stand for the role: its account is the caller, its token must come along', async () => {
    const sts = new STSClient(clientOptions(server));
    const RoleArn = 'arn:aws:iam::333333333333:role/spillway/invoke';
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'gateway' }));
    const accessKeyId = Credentials?.AccessKeyId ?? '';
    const keys = { accessKeyId, secretAccessKey: Credentials?.SecretAccessKey ?? '' };
    expect(keys.secretAccessKey).toBe(`local-${accessKeyId}`);
    const full = { ...keys, sessionToken: Credentials?.SessionToken ?? '' };
    const identify = async (credentials: typeof keys) => {
      const client = new STSClient({ ...clientOptions(server), credentials });
      const answer = await client.send(new GetCallerIdentityCommand({})).catch((error) => error.name);
      client.destroy();
      return answer.Arn ?? answer;
    };
    expect(await identify(full)).toBe('arn:aws:sts::333333333333:assumed-role/invoke/gateway');
    expect(await identify(keys)).toBe('InvalidClientTokenId');
    expect(await identify({ ...full, sessionToken: `${full.sessionToken}x` } as never)).toBe(
      'InvalidClientTokenId',
    );
    const other = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'other' }));
    expect(await identify({ ...keys, sessionToken: other.Credentials?.SessionToken } as never)).toBe(
      'InvalidClientTokenId',
    );
    sts.destroy();
  });

  it('expire', async () => {
    const request = {
      account: '333333333333',
      roleArn: 'arn:aws:iam::333333333333:role/r',
      roleName: 'r',
      sessionName: 's',
    };
    const live = await send(await sign({ credentials: issueSession({ ...request, durationSeconds: 60 }) }));
    expect(live.status).toBe(200);
    const dead = await send(await sign({ credentials: issueSession({ ...request, durationSeconds: -1 }) }));
    expect([dead.status, dead.error]).toEqual([403, 'ExpiredTokenException']);
  });
});

it('journals refused calls with what they claimed to be', async () => {
  await callControl(server, 'DELETE', 'journal');
  await fetch(`${server.url}/foundation-models`);
  await send(await sign({ credentials: { ...credentialsOf('444444444444'), secretAccessKey: 'x' } }));
  const { body } = await callControl(server, 'GET', 'journal');
  expect(body).toMatchObject([
    { service: 'bedrock', operation: 'ListFoundationModels', account: null, status: 403 },
    { account: '444444444444', region: 'us-east-1', status: 403, error: 'InvalidSignatureException' },
  ]);
});
