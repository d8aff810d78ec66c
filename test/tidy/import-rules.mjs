/**
 * Runs the import rules and fails when they checked nothing: with a TypeScript that has no JavaScript API the cruiser
 * reports zero modules and no violations, and would pass.
 */
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTypeScriptConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const folders = ['bin', 'console', 'lib', 'lambdas', 'src', 'local', 'test', 'examples', 'bench', 'scripts'];
const sourceModulesMin = 100;

const options = await extractOptions('./.dependency-cruiser.cjs');
const { output } = await cruise(folders, { ...options, validate: true }, undefined, {
  tsConfig: extractTypeScriptConfig('./tsconfig.json'),
});
const own = output.modules.filter(
  (module) => /\.tsx?$/.test(module.source) && !module.source.includes('node_modules'),
);
const lines = output.summary.violations.map(
  (violation) => `${violation.rule.name}: ${violation.from} -> ${violation.to}`,
);
if (own.length < sourceModulesMin) {
  lines.push(
    `only ${own.length} TypeScript modules were cruised, at least ${sourceModulesMin} were expected`,
  );
}
process.stdout.write(
  `${own.length} modules, ${output.summary.totalDependenciesCruised} imports, ${lines.length} violations\n`,
);
for (const line of lines) process.stdout.write(`  ${line}\n`);
process.exitCode = lines.length === 0 ? 0 : 1;
