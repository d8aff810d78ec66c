#!/usr/bin/env node
/** `npm run check`: format, lint, types, import rules, unused code, house rules and unit tests; before every commit. */
import { ensureInstalled } from './install.mjs';
import { finish, runSteps, runTests, staticSteps } from './steps.mjs';

ensureInstalled();
finish(await runSteps(staticSteps), await runTests(['unit']));
