import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFunctionUrl } from '#local/lambda/front-doors/function-url.ts';
import type { OpenDoor } from '#local/lambda/front-doors/listen-at-door.ts';
import { openRestApi } from '#local/lambda/front-doors/rest-api.ts';
import { createLambdaHost, type LambdaHost } from '#local/lambda/lambda-host.ts';
import { type LambdaFunctions, openLambdaFunctions } from '#test/builders/lambda-functions.ts';
import { signedFetch } from '#test/builders/signed-fetch.ts';

/** Streams back the event it got, and does what the query says before. */
const echo = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
  const ask = event.queryStringParameters?.do;
  if (ask === 'throw') throw new Error('no');
  if (ask === 'no-head') return void stream.end('plain');
  const answer = awslambda.HttpResponseStream.from(stream, { statusCode: 207, headers: { 'x-own': 'yes' }, cookies: ['a=1', 'b=2'] });
  answer.write(JSON.stringify(event));
  if (ask === 'break') { await new Promise((done) => setTimeout(done, 20)); throw new Error('broke'); }
  answer.end();
});`;

let functions: LambdaFunctions;
let host: LambdaHost;
let functionArn: string;
const doors: OpenDoor[] = [];

beforeAll(() => {
  functions = openLambdaFunctions();
  host = createLambdaHost();
  functionArn = host.createFunction(functions.spec('echo', echo));
});

afterAll(async () => {
  await Promise.all(doors.map((door) => door.close()));
  await host.close();
  functions.close();
});

// biome-ignore lint/suspicious/noExplicitAny: an answer may be any JSON
const jsonOf = async (answer: Response): Promise<any> => answer.json();

async function urlOf(options: Partial<Parameters<typeof openFunctionUrl>[0]> = {}) {
  const door = await openFunctionUrl({ host, functionArn, invokeMode: 'RESPONSE_STREAM', ...options });
  doors.push(door);
  return door.url;
}

async function apiOf(options: Partial<Parameters<typeof openRestApi>[0]> = {}) {
  const place = { account: '111111111111', apiId: 'abc123', stage: 'live' };
  const door = await openRestApi({ host, functionArn, responseTransferMode: 'STREAM', ...place, ...options });
  doors.push(door);
  return `${door.url}/live`;
}

describe('a function URL', () => {
  it('gives the payload of version 2.0 and streams what comes back', async () => {
    const url = await urlOf();
    const answer = await fetch(`${url}/v1/a%20b?x=1&x=2`, {
      method: 'POST',
      body: 'text',
      headers: { cookie: 'c=3' },
    });
    expect([answer.status, answer.headers.get('x-own')]).toEqual([207, 'yes']);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await answer.json()).toMatchObject({
      ...{ version: '2.0', rawPath: '/v1/a%20b', rawQueryString: 'x=1&x=2', cookies: ['c=3'] },
      ...{ queryStringParameters: { x: '1,2' }, body: 'text', isBase64Encoded: false },
      requestContext: { accountId: 'anonymous', http: { method: 'POST', path: '/v1/a%20b' } },
    });
  });

  it('gives a body that is no text in base64', async () => {
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await fetch(await urlOf(), { method: 'POST', body: new Uint8Array([0, 255]), headers });
    expect(await answer.json()).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
  });

  it('asks for a signature, and then whether its owner may', async () => {
    const asked: unknown[] = [];
    const permits: Parameters<typeof openFunctionUrl>[0]['permits'] = (question) => {
      asked.push(question);
      return question.caller.account === '111111111111';
    };
    const url = await urlOf({ permits });
    const unsigned = await fetch(url);
    expect([unsigned.status, await unsigned.json()]).toEqual([
      403,
      { Message: 'Missing Authentication Token' },
    ]);
    const own = { account: '111111111111', region: 'eu-central-1', service: 'lambda' };
    const { requestContext } = await jsonOf(
      await signedFetch(own, `${url}/`, { method: 'POST', body: '{}' }),
    );
    expect(requestContext.authorizer.iam).toMatchObject({ userArn: 'arn:aws:iam::111111111111:user/local' });
    const stranger = await signedFetch({ ...own, account: '222222222222' }, `${url}/`);
    expect([stranger.status, await stranger.json()]).toEqual([403, { Message: 'Forbidden' }]);
    const elsewhere = await signedFetch({ ...own, region: 'us-east-1' }, `${url}/`);
    expect([elsewhere.status, elsewhere.headers.get('x-amzn-errortype')]).toEqual([
      403,
      'InvalidSignatureException',
    ]);
    expect(asked).toMatchObject([
      { action: 'lambda:InvokeFunctionUrl', resource: functionArn },
      { action: 'lambda:InvokeFunction', resource: functionArn },
      { action: 'lambda:InvokeFunctionUrl', caller: { account: '222222222222' } },
    ]);
  });

  it('answers 502 for a function that fails, and breaks off what has begun', async () => {
    const url = await urlOf();
    const failed = await fetch(`${url}/?do=throw`);
    expect([failed.status, await failed.json()]).toEqual([502, { Message: 'Internal Server Error' }]);
    const broken = await fetch(`${url}/?do=break`);
    expect(broken.status).toBe(207);
    await expect(broken.text()).rejects.toThrow('terminated');
  });

  it('answers 429 where nobody is left to answer, and 413 for what is too large', async () => {
    const none = functions.spec('none', echo, { reservedConcurrency: 0 });
    const answer = await fetch(await urlOf({ functionArn: host.createFunction(none) }));
    expect([answer.status, await answer.json()]).toEqual([
      429,
      {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        Type: 'User',
        message: 'Rate Exceeded.',
      },
    ]);
    const large = await fetch(await urlOf(), { method: 'POST', body: 'x'.repeat(6 * 1024 * 1024 + 1) });
    expect(large.status).toBe(413);
  });

  it('holds back the answer until it is whole where it does not stream', async () => {
    const url = await urlOf({ invokeMode: 'BUFFERED' });
    expect((await fetch(`${url}/?do=break`)).status).toBe(502);
  });
});

describe('a REST API', () => {
  it('gives the payload of version 1.0 and streams what comes back', async () => {
    const answer = await fetch(`${await apiOf()}/v1/a%20b?x=1&x=2`, { method: 'POST', body: 'text' });
    expect([answer.status, answer.headers.get('x-own')]).toEqual([207, 'yes']);
    expect(await answer.json()).toMatchObject({
      ...{ resource: '/{proxy+}', path: '/v1/a b', httpMethod: 'POST', body: 'text', isBase64Encoded: false },
      ...{ queryStringParameters: { x: '2' }, multiValueQueryStringParameters: { x: ['1', '2'] } },
      ...{ pathParameters: { proxy: 'v1/a b' }, requestContext: { stage: 'live', path: '/live/v1/a b' } },
    });
  });

  it('knows no path outside of its stage', async () => {
    const api = await apiOf();
    const answer = await fetch(api.replace('/live', '/v1/models'));
    expect([answer.status, await answer.json()]).toEqual([403, { message: 'Forbidden' }]);
  });

  it('tells the function who signed', async () => {
    const api = await apiOf({ permits: ({ resource }) => resource.endsWith(':abc123/live/POST/v1/x') });
    const caller = { account: '222222222222', region: 'eu-central-1', service: 'execute-api' };
    const answer = await signedFetch(caller, `${api}/v1/x`, { method: 'POST', body: '{}' });
    const { requestContext } = await jsonOf(answer);
    expect(requestContext.identity).toMatchObject({
      ...{ accountId: '222222222222', userArn: 'arn:aws:iam::222222222222:user/local' },
    });
    const refused = await signedFetch(caller, `${api}/v1/y`, { method: 'POST', body: '{}' });
    expect([refused.status, (await jsonOf(refused)).message]).toEqual([
      403,
      expect.stringContaining('/POST/v1/y'),
    ]);
  });

  it('answers 502 for a function that fails or says no status, and 500 for what Lambda refused', async () => {
    const api = await apiOf();
    for (const ask of ['throw', 'no-head']) {
      const failed = await fetch(`${api}?do=${ask}`);
      expect([failed.status, await failed.json()], ask).toEqual([502, { message: 'Internal server error' }]);
    }
    const nobody = host.createFunction(functions.spec('nobody', echo, { reservedConcurrency: 0 }));
    const refused = await fetch(await apiOf({ functionArn: nobody }));
    expect([refused.status, await refused.json()]).toEqual([500, { message: 'Internal server error' }]);
  });
});
