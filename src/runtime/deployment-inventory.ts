/** What a configuration would deploy, from a process of its own: the CDK is infrastructure, and no command loads it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DeployedStack } from '#core/deploy-cost/deployed-stack.ts';

/** Templates of thousands of stacks. */
const OUTPUT_BYTES_MAX = 1_024 * 1_024 * 1_024;

/** Says in its message what the templates could not be made of. */
class InventoryError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'InventoryError';
  }
}

/**
 * @param request.file a configuration that was checked
 * @param request.context what `-c name=value` would be for `npx cdk synth`
 * @throws InventoryError when no templates can be made
 */
export async function readInventory(request: {
  readonly folder: string;
  readonly file: string;
  readonly context: Readonly<Record<string, string>>;
}): Promise<readonly DeployedStack[]> {
  const program = fileURLToPath(new URL('../../bin/inventory.ts', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, request.file], {
      cwd: request.folder,
      env: { CDK_CONTEXT_JSON: JSON.stringify(request.context) },
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    return JSON.parse(stdout);
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: string };
    const said = stderr.trim() || (error instanceof Error ? error.message : String(error));
    throw new InventoryError(`no templates can be made of ${request.file}: ${said}`, error);
  }
}
