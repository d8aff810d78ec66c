/** How the pages' browser is started by whoever looks at them: tests, benchmarks and the pictures of the documentation. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LaunchOptions } from 'playwright-core';

/** No GPU, and no word to anybody but the pages. */
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function chromiumOptions(file: string): Pick<LaunchOptions, 'executablePath' | 'args' | 'headless'> {
  // Chromium does not put root into its sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
  return { executablePath: file, args, headless: true };
}

/** @throws an Error with the reason why there is none */
export function chromiumFile(): string {
  const program = fileURLToPath(new URL('../bin/chromium.mjs', import.meta.url));
  try {
    return execFileSync(process.execPath, [program], { encoding: 'utf8' }).trim();
  } catch (error) {
    throw new Error((error as { readonly stdout?: string }).stdout?.trim() ?? String(error));
  }
}
