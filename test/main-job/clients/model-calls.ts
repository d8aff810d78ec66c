/** What a client's call cost: the calls to models that the local AWS saw meanwhile. */
import { join } from 'node:path';
import { projectFolder } from '#test/tidy/source-files.ts';
import type { JournalEntry, SpillwayProcess } from '../spillway-process.ts';

/** Named, so that no configuration that lies in the project's folder takes its place. */
export const exampleConfig = join(projectFolder, 'examples/acme.config.ts');

const modelServices: ReadonlySet<string> = new Set(['bedrock-runtime', 'sagemaker-runtime']);

/** Calls to models after a place in the journal. */
export async function modelCallsSince(spillway: SpillwayProcess, seq: number): Promise<JournalEntry[]> {
  const entries = await spillway.journal(`?since=${seq}`);
  return entries.filter((entry) => modelServices.has(entry.service) && entry.operation !== 'CountTokens');
}

export async function lastSeq(spillway: SpillwayProcess): Promise<number> {
  return (await spillway.journal()).at(-1)?.seq ?? 0;
}

/** One pixel. */
export const pngBase64 =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** Not a real file: nothing here reads it. */
export const pdfBase64 = Buffer.from('%PDF-1.4 one page about tides').toString('base64');

/** In order of time, once each: neighbours that repeat are one. */
export function runsOf(types: readonly string[]): readonly string[] {
  return types.filter((type, index) => type !== types[index - 1]);
}
