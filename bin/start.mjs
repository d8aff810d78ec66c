#!/usr/bin/env node
/** `npm start`: the whole product on this machine, against a local AWS. */
import { ensureInstalled, runOnNode24 } from './install.mjs';

ensureInstalled();
await runOnNode24('src/local-mode/main.ts');
