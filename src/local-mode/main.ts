/** The program behind `npm start`. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '#runtime/environment.ts';
import { ConfigError } from '#runtime/load-config.ts';
import { createAnnouncer } from './announce.ts';
import { BadStart } from './bad-start.ts';
import { localModeHelp, parseLocalModeOptions } from './options.ts';
import { startLocalMode } from './start-local-mode.ts';

const exitCode = { fine: 0, failed: 1, badUse: 2 } as const;

async function main(): Promise<void> {
  const parsed = parseLocalModeOptions(process.argv.slice(2), readEnvironment());
  if (!parsed.ok) {
    process.stderr.write(`${parsed.violations.join('\n')}\n\n${localModeHelp}`);
    process.exitCode = exitCode.badUse;
    return;
  }
  const { options } = parsed;
  if (options.help) {
    process.stdout.write(localModeHelp);
    return;
  }
  const announcer = createAnnouncer({
    json: options.json,
    quiet: options.quiet,
    isTerminal: process.stdout.isTTY,
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
  });
  const stop = new AbortController();
  stopOnSignals(stop);
  const folder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const localMode = await startLocalMode({
    ...{ options, folder, environment: readEnvironment() },
    tell: announcer.tell,
    stop: stop.signal,
  });
  await localMode.stopped;
  process.exit(exitCode.fine);
}

/** Calls that hang must not keep a person waiting who pressed Ctrl-C: nothing here outlives the process. */
const stopMsMax = 5_000;

/** One Ctrl-C can arrive twice: from the terminal, and passed on by the process that started this one. */
const sameKeyMsMax = 300;

/**
 * A second Ctrl-C does not wait for anything. Any other signal may come several times, from npm, its shell and the process
 * that started this one, and means the same each time. The channel closes when that process is gone.
 */
function stopOnSignals(stop: AbortController): void {
  let requestedAtMs = 0;
  const request = (signal?: string): void => {
    if (stop.signal.aborted) {
      if (signal === 'SIGINT' && performance.now() - requestedAtMs > sameKeyMsMax)
        process.exit(exitCode.failed);
      return;
    }
    requestedAtMs = performance.now();
    setTimeout(() => process.exit(exitCode.fine), stopMsMax);
    stop.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, request);
  if (process.channel !== undefined) process.on('disconnect', () => request());
  // Whoever read the lines may be gone before the calls under way are.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
}

try {
  await main();
} catch (error) {
  const badUse = error instanceof ConfigError || (error instanceof BadStart && error.isBadUse);
  const known = badUse || error instanceof BadStart;
  process.stderr.write(
    `${known && error instanceof Error ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(badUse ? exitCode.badUse : exitCode.failed);
}
