#!/usr/bin/env node
import module from 'node:module';

// Node 22 and later keep what they have compiled, so that the next start is quicker.
module.enableCompileCache?.();

const { main } = await import('../dist/cli/main.js');
await main();
