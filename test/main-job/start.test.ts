/** The first command, seen from a terminal: what it prints, how it ends, what it refuses. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectFolder } from '#test/tidy/source-files.ts';
import { chat, eventually, startSpillway } from './spillway-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `npm start`'s program until it ends or prints `until`; then interrupts it as Ctrl-C does. */
function run(
  parameters: readonly string[],
  until?: RegExp,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(projectFolder, 'bin/start.mjs'), ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const deadline = setTimeout(() => child.kill('SIGKILL'), 50_000);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
      if (until?.test(stdout)) child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.on('close', (code) => {
      clearTimeout(deadline);
      resolve({ code, stdout, stderr });
    });
  });
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('npm start', () => {
  it('says that it is ready within 20 s, with four gateways, and ends on Ctrl-C', async () => {
    const startedAt = performance.now();
    const { code, stdout } = await run(
      ['--port', '0', '--aws-port', '0', '--quiet'],
      /^Spillway is ready.*\n/m,
    );
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Spillway is ready( {2}[a-z0-9-]+ http:\/\/127\.0\.0\.1:\d+){4}\n$/);
  });

  it('rejects options it does not know, and shows the ones it has', async () => {
    const { code, stderr } = await run(['--prot', '4000']);
    expect(code).toBe(2);
    expect(stderr).toContain('--prot');
    expect(stderr).toContain('--aws-port');
  });

  it('rejects a configuration with every mistake at once, each with its path', async () => {
    const config = file('bad.json', {
      name: 'Bad Name',
      home: { account: '1', region: 'us-east-1' },
      accounts: [],
      gateways: [],
      residencies: {},
      models: {},
      surprise: 1,
    });
    const { code, stderr } = await run(['--port', '0', '--aws-port', '0', '--config', config]);
    expect(code).toBe(2);
    for (const path of ['name', 'home.account', 'accounts', 'gateways', 'surprise'])
      expect(stderr).toContain(path);
  });

  it('rejects fault rules that mean nothing, before anything is listening', async () => {
    const { code, stderr } = await run([
      '--port',
      '0',
      '--aws-port',
      '0',
      '--faults',
      file('faults.json', [{ kind: 'gremlins' }]),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('gremlins');
  });

  it('says which port is taken and what to do', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const address = squatter.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stderr } = await run(['--port', String(port), '--aws-port', '0']);
    squatter.close();
    expect(code).toBe(1);
    expect(stderr).toContain(String(port));
    expect(stderr).toContain('--port');
  });
});

it('ends whole what is under way when it is told to end, and takes nothing new', async () => {
  const faults = [
    {
      service: 'bedrock-runtime',
      operation: 'ConverseStream',
      kind: 'stall-stream',
      afterChunks: 2,
      milliseconds: 700,
    },
    { service: 'bedrock-runtime', operation: 'Converse', kind: 'latency', milliseconds: 700 },
  ];
  const started = await startSpillway({ faults, environment: { TMPDIR: folder } });
  const url = started.gatewayUrl('us-east-1');
  const ended = new Promise<number | null>((resolve) => started.child.once('exit', resolve));
  const plain = chat(url);
  const stream = await chat(url, { body: { stream: true } });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader?.read())?.value ?? '';
  // Both calls stand at their targets.
  await eventually(async () => {
    const calls = await started.journal('?service=bedrock-runtime');
    return calls.length > 0 ? true : undefined;
  }, 'a call');
  started.child.kill('SIGTERM');
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) text += part.value;
  expect(text).toContain('[DONE]');
  expect(text).not.toContain('"error"');
  expect((await plain).status).toBe(200);
  expect(await (await plain).json()).toMatchObject({ object: 'chat.completion' });
  expect(await ended).toBe(0);
  await expect(chat(url)).rejects.toThrow();
  await started.close();
});

describe('killed at any time', () => {
  it.each([0, 300, 900, 2500])(
    'starts again and answers, %d ms after the first start',
    async (milliseconds) => {
      const parameters = ['--port', '0', '--aws-port', '0', '--quiet'];
      const child = spawn(process.execPath, [join(projectFolder, 'src/local-mode/main.ts'), ...parameters], {
        stdio: 'ignore',
        env: { ...process.env, TMPDIR: folder },
      });
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      child.kill('SIGKILL');
      const again = await startSpillway({ environment: { TMPDIR: folder } });
      try {
        const answer = await eventually(async () => {
          const response = await chat(again.gatewayUrl('us-east-1'));
          return response.status === 200 ? response : undefined;
        }, 'an answer');
        expect(answer.headers.get('x-spillway-attempts')).toBe('1');
      } finally {
        await again.close();
      }
    },
  );

  it('ends with the shell of npm, which passes no signal on, and lets a stream end whole', async () => {
    const entry = join(projectFolder, 'bin/start.mjs');
    // Longer than it takes to notice twice that the shell is gone.
    const stall = { kind: 'stall-stream', afterChunks: 2, milliseconds: 1_800 };
    const faults = [{ service: 'bedrock-runtime', operation: 'ConverseStream', ...stall }];
    const options = `--port 0 --aws-port 0 --faults "${file('stall.json', faults)}"`;
    const command = `"${process.execPath}" "${entry}" ${options} & echo "pid $!"; wait`;
    const shell = spawn('sh', ['-c', command], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, TMPDIR: folder, npm_lifecycle_event: 'start' },
    });
    let output = '';
    shell.stdout.on('data', (chunk) => (output += String(chunk)));
    const url = await eventually(
      async () => /Spillway is ready .*us-east-1 (\S+)/.exec(output)?.[1],
      'the ready line',
      60_000,
    );
    const pid = Number(/pid (\d+)/.exec(output)?.[1]);
    expect(isAlive(pid)).toBe(true);
    const stream = await chat(url, { body: { stream: true } });
    shell.kill('SIGTERM');
    const text = await stream.text();
    expect(text).toContain('[DONE]');
    expect(text).not.toContain('"error"');
    await eventually(async () => (isAlive(pid) ? undefined : true), 'the end of the process');
    expect(output).toContain('Ending           1 call under way, at most 3 s\n');
  });

  it('leaves no process behind when the one that started it dies', async () => {
    const spillway = await startSpillway();
    const { pid } = spillway.child;
    expect(pid).toBeDefined();
    spillway.child.disconnect();
    await eventually(
      async () => (spillway.child.exitCode === null ? undefined : true),
      'the end of the process',
    );
    await spillway.close();
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
