#!/usr/bin/env node
/** `npm test`: every check and every test. Arguments are passed on as file filters and then only tests run. */
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { allSteps, finish, runSteps, runTests } from './steps.mjs';

ensureInstalled();
// The tests start the product dozens of times: what one start compiled, the next ones read.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));
const filters = process.argv.slice(2);
if (filters.length > 0) finish(await runTests([], filters));
else finish(await runSteps(allSteps), await runTests());
