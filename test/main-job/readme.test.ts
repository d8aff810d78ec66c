/** Everything that the README shows is run here. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '#test/tidy/source-files.ts';
import { chat, type SpillwayProcess, startSpillway } from './spillway-process.ts';

const readme = readFileSync(join(projectFolder, 'README.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] ?? '',
  );
const run = promisify(execFile);
let spillway: SpillwayProcess;

beforeAll(async () => {
  spillway = await startSpillway();
});
afterAll(() => spillway?.close());

/** The same text, on the ports that this run got. */
function here(text: string): string {
  const ports = new Map([
    ['4566', new URL(spillway.awsUrl).port],
    ...spillway.gateways.map(({ url }, index) => [String(4000 + index), new URL(url).port] as const),
  ]);
  return text.replace(/127\.0\.0\.1:(\d+)/g, (_, port: string) => `127.0.0.1:${ports.get(port) ?? port}`);
}

const command = (start: string): string => {
  const found = blocks('sh').find((block) => block.startsWith(start));
  if (found === undefined) throw new Error(`the README has no command that begins with ${start}`);
  return found;
};

/** Runs a program of a document as a reader would, beside the project's packages. */
async function outputOf(text: string): Promise<string> {
  const program = join(projectFolder, `.readme-${process.pid}.mjs`);
  writeFileSync(program, here(text));
  try {
    return (await run(process.execPath, [program])).stdout;
  } finally {
    rmSync(program);
  }
}

describe('the guide to batches', () => {
  it('shows a program whose batch comes to its end', async () => {
    const guide = readFileSync(join(projectFolder, 'docs/guides/batches.md'), 'utf8');
    const stdout = await outputOf(/```js\n([\s\S]*?)```/.exec(guide)?.[1] ?? '');
    expect(stdout).toContain('completed { total: 3, completed: 3, failed: 0 }');
    for (const word of ['ebb', 'flood', 'slack water']) expect(stdout).toContain(`"custom_id":"${word}"`);
  });
});

describe('the guide to chains', () => {
  it('shows a program whose calls are answered under one trace', async () => {
    const guide = readFileSync(join(projectFolder, 'docs/guides/chains.md'), 'utf8');
    expect(await outputOf(/```js\n([\s\S]*?)```/.exec(guide)?.[1] ?? '')).toBe('assistant\n');
  });
});

describe('the README', () => {
  it('shows a first request that answers with the headers it prints', async () => {
    const { stdout } = await run('bash', ['-c', here(command('curl -s http://127.0.0.1:4000'))]);
    const shown = blocks('text').find((block) => block.startsWith('HTTP/1.1 200 OK')) ?? '';
    for (const line of shown.trim().split('\n'))
      expect(stdout.replaceAll('\r', '').toLowerCase()).toContain(line.toLowerCase());
    expect(JSON.parse(stdout.split(/\r?\n\r?\n/).at(-1) ?? '').object).toBe('chat.completion');
  });

  it.each([
    ['openai', 'answering from eu-'],
    ['@anthropic-ai/sdk', 'answering from us-'],
    ['@aws-sdk/client-bedrock-runtime', 'answering from us-'],
  ])('shows a program with %s that is answered', async (client, said) => {
    const shown = blocks('js').filter((block) => block.includes(` from '${client}';`));
    expect(shown).toHaveLength(1);
    expect(await outputOf(shown[0] ?? '')).toContain(said);
  });

  it('shows commands that explain', async () => {
    const lines = command('npx spillway availability').trim().split('\n');
    expect(lines).toHaveLength(5);
    for (const line of lines) {
      const parameters = (line.split('#')[0] ?? '').trim().split(/\s+/).slice(2);
      const urls = ['--url', spillway.gatewayUrl('us-east-1'), '--aws-url', spillway.awsUrl];
      const result = await run(process.execPath, [
        join(projectFolder, 'bin/spillway.mjs'),
        ...parameters,
        ...urls,
      ]).catch((error: { code: number; stdout: string; stderr: string }) => error);
      const code = 'code' in result ? result.code : 0;
      expect([line, result.stderr, code]).toEqual([line, expect.any(String), expect.toBeOneOf([0, 1])]);
      expect(result.stdout.length).toBeGreaterThan(80);
    }
  });

  it('shows a fault that the next answer goes round', async () => {
    await run('bash', ['-c', here(command('curl -s -X PUT'))]);
    const response = await chat(spillway.gatewayUrl('us-east-1'));
    await spillway.control('DELETE', 'faults');
    expect(response.status).toBe(200);
    expect(response.headers.get('x-spillway-attempts')).toBe('2');
  });

  it('shows the ready line as it is printed, ports aside', () => {
    const line = blocks('text').find((block) => block.startsWith('Spillway is ready')) ?? '';
    const printed = `Spillway is ready${spillway.gateways.map(({ region }, index) => `  ${region} http://127.0.0.1:${4000 + index}`).join('')}\n`;
    expect(line).toBe(printed);
  });

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !existsSync(join(projectFolder, link)))).toEqual([]);
  });
});
