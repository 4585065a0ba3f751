import { main } from '../src/main.ts';

// The exit code if a bug ends the process before its answer.
process.exitCode = 3;

// Node throws what nobody handles, and a listener of ours takes it; Bun would print it.
process.on('unhandledRejection', (reason) => {
  throw reason;
});

const [, script = '', ...args] = process.argv;
// Compiled by Bun, the script is a path inside the executable, whatever name it was called by.
const name = process.versions.bun === undefined ? script : process.argv0;
main(name.slice(name.lastIndexOf('/') + 1), args).then((exitCode) => {
  process.exitCode = exitCode;
});
