#!/usr/bin/env node
// CommonJS, as the bundle is: Node has it loaded by the time it has made ready for modules.
const { enableCompileCache } = require('node:module');

// Node 22 and later keep what they have compiled, so that the next start is quicker.
enableCompileCache?.();

require('../dist/program/main.js').main();
