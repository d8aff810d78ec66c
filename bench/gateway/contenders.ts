/** Who runs: each in a process of its own, all in front of the same upstream. */
import { execFileSync } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { functionNodeOptions, repositoryRoot } from '#lib/constructs/function-bundling.ts';
import { type AuditFile, openAuditFile } from './audit-file.ts';
import { type BenchProcess, startForeignServer, startProcess } from './bench-process.ts';
import { bundle } from './bundle.ts';
import { apiKey } from './protocol.ts';

export const contenderNames = ['direct', 'bare', 'signing', 'spillway', 'portkey'] as const;
export type ContenderName = (typeof contenderNames)[number];

export interface Contender {
  readonly name: ContenderName;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for the upstream itself. */
  readonly process: BenchProcess | undefined;
  /** Spillway's alone. */
  readonly audit: AuditFile | undefined;
}

export interface Field {
  readonly contenders: readonly Contender[];
  /** Those that could not be started, and why. */
  readonly missing: readonly { readonly name: ContenderName; readonly why: string }[];
  close(): Promise<void>;
}

interface StartOptions {
  readonly upstreamPort: number;
  /** For bundles and lines. */
  readonly folder: string;
  /** Writes a processor profile of Spillway there when it ends. */
  readonly profileFolder?: string | undefined;
}

const path = '/v1/chat/completions';
const authorization = `Bearer ${apiKey}`;

export async function startContenders(
  names: readonly ContenderName[],
  options: StartOptions,
): Promise<Field> {
  const contenders: Contender[] = [];
  const missing: { name: ContenderName; why: string }[] = [];
  for (const name of names) {
    try {
      contenders.push(await start(name, options));
    } catch (error) {
      missing.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return {
    contenders,
    missing,
    close: async () => {
      await Promise.all(contenders.map((contender) => contender.process?.stop()));
      for (const { audit } of contenders) audit?.close();
    },
  };
}

async function start(name: ContenderName, options: StartOptions): Promise<Contender> {
  const origin = `http://127.0.0.1:${options.upstreamPort}`;
  if (name === 'direct') {
    return {
      name,
      url: `${origin}${path}`,
      headers: { authorization },
      process: undefined,
      audit: undefined,
    };
  }
  if (name === 'portkey') return startPortkey(origin, options.folder);
  const audit = name === 'spillway' ? openAuditFile(join(options.folder, 'lines.log')) : undefined;
  const files = { bare: 'bare-proxy', signing: 'signing-proxy', spillway: 'spillway' } as const;
  // Bundled, since that is how Spillway is shipped, and Node's own type stripping would weigh on memory.
  const { profileFolder, folder } = options;
  const profiles = name === 'spillway' && profileFolder !== undefined;
  const file = bundle(`bench/gateway/processes/${files[name]}.ts`, folder, profiles);
  const process = await startProcess({
    file,
    parameters: [origin],
    stdout: audit?.descriptor,
    execArguments: [
      ...(name === 'spillway' ? functionNodeOptions : []),
      ...(profiles ? ['--cpu-prof', '--cpu-prof-dir', profileFolder] : []),
    ],
  });
  return { name, url: `http://127.0.0.1:${process.port}${path}`, headers: { authorization }, process, audit };
}

/** OpenAI in, OpenAI out: less work than Spillway's, since it cannot reach a Bedrock that has no TLS. */
async function startPortkey(origin: string, logFolder: string): Promise<Contender> {
  const folder = join(repositoryRoot, 'bench/portkey');
  const file = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(file)) install(folder);
  const process = await startForeignServer({
    file,
    folder,
    parameters: (port) => ['--headless', `--port=${port}`],
    stdout: openSync(join(logFolder, 'portkey.log'), 'a'),
  });
  const headers = {
    authorization,
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${origin}/v1`,
  };
  return {
    name: 'portkey',
    url: `http://127.0.0.1:${process.port}${path}`,
    headers,
    process,
    audit: undefined,
  };
}

function install(folder: string): void {
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    const lines = String((error as { stderr?: Buffer }).stderr ?? error)
      .trim()
      .split('\n');
    throw new Error(
      `its packages are not installed and "npm ci" in bench/portkey failed: ${lines.slice(0, 3).join(' ')}; ` +
        'install them where the registry can be reached, or leave Portkey out with --without portkey',
    );
  }
}
