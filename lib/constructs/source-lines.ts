/**
 * Runs first in every bundle: stacks of errors name the files and lines that people wrote.
 *
 * Node does so by itself with `--enable-source-maps`, but reads all maps before the first line runs: a sixth of a cold
 * start, and megabytes for as long as the process lives. Here a map is read when the first stack that needs it is.
 */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/** By the URL of a bundled file; undefined for what has no map. */
const maps = new Map<string, SourceMap | undefined>();

function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) maps.set(url, readMap(url));
  return maps.get(url);
}

function readMap(url: string): SourceMap | undefined {
  if (!url.startsWith('file:')) return undefined;
  try {
    return new SourceMap(JSON.parse(readFileSync(new URL(`${url}.map`), 'utf8')));
  } catch {
    // A file without a map: its own lines are what there is to say.
    return undefined;
  }
}

interface WrittenPlace {
  readonly source: string;
  /** Counted from 1, like the column. */
  readonly line: number;
  readonly column: number;
  /** What stood there before the bundle gave it a shorter name. */
  readonly name: string | undefined;
}

function writtenPlace(site: NodeJS.CallSite): WrittenPlace | undefined {
  const entry = mapOf(site.getFileName() ?? '')?.findEntry(
    (site.getLineNumber() ?? 0) - 1,
    (site.getColumnNumber() ?? 0) - 1,
  );
  if (entry === undefined || !('originalSource' in entry)) return undefined;
  return {
    // A map counts from the folder that the bundle was once written to.
    source: entry.originalSource.replace(/^(?:\.\.\/)+/, ''),
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
    name: 'name' in entry && typeof entry.name === 'string' ? entry.name : undefined,
  };
}

/** @param caller the next line of the stack: where it calls, the map knows what the called function was named */
function lineOf(site: NodeJS.CallSite, caller: NodeJS.CallSite | undefined): string {
  const said = String(site);
  const place = writtenPlace(site);
  if (place === undefined) return said;
  const bundled = `${site.getFileName()}:${site.getLineNumber()}:${site.getColumnNumber()}`;
  const line = said.replace(bundled, `${place.source}:${place.line}:${place.column}`);
  const short = site.getFunctionName();
  const name = caller === undefined ? undefined : writtenPlace(caller)?.name;
  return name === undefined || short === null ? line : line.replace(short, name);
}

function headOf(error: Error): string {
  try {
    return String(error);
  } catch {
    return 'an error that cannot be printed';
  }
}

Error.prepareStackTrace = (error, sites) =>
  [headOf(error), ...sites.map((site, index) => `    at ${lineOf(site, sites[index + 1])}`)].join('\n');
