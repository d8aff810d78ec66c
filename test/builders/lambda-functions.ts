/** Small functions for tests of Lambda on this machine: a folder each, with one module. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionSpec } from '#local/lambda/function-spec.ts';

export interface LambdaFunctions {
  /** A specification of a function whose `index.mjs` is the code. */
  spec(name: string, code: string, overrides?: Partial<FunctionSpec>): FunctionSpec;
  close(): void;
}

export function openLambdaFunctions(): LambdaFunctions {
  const home = mkdtempSync(join(tmpdir(), 'spillway-functions-'));
  return {
    spec(name, code, overrides = {}) {
      const folder = join(home, name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'index.mjs'), code);
      return {
        ...{ name, folder, account: '111111111111', region: 'eu-central-1' },
        ...{ handler: 'index.handler', runtime: 'nodejs24.x', environment: {} },
        ...{ timeoutSeconds: 5, memoryMebibytes: 128 },
        roleArn: `arn:aws:iam::111111111111:role/${name}`,
        ...overrides,
      };
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
