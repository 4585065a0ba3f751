import { basename } from 'node:path';
import { main } from '../src/cli.ts';

// Stands when a bug ends the process before its answer.
process.exitCode = 3;

// Node throws what nobody handles, for a listener of ours to take; Bun would print it.
process.on('unhandledRejection', (reason) => {
  throw reason;
});

const [, script = '', ...words] = process.argv;
// Compiled by Bun, the script is a path inside of the executable, whatever name it was called by.
const called = process.versions.bun === undefined ? script : process.argv0;
main(basename(called), words).then((exitCode) => {
  process.exitCode = exitCode;
});
