#!/usr/bin/env node
/** `npm run check`: format, lint, types, import rules, unused code, house rules and the quick unit tests; before every commit. */
import { ensureInstalled } from './install.mjs';
import { finish, runSteps, runTests, staticSteps } from './steps.mjs';

ensureInstalled();
process.env.SPILLWAY_RUNS_SHARE ??= '0.1';
finish(await runSteps(staticSteps), await runTests(['unit']));
