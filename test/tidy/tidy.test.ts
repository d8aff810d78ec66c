/** House rules as tests. A rule that no tool holds is only taste. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import ratchet from './ratchet.json' with { type: 'json' };
import {
  functionsOf,
  hasRuntimeCode,
  identifiersOf,
  loadSourceFiles,
  projectFolder,
  type SourceFile,
} from './source-files.ts';

const files = loadSourceFiles();
const under = (...folders: string[]): SourceFile[] =>
  files.filter((file) => folders.some((folder) => file.path.startsWith(`${folder}/`)));

const fileLinesMax = 400;
const testFileLinesMax = 800;
const functionLinesMax = 70;
const handlerLinesMax = 60;
const parametersMax = 3;

/** The offender's allowance, if it stood here before the rule: it may shrink, never grow. */
const allowance = (table: Record<string, number>, key: string, otherwise: number): number =>
  table[key] ?? otherwise;

describe('the parser sees the project', () => {
  it('finds the source files that the rules below judge', () => {
    expect(under('src').length).toBeGreaterThan(50);
    expect(files.some((file) => functionsOf(file).length > 0)).toBe(true);
  });
});

describe('sizes', () => {
  it('refuses files that grew past a screenful of ideas', () => {
    const tooLong = files
      .map((file) => ({ file, max: file.path.startsWith('test/') ? testFileLinesMax : fileLinesMax }))
      .filter(({ file, max }) => file.lines > allowance(ratchet.fileLines, file.path, max))
      .map(({ file, max }) => `${file.path} has ${file.lines} lines, at most ${max}: split it by idea`);
    expect(tooLong).toEqual([]);
  });

  it('refuses functions that do not fit a screen', () => {
    const tooLong = files
      .filter((file) => !file.path.startsWith('test/'))
      .flatMap((file) =>
        functionsOf(file)
          .filter(
            (found) =>
              found.lines > allowance(ratchet.functionLines, `${file.path}#${found.name}`, functionLinesMax),
          )
          .map(
            (found) =>
              `${file.path}:${found.line} ${found.name} has ${found.lines} lines, at most ${functionLinesMax}`,
          ),
      );
    expect(tooLong).toEqual([]);
  });

  it('refuses handlers with business in them', () => {
    const tooLong = under('lambdas')
      .filter((file) => file.path.endsWith('/handler.ts') && file.lines > handlerLinesMax)
      .map(
        (file) =>
          `${file.path} has ${file.lines} lines, at most ${handlerLinesMax}: move the work into a use case`,
      );
    expect(tooLong).toEqual([]);
  });

  it('refuses more than three positional parameters', () => {
    const tooMany = files
      .filter((file) => !file.path.startsWith('test/'))
      .flatMap((file) =>
        functionsOf(file)
          .filter((found) => found.parameters > parametersMax)
          .map(
            (found) =>
              `${file.path}:${found.line} ${found.name} takes ${found.parameters}: pass one named object`,
          ),
      );
    expect(tooMany).toEqual([]);
  });

  it('keeps the ratchet honest: what is listed still offends', () => {
    const healed = [
      ...Object.keys(ratchet.fileLines).filter(
        (path) => (files.find((file) => file.path === path)?.lines ?? 0) <= fileLinesMax,
      ),
      ...Object.keys(ratchet.unmirrored).filter((path) => !files.some((file) => file.path === path)),
    ];
    expect(healed).toEqual([]);
  });
});

describe('purity', () => {
  const bannedEverywhere = ['Math.random', 'AbortSignal.timeout', 'Date.now', 'performance.now'];
  const bannedNames = new Set([
    'process',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'fetch',
    'console',
    'Buffer',
    'crypto',
    'performance',
    'require',
  ]);

  it('keeps clocks, chance and the machine out of core and use cases', () => {
    const offences = under('src/core', 'src/usecases').flatMap((file) => [
      ...identifiersOf(file)
        .filter((found) => bannedNames.has(found.name))
        .map(
          (found) =>
            `${file.path}:${found.line} uses ${found.name}: take it as an argument or through a port`,
        ),
      ...bannedEverywhere
        .filter((word) => file.text.includes(`${word}(`))
        .map((word) => `${file.path} calls ${word}`),
      ...(/new Date\(\)/.test(file.text)
        ? [`${file.path} reads the clock by new Date(): take the instant as an argument`]
        : []),
    ]);
    expect(offences).toEqual([]);
  });

  it('keeps core synchronous', () => {
    const offences = under('src/core').flatMap((file) => [
      ...functionsOf(file)
        .filter((found) => found.isAsync)
        .map((found) => `${file.path}:${found.line} ${found.name} is async`),
      ...identifiersOf(file)
        .filter((found) => found.name === 'Promise')
        .map((found) => `${file.path}:${found.line} uses Promise`),
    ]);
    expect(offences).toEqual([]);
  });

  it('reads the environment in one file only', () => {
    const readers = under('src', 'lambdas')
      .filter((file) => /process\.env\b/.test(file.text))
      .map((file) => file.path);
    expect(readers.filter((path) => path !== 'src/runtime/environment.ts')).toEqual([]);
  });
});

