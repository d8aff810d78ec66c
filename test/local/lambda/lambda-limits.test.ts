import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLambdaHost, type LambdaHost } from '#local/lambda/lambda-host.ts';
import { type LambdaFunctions, openLambdaFunctions } from '#test/builders/lambda-functions.ts';

/** A machine that pauses is no defect. */
const patiently = { timeout: 10_000 };
const MEBIBYTE = 1024 * 1024;

let functions: LambdaFunctions;
let host: LambdaHost;

beforeAll(() => {
  functions = openLambdaFunctions();
  host = createLambdaHost();
});

afterAll(async () => {
  await host.close();
  functions.close();
});

const make = (...parameters: Parameters<LambdaFunctions['spec']>) =>
  host.createFunction(functions.spec(...parameters));
const told = async (arn: string, event: unknown = {}) =>
  JSON.parse((await host.invoke(arn, JSON.stringify(event))).payload.toString());
const untilIdle = (arn: string) =>
  expect.poll(() => host.environments(arn).every(({ state }) => state === 'idle'), patiently).toBe(true);

const anything = 'export const handler = async () => 1;';
const waiting =
  'export const handler = (event) => new Promise((done) => setTimeout(() => done(event), 60_000));';

describe('a function that Lambda would not make', () => {
  it('is refused by everything that is wrong with it', () => {
    const spec = functions.spec('bad', anything, {
      ...{ handler: '', runtime: 'nodejs18.x', timeoutSeconds: 901, memoryMebibytes: 64, account: '12' },
      environment: { AWS_REGION: 'x', '1a': 'y', LARGE: 'z'.repeat(4096) },
    });
    const refused = () => host.createFunction(spec);
    for (const part of [
      'account: got "12", want 12 digits',
      'handler: got "", want 1 to 128 characters',
      'runtime: got "nodejs18.x", environments here run nodejs24.x',
      'timeoutSeconds: got 901, want a whole number of 1 to 900',
      'memoryMebibytes: got 64',
      'Lambda sets AWS_REGION itself',
      'no variable may be named 1a',
      'bytes, Lambda takes 4096',
    ])
      expect(refused).toThrow(part);
  });

  it('is refused under a name that is taken, and known under no other', async () => {
    const arn = make('taken', anything);
    expect(() => make('taken', anything)).toThrow('Function already exist: taken');
    await expect(host.invoke(`${arn}s`, '{}')).rejects.toMatchObject({ status: 404 });
  });
});

describe('sizes', () => {
  it('of a request beyond 6 MB are refused, of an answer beyond it fail the function', async () => {
    const arn = make('sized', "export const handler = async ({ bytes }) => 'x'.repeat(bytes ?? 0);");
    const large = JSON.stringify('x'.repeat(6 * MEBIBYTE));
    await expect(host.invoke(arn, large)).rejects.toMatchObject({
      ...{ name: 'RequestTooLargeException', status: 413 },
    });
    expect(await told(arn, { bytes: 6 * MEBIBYTE })).toHaveLength(6 * MEBIBYTE);
    expect(await told(arn, { bytes: 6 * MEBIBYTE + 200 })).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
  });

  it('of a stream beyond 200 MB break it off, and not before', async () => {
    const code = `import { pipeline } from 'node:stream/promises';
      export const handler = awslambda.streamifyResponse(async ({ mebibytes }, stream) => {
        const piece = new Uint8Array(1024 * 1024);
        await pipeline(async function* () { for (let left = mebibytes; left > 0; left -= 1) yield piece; }, stream);
      });`;
    const arn = make('flood', code, { timeoutSeconds: 60 });
    const taken = async (mebibytes: number) => {
      const answer = await host.invokeStreaming(arn, JSON.stringify({ mebibytes }));
      if (answer.kind !== 'stream') throw new Error(JSON.stringify(answer));
      let bytes = 0;
      try {
        for await (const chunk of answer.body) bytes += chunk.length;
      } catch {
        // How it broke off, `ended` says.
      }
      return { bytes, error: (await answer.ended)?.errorType };
    };
    expect(await taken(200)).toEqual({ bytes: 200 * MEBIBYTE, error: undefined });
    const { bytes, error } = await taken(201);
    expect([bytes <= 200 * MEBIBYTE, error]).toEqual([true, 'Function.ResponseSizeTooLarge']);
  });
});

describe('concurrency', () => {
  it('is an environment for each request, up to what is reserved, or to what the account has left', async () => {
    const small = createLambdaHost({ accountConcurrency: 3 });
    const own = small.createFunction(functions.spec('own', waiting, { reservedConcurrency: 1 }));
    const shared = small.createFunction(functions.spec('shared', waiting));
    try {
      for (const arn of [own, shared, shared]) small.invoke(arn, '{}').catch(() => undefined);
      expect(small.environments(shared).map(({ state }) => state)).toEqual(['busy', 'busy']);
      await expect(small.invoke(own, '{}')).rejects.toMatchObject({
        ...{ status: 429, reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
      });
      await expect(small.invoke(shared, '{}')).rejects.toMatchObject({
        ...{ name: 'TooManyRequestsException', reason: 'ConcurrentInvocationLimitExceeded' },
      });
      await small.deleteFunction(shared);
      await expect(small.invoke(shared, '{}')).rejects.toMatchObject({ status: 404 });
    } finally {
      await small.close();
    }
  });
});

describe('an environment', () => {
  it.runIf(process.platform === 'linux')('stands still between requests', async () => {
    const arn = make('still', anything);
    await told(arn);
    await untilIdle(arn);
    const [{ pid } = { pid: undefined }] = host.environments(arn);
    const state = () => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    await expect.poll(state, patiently).toBe('T');
    expect(await told(arn)).toBe(1);
  });

  it('keeps its temporary storage when its process dies, and shares it with nobody', async () => {
    const code = `import { appendFileSync, readFileSync } from 'node:fs'; import { tmpdir } from 'node:os';
      export const handler = async ({ die }) => {
        appendFileSync(tmpdir() + '/seen', 'x');
        if (die) process.exit(1);
        return readFileSync(tmpdir() + '/seen', 'utf8');
      };`;
    const arn = make('stores', code);
    expect(await told(arn, { die: true })).toMatchObject({ errorType: 'Runtime.ExitError' });
    await untilIdle(arn);
    expect(await told(arn)).toBe('xx');
    await untilIdle(arn);
    const [one, other] = await Promise.all([told(arn), told(arn)]);
    expect([one, other].sort()).toEqual(['x', 'xxx']);
  });

  it('of an older specification is used no more, and ends what it does', async () => {
    const before = functions.spec('grows', 'export const handler = async () => process.env.VERSION;', {
      environment: { VERSION: '1' },
    });
    const arn = host.createFunction(before);
    expect(await told(arn)).toBe('1');
    await untilIdle(arn);
    host.updateFunction({ ...before, environment: { VERSION: '2' } });
    expect(await told(arn)).toBe('2');
    expect(host.environments(arn)).toHaveLength(1);
  });
});
