#!/usr/bin/env node
/** `npx spillway <command>`: the command line of Spillway; `start` is what `npm start` does. */
import { ensureInstalled, runOnNode24 } from './install.mjs';

const [command, ...rest] = process.argv.slice(2);

ensureInstalled();
if (command === 'start') await runOnNode24('src/local-mode/main.ts', rest);
else await runOnNode24('src/cli/main.ts');