describe('words', () => {
  it('has no drawers', () => {
    const drawers = files
      .filter((file) => /(^|\/)(utils?|helpers?|misc|common)(\/|\.)/.test(file.path))
      .map((file) => file.path);
    expect(drawers).toEqual([]);
  });

  it('names files in kebab-case', () => {
    const odd = files
      .filter((file) => !/^[a-z0-9.-]+$/.test(file.path.split('/').at(-1) ?? ''))
      .map((file) => file.path);
    expect(odd).toEqual([]);
  });

  it('carries no unfinished words and gives a reason with each suppression', () => {
    const unfinished = /\b(TO[D]O|FIX[M]E|X[X]X)\b/;
    const offences = files.flatMap((file) =>
      file.text.split('\n').flatMap((line, index) => {
        if (unfinished.test(line)) return [`${file.path}:${index + 1} is unfinished`];
        if (/@ts-(ignore|nocheck)/.test(line) && file.path !== 'test/tidy/tidy.test.ts')
          return [`${file.path}:${index + 1} silences the compiler`];
        if (
          /biome-ignore/.test(line) &&
          !/biome-ignore [\w/]+: \S+ \S+/.test(line) &&
          file.path !== 'test/tidy/tidy.test.ts'
        ) {
          return [`${file.path}:${index + 1} suppresses a rule without a reason`];
        }
        return [];
      }),
    );
    expect(offences).toEqual([]);
  });

  it('speaks of the product alone', () => {
    const foreign = /registry\.npmjs|\/work\/(main|shared)|\/\.library\b/;
    const documents = ['README.md', 'CHANGELOG.md', 'package.json', 'package-lock.json'].filter((path) =>
      existsSync(join(projectFolder, path)),
    );
    const offences = [
      ...files
        .filter((file) => file.path !== 'test/tidy/tidy.test.ts' && foreign.test(file.text))
        .map((file) => file.path),
      ...documents.filter((path) => foreign.test(readFileSync(join(projectFolder, path), 'utf8'))),
    ];
    expect(offences).toEqual([]);
  });
});

describe('the lockfile', () => {
  it('holds every platform’s optional packages, or a clean install fails where the registry lacks one', () => {
    const { packages } = JSON.parse(readFileSync(join(projectFolder, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string>; resolved?: string }>;
    };
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) =>
          packages[`node_modules/${name}`] === undefined &&
          packages[`${path}/node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
  });
});

describe('shape', () => {
  const mirrored = [
    'src/core',
    'src/usecases',
    'src/adapters',
    'src/server',
    'src/contract',
    'src/simulator/arrivals',
    'src/simulator/statistics',
    'src/simulator/report',
    'lambdas',
    'lib',
  ];

  it('mirrors every source file that runs with a test of the same name', () => {
    const known: Record<string, string> = ratchet.unmirrored;
    const missing = under(...mirrored)
      .filter((file) => file.path.endsWith('.ts') && hasRuntimeCode(file) && known[file.path] === undefined)
      .filter((file) => !existsSync(join(projectFolder, testPathOf(file.path))))
      .map((file) => `${file.path} has no ${testPathOf(file.path)}`);
    expect(missing).toEqual([]);
  });

  it('opens every folder of core, use cases and local services with a header', () => {
    const folders = ['src/core', 'src/usecases', 'local/services'].flatMap((parent) =>
      readdirSync(join(projectFolder, parent), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${parent}/${entry.name}`),
    );
    const headless = folders.filter(
      (folder) => !under(folder).some((file) => file.text.trimStart().startsWith('/**')),
    );
    expect(headless).toEqual([]);
  });

  it('lets some adapter run every port suite', () => {
    const suites = under('test/port-suites').filter((file) => file.path.endsWith('.suite.ts'));
    const lonely = suites
      .map((suite) => suite.path.split('/').at(-1) ?? '')
      .filter(
        (name) =>
          files.filter((file) => file.path.endsWith('.test.ts') && file.text.includes(name)).length < 1,
      );
    expect(suites.length).toBeGreaterThan(0);
    expect(lonely).toEqual([]);
  });
});

function testPathOf(path: string): string {
  const inside = path.startsWith('src/') ? path.slice('src/'.length) : path;
  return `test/${inside.replace(/\.ts$/, '.test.ts')}`;
}
