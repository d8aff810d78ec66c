/**
 * src/cli: one file for each command, over the gateway's HTTP and the product's tables.
 *
 * Invariant: answers on stdout, errors on stderr; exit code 0 fine, 1 the answer is no, 2 bad use. It owns no state
 * between two calls. This file is the program: it hands the process's streams and environment to `runCli`.
 */
import { createInterface } from 'node:readline/promises';
import { createCliRuntime } from '#runtime/cli-runtime.ts';
import { readEnvironment } from '#runtime/environment.ts';
import { openOperatorAudit } from '#runtime/operator-audit.ts';
import { runCli } from './run-cli.ts';
import { createTerminal } from './terminal/terminal.ts';

const { argv, stdin, stdout, stderr } = process;

// A reader that closes early, such as `head`, is no failure.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

const environment = readEnvironment();
const runtime = createCliRuntime({
  environment,
  folder: process.cwd(),
  audit: openOperatorAudit({
    environment,
    // Asked before the command line is parsed: nothing else may read as it does.
    verbose: argv.includes('--verbose'),
    show: (line) => void stderr.write(line),
  }),
});
const terminal = createTerminal(
  { stdout, stderr, stdinIsTerminal: stdin.isTTY === true, readLine },
  { colour: runtime.settings.colour, columns: runtime.settings.columns },
);
process.exitCode = await runCli(argv.slice(2), { runtime, terminal });

async function readLine(question: string): Promise<string> {
  const reader = createInterface({ input: stdin, output: stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}
