/**
 * How the stand-in AWS differs from the facts when local mode starts, for a configuration that wants something to be wrong:
 * `acme.config.ts` has it in `acme.local.json` beside it, a list `catalogue` as `PATCH /_local/catalogue` takes it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { BadStart } from './bad-start.ts';

const CONFIG_FILE_END = /(?:\.config)?\.(?:ts|json)$/;

/** Asked before anything is discovered. @throws BadStart where the file cannot be read, or means nothing here */
export async function seedLocalAws(configFile: string, awsUrl: string): Promise<void> {
  const file = configFile.replace(CONFIG_FILE_END, '.local.json');
  if (file === configFile || !existsSync(file)) return;
  const answer = await fetch(`${awsUrl}/_local/catalogue`, {
    method: 'PATCH',
    body: JSON.stringify(readCatalogue(file)),
  });
  if (!answer.ok) throw new BadStart(`${file} holds what means nothing here: ${await answer.text()}`, true);
}

function readCatalogue(file: string): unknown {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly catalogue?: unknown }).catalogue;
  } catch (error) {
    throw new BadStart(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      true,
    );
  }
}
