import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import acme from '#examples/acme.config.ts';
import { bundledConfigFile, writeBundle } from '#lib/constructs/function-bundling.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';

/** As it is deployed: the bundle in a process of its own, listening where the environment says. */
const folder = mkdtempSync(join(tmpdir(), 'spillway-serve-'));
const account = '111111111111';
const STARTED_MS_MAX = 10_000;
let aws: LocalAws;
let gateway: ChildProcess;
let url = '';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Lambda waits ten seconds for a server to listen. */
async function listening(): Promise<void> {
  const deadline = Date.now() + STARTED_MS_MAX;
  for (;;) {
    try {
      await fetch(`${url}/healthz`);
      return;
    } catch (error) {
      if (Date.now() > deadline || gateway.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

beforeAll(async () => {
  const bundle = writeBundle('lambdas/serve/handler.ts', folder);
  // With its keys in clear, which a deployment leaves out: here they let a caller in.
  writeFileSync(join(folder, bundledConfigFile), JSON.stringify(acme));
  aws = await createLocalAws({ port: 0, timeScale: 0 });
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  gateway = spawn(process.execPath, [bundle], {
    cwd: folder,
    env: {
      SPILLWAY_CONFIG: bundledConfigFile,
      SPILLWAY_ACCOUNT: account,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: `LKIA${account}`,
      AWS_SECRET_ACCESS_KEY: `local-LKIA${account}`,
      AWS_ENDPOINT_URL: aws.url,
      AWS_LAMBDA_HTTP_ENDPOINT: `127.0.0.1:${port}`,
      LAMBDA_TASK_ROOT: folder,
      TMPDIR: folder,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await listening();
}, 30_000);

afterAll(async () => {
  gateway.kill('SIGKILL');
  await aws.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (stream: boolean) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-local', 'x-spillway-residency': 'us' },
    body: JSON.stringify({ model: 'chat-small', stream, messages: [{ role: 'user', content: 'Hello' }] }),
  });

it('answers as many requests at a time as an environment is sent, plain and streamed', async () => {
  const answers = await Promise.all(Array.from({ length: 64 }, (_, index) => ask(index % 2 === 0)));
  expect([...new Set(answers.map(({ status }) => status))]).toEqual([200]);
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  expect(texts.filter((text, index) => index % 2 === 0 && !text.trimEnd().endsWith('[DONE]'))).toEqual([]);
});

it('ends by itself when the environment is told to', async () => {
  const exit = once(gateway, 'exit');
  gateway.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});
