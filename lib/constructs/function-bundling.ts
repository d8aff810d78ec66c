import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage, Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Asset, type AssetOptions } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct, IConstruct } from 'constructs';
import { type BuildOptions, buildSync } from 'esbuild';
import { bundledConsoleFolder } from '#contract/console.ts';
import { type BuiltConsole, buildConsoleSync } from '../../scripts/build-console.ts';
import { sourceRevision } from '../source-revision.ts';

/** The repository's root: where package.json, the lock file and `lambdas/` stand. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The configuration's file beside the handler in every bundle: a function finds it from where its files lie. */
export const bundledConfigFile = 'spillway.config.json';

/** The first file of every bundle. The others are its parts: some it imports, some it loads when they are needed. */
const bundleEntryFile = 'index.mjs';

/**
 * Where source maps believe that a bundle lies. They name sources from there, and their text is in the names of the
 * parts: from the folder that is really written to, another folder would make another bundle of the same sources.
 */
const sourceMapFolder = join(repositoryRoot, 'bundle');

/** Gives CommonJS packages in an ES module bundle the `require` that they ask Node's own modules from. */
const REQUIRE_BANNER =
  "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);";

/**
 * Bounds what Node keeps for objects that die young, in MiB: by itself it takes up to 32 for each half and hardly gives
 * them back. Of 64 open streams this saves a fifth of the memory, of a busy gateway a third, and pauses are shorter.
 */
const youngObjectsOption = '--max-semi-space-size=8';

/** Node's options of every function, for those who measure it as well. */
export const functionNodeOptions: readonly string[] = [youngObjectsOption];

/**
 * How everything that is deployed is bundled: ES modules, with the SDK, so that what was tested is what runs.
 *
 * `splitting` leaves what is loaded by `import()` in files of its own: what no first request needs costs no cold start.
 * `mainFields` prefers the ES module builds: a CommonJS build inside an ES module bundle dies at start with
 * `Dynamic require of "node:https" is not supported`. The banner gives a `require` to the one package that has no other
 * build (undici); a test runs the bundle.
 */
const buildOptions = {
  absWorkingDir: repositoryRoot,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  splitting: true,
  mainFields: ['module', 'main'],
  alias: { 'node:http': fileURLToPath(new URL('node-http.cjs', import.meta.url)) },
  // undici's own word for "without the parser that nobody switched on": 240 KB of WebAssembly.
  define: { esbuildDetection: 'true' },
  // By which the SDK tells browsers apart, when it runs in one.
  external: ['bowser'],
  banner: { js: REQUIRE_BANNER },
  inject: [fileURLToPath(new URL('source-lines.ts', import.meta.url))],
  outExtension: { '.js': '.mjs' },
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'error',
} as const satisfies BuildOptions;

/**
 * Writes a bundle into a folder of its own.
 *
 * @param entry from the repository's root
 * @param options.readable for profiles: names stay
 * @returns the path of its first file
 * @throws an Error with what esbuild says
 */
export function writeBundle(
  entry: string,
  folder: string,
  { readable = false }: { readonly readable?: boolean } = {},
): string {
  const { outputFiles } = buildSync({
    ...buildOptions,
    define: { ...buildOptions.define, SPILLWAY_REVISION: JSON.stringify(revision()) },
    entryPoints: [{ in: join(repositoryRoot, entry), out: 'index' }],
    outdir: sourceMapFolder,
    write: false,
    minify: !readable,
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(join(folder, basename(path)), contents);
  return join(folder, bundleEntryFile);
}

/** Of the sources that stand there when templates are made. */
let known: string | undefined;

function revision(): string {
  known ??= sourceRevision(repositoryRoot);
  return known;
}

/** What a function is made of. */
export interface FunctionParts {
  /** Under `lambdas/`: its `handler.ts` is bundled. */
  readonly folder: string;
  /** The checked configuration as JSON, without tenants' keys. It lies beside the handler. */
  readonly configJson: string;
  /**
   * The web console's files lie beside the handler too.
   * @default false
   */
  readonly servesConsole?: boolean;
}

/**
 * The code of a function, with the configuration beside it. Bundled at synth, by the esbuild of this repository and
 * without Docker.
 */
export function functionCode(scope: IConstruct, parts: FunctionParts): Code {
  keepForReaders(scope, parts.configJson);
  return Code.fromAsset(folderOf(parts), bundlingOf(parts));
}

/** The same as an archive in the CDK's own bucket, for what takes its code from elsewhere. */
export function functionAsset(scope: Construct, parts: FunctionParts): Asset {
  keepForReaders(scope, parts.configJson);
  return new Asset(scope, 'Bundle', { path: folderOf(parts), ...bundlingOf(parts) });
}

/** Two functions are told apart by their folders: the CDK bundles each folder once. */
const folderOf = ({ folder }: FunctionParts): string => join(repositoryRoot, 'lambdas', folder);

function bundlingOf({ folder, configJson, servesConsole = false }: FunctionParts): AssetOptions {
  const source = join('lambdas', folder);
  return {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-asked-for'),
      local: {
        tryBundle: (target) => {
          writeBundle(join(source, 'handler.ts'), target);
          writeFileSync(join(target, bundledConfigFile), configJson);
          if (servesConsole) writeConsole(join(target, bundledConsoleFolder));
          return true;
        },
      },
    },
  };
}

/** The same for every gateway of an app. */
let builtConsole: BuiltConsole | undefined;

/** Not in the bundle itself: it is loaded by whoever looks, never by a call of a model. */
function writeConsole(folder: string): void {
  builtConsole ??= buildConsoleSync();
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of builtConsole) writeFileSync(join(folder, name), text);
}

/** In the cloud assembly, so that a reader sees what the functions were given. Every function writes the same. */
function keepForReaders(scope: IConstruct, configJson: string): void {
  const folder = Stage.of(scope)?.outdir ?? repositoryRoot;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, bundledConfigFile), configJson);
}
