import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stage } from 'aws-cdk-lib';
import { type BundlingOptions, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { IConstruct } from 'constructs';

/** The repository's root: where package.json, the lock file and `lambdas/` stand. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The configuration's file beside the handler in every bundle: a function finds it from where its files lie. */
export const bundledConfigFile = 'spillway.config.json';

/** Gives CommonJS packages in an ES module bundle the `require` that they ask Node's own modules from. */
const REQUIRE_BANNER =
  "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);";

/**
 * Bounds what Node keeps for objects that die young, in MiB: by itself it takes up to 32 for each half and hardly gives
 * them back. Of 64 open streams this saves a fifth of the memory, of a busy gateway a third, and pauses are shorter.
 */
const youngObjectsOption = '--max-semi-space-size=8';

/** Node's options of every function, for those who measure it as well: errors name the lines that people wrote. */
export const functionNodeOptions: readonly string[] = ['--enable-source-maps', youngObjectsOption];

/** What a bundle takes in place of a module, by its name: for esbuild's `alias`. */
export const bundledInstead: Readonly<Record<string, string>> = {
  'node:http': fileURLToPath(new URL('node-http.cjs', import.meta.url)),
};

/**
 * How every function is bundled: by the local esbuild, as one ES module, with the configuration beside it.
 *
 * The SDK is bundled too, so that what was tested is what runs. `mainFields` prefers the ES module builds: a CommonJS
 * build inside an ES module bundle dies at start with `Dynamic require of "node:https" is not supported`. The banner
 * gives a `require` to the one package that has no other build (undici); a test runs the bundle.
 */
export function functionBundling(scope: IConstruct, configJson: string): BundlingOptions {
  const source = writeConfig(scope, configJson);
  return {
    format: OutputFormat.ESM,
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: REQUIRE_BANNER,
    minify: true,
    sourceMap: true,
    sourceMapMode: SourceMapMode.DEFAULT,
    sourcesContent: false,
    bundleAwsSDK: true,
    esbuildArgs: Object.fromEntries(
      Object.entries(bundledInstead).map(([name, path]) => [`--alias:${name}`, path]),
    ),
    forceDockerBundling: false,
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (_inputFolder, outputFolder) => [
        `cp ${quoted(source)} ${quoted(join(outputFolder, bundledConfigFile))}`,
      ],
    },
  };
}

/** Kept in the cloud assembly, so that a reader sees what the functions were given. Every function writes the same. */
function writeConfig(scope: IConstruct, configJson: string): string {
  const folder = Stage.of(scope)?.outdir ?? repositoryRoot;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, bundledConfigFile);
  writeFileSync(path, configJson);
  return path;
}

/** For a POSIX shell, which runs the bundling commands. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
