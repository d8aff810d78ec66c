import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLambdaHost, type LambdaHost } from '#local/lambda/lambda-host.ts';
import { type LambdaFunctions, openLambdaFunctions } from '#test/builders/lambda-functions.ts';

let functions: LambdaFunctions;
let host: LambdaHost;

beforeAll(() => {
  functions = openLambdaFunctions();
  host = createLambdaHost({ awsUrl: 'http://127.0.0.1:9' });
});

afterAll(async () => {
  await host.close();
  functions.close();
});

const make = (...parameters: Parameters<LambdaFunctions['spec']>) =>
  host.createFunction(functions.spec(...parameters));

async function said(arn: string, event: unknown = {}) {
  const { functionError, payload } = await host.invoke(arn, JSON.stringify(event));
  return { functionError, told: JSON.parse(payload.toString()) };
}

describe('functions on this machine', () => {
  it('answers what the handler returns, again and again from the same environment', async () => {
    const code = 'let calls = 0; export const handler = async (event) => ({ event, calls: ++calls });';
    const arn = make('counts', code);
    expect(arn).toBe('arn:aws:lambda:eu-central-1:111111111111:function:counts');
    expect((await said(arn, { a: 1 })).told).toEqual({ event: { a: 1 }, calls: 1 });
    await expect
      .poll(() => host.environments(arn).map(({ state }) => state), { timeout: 10_000 })
      .toEqual(['idle']);
    expect((await said(arn)).told.calls).toBe(2);
  });

  it('gives the function the variables of Lambda, the keys of its role, and nothing of this process', async () => {
    const code = 'export const handler = async (event, context) => ({ env: process.env, context });';
    const arn = make('tells', code, { environment: { OWN: 'yes' } });
    const { env, context } = (await said(arn)).told;
    expect(env).toMatchObject({
      ...{ OWN: 'yes', _HANDLER: 'index.handler', AWS_REGION: 'eu-central-1', TZ: ':UTC' },
      AWS_LAMBDA_FUNCTION_NAME: 'tells',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_SESSION_TOKEN: expect.any(String),
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=/),
    });
    expect(env).not.toHaveProperty('HOME');
    expect(context).toMatchObject({ functionName: 'tells', invokedFunctionArn: arn });
  });

  it('streams what the handler writes while it is made', async () => {
    const code = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      const answer = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
      answer.write('a'); answer.end('b');
    });`;
    const answer = await host.invokeStreaming(make('streams', code), '{}');
    if (answer.kind !== 'stream') throw new Error(JSON.stringify(answer));
    const chunks = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('{"statusCode":201}\0\0\0\0\0\0\0\0ab');
    expect(answer.contentType).toBe('application/vnd.awslambda.http-integration-response');
    expect(await answer.ended).toBeUndefined();
  });
});
