import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import acme from '#examples/acme.config.ts';
import {
  bundledConfigFile,
  bundledInstead,
  functionBundling,
  repositoryRoot,
} from '#lib/constructs/function-bundling.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { type LambdaSandbox, openLambdaSandbox } from '#test/builders/lambda-sandbox.ts';

/**
 * The function as it is deployed: bundled by the stack's own settings, in a process of its own, driven through the
 * Runtime API by real events, against the stand-in. The sources prove nothing here: bundles break where sources run.
 */
let folder: string;
let bundle: string;
let aws: LocalAws;
let sandbox: LambdaSandbox;

const BUNDLE_BYTES_MAX = 2_000_000;

function environmentOf(awsUrl: string): Record<string, string> {
  return {
    SPILLWAY_CONFIG: bundledConfigFile,
    SPILLWAY_ACCOUNT: '111111111111',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'LKIA111111111111',
    AWS_SECRET_ACCESS_KEY: 'local-LKIA111111111111',
    AWS_ENDPOINT_URL: awsUrl,
    LAMBDA_TASK_ROOT: folder,
    TMPDIR: folder,
  };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-bundle-'));
  bundle = join(folder, 'index.mjs');
  // The configuration with its keys in clear, which a deployment leaves out: here they let a caller in.
  const settings = functionBundling(new Stack(new App({ outdir: folder }), 'Bundle'), JSON.stringify(acme));
  await build({
    absWorkingDir: repositoryRoot,
    entryPoints: [join(repositoryRoot, 'lambdas/gateway/handler.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: settings.format ?? 'cjs',
    target: settings.target ?? '',
    mainFields: settings.mainFields ?? [],
    minify: settings.minify ?? false,
    sourcemap: settings.sourceMap ?? false,
    sourcesContent: settings.sourcesContent ?? true,
    alias: { ...bundledInstead },
    banner: { js: settings.banner ?? '' },
    logLevel: 'error',
  });
  aws = await createLocalAws({ port: 0, timeScale: 0 });
  sandbox = await openLambdaSandbox({ bundle, environment: environmentOf(aws.url) });
}, 60_000);

afterAll(async () => {
  await sandbox?.close();
  await aws?.close();
  rmSync(folder, { recursive: true });
});

const chat = (body: object) =>
  JSON.stringify({ model: 'chat-small', messages: [{ role: 'user', content: 'hello' }], ...body });

function urlEvent(
  overrides: { readonly body?: string; readonly path?: string; readonly method?: string } = {},
) {
  const { body, path = '/v1/chat/completions', method = 'POST' } = overrides;
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-local',
      'x-spillway-residency': 'us',
    },
    requestContext: { http: { method, path } },
    body: body === undefined ? undefined : Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

function proxyEvent(body: string) {
  const headers = {
    'content-type': 'application/json',
    authorization: 'Bearer sk-local',
    'x-spillway-residency': 'us',
  };
  return {
    httpMethod: 'POST',
    path: '/v1/chat/completions',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    body,
    isBase64Encoded: false,
    requestContext: { stage: 'prod' },
  };
}

async function setFaults(rules: readonly object[]): Promise<void> {
  const answer = await fetch(`${aws.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(rules) });
  if (!answer.ok) throw new Error(await answer.text());
}

describe('the bundled gateway function', () => {
  it('is small enough to start fast', () => {
    expect(statSync(bundle).size).toBeLessThan(BUNDLE_BYTES_MAX);
  });

  it('answers a plain chat behind API Gateway', async () => {
    const answer = await sandbox.invoke(proxyEvent(chat({})));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.headers['x-spillway-region']).toMatch(/^us-/);
    const completion = JSON.parse(answer.body);
    expect(completion.choices[0].message.content.length).toBeGreaterThan(0);
    expect(completion.usage.total_tokens).toBeGreaterThan(0);
  });

  it('streams a chat behind a function URL, piece by piece', async () => {
    const answer = await sandbox.invoke(urlEvent({ body: chat({ stream: true }) }));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/event-stream');
    expect(answer.pieces.length).toBeGreaterThan(1);
    expect(answer.body.trimEnd().endsWith('data: [DONE]')).toBe(true);
  });

  it('answers a GET and a path that does not exist', async () => {
    expect((await sandbox.invoke(urlEvent({ method: 'GET', path: '/healthz' }))).statusCode).toBe(200);
    expect((await sandbox.invoke(urlEvent({ method: 'GET', path: '/nothing' }))).statusCode).toBe(404);
  });

  it("refuses garbage in OpenAI's error format", async () => {
    const cut = await sandbox.invoke(urlEvent({ body: '{"model":' }));
    expect(cut.statusCode).toBe(400);
    expect(JSON.parse(cut.body).error.code).toBe('invalid_request');
    const alien = await sandbox.invoke({ Records: [{ eventSource: 'aws:sqs' }] });
    expect(alien.statusCode).toBe(400);
    expect(JSON.parse(alien.body).error.code).toBe('invalid_event');
  });

  it('ends a stream that breaks half-way with an error event and lives on', async () => {
    await setFaults([{ service: 'bedrock-runtime', kind: 'reset', afterChunks: 4 }]);
    const answer = await sandbox.invoke(urlEvent({ body: chat({ stream: true }) }));
    await setFaults([]);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('stream_interrupted');
    expect(sandbox.isRunning()).toBe(true);
    expect((await sandbox.invoke(proxyEvent(chat({})))).statusCode).toBe(200);
  });

  it('writes its metrics into its log, and nothing that a caller said', async () => {
    await sandbox.invoke(proxyEvent(chat({ messages: [{ role: 'user', content: 'a very private word' }] })));
    expect(sandbox.output()).toContain('"Namespace":"Spillway/Gateway"');
    expect(sandbox.output()).not.toContain('private');
    expect(sandbox.output()).not.toContain('sk-local');
  });

  it('answers its first request while tables, STS and the control plane hang', async () => {
    await setFaults(
      ['dynamodb', 'sts', 'bedrock', 'monitoring'].map((service) => ({ service, kind: 'hang' })),
    );
    const cold = await openLambdaSandbox({ bundle, environment: environmentOf(aws.url) });
    try {
      const answer = await cold.invoke(proxyEvent(chat({})));
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['x-spillway-tier']).toBe('baseline');
    } finally {
      await cold.close();
      await setFaults([]);
    }
  });

  it('explains a wrong environment and starts once it is right', async () => {
    const { SPILLWAY_ACCOUNT: _, ...rest } = environmentOf(aws.url);
    const broken = await openLambdaSandbox({ bundle, environment: rest });
    try {
      expect((await broken.invoke(proxyEvent(chat({})))).statusCode).toBe(500);
      expect(broken.output()).toContain('SPILLWAY_ACCOUNT');
    } finally {
      await broken.close();
    }
  });

  it('carries no key of a tenant in itself', () => {
    expect(readFileSync(bundle, 'utf8')).not.toContain('sk-local');
  });
});
