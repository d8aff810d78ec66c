#!/usr/bin/env node
/** `npm test`: every check and every test. Arguments are passed on as file filters and then only tests run. */
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { buildRuntimeClient } from './lambda-runtime-client.mjs';
import {
  finish,
  runSecondOpinion,
  runSteps,
  runTemplateLint,
  runTests,
  runUnderAwsClient,
  staticSteps,
} from './steps.mjs';

ensureInstalled();
// The tests start the product dozens of times: what one start compiled, the next ones read.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));
const filters = process.argv.slice(2);
if (filters.length > 0) finish(await runTests([], filters));
else {
  // The first time it builds for half a minute, beside the checks that need no second processor.
  const building = buildRuntimeClient();
  finish(
    await runSteps(staticSteps),
    await runTemplateLint(),
    await runSecondOpinion(),
    await runUnderAwsClient(building),
    await runTests(),
  );
}
