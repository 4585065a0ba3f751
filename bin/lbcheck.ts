import { basename } from 'node:path';
import { main } from '../src/cli.ts';

// Stands when a bug ends the process before its answer.
process.exitCode = 3;

const [, executable = '', ...words] = process.argv;
main(basename(executable), words).then((exitCode) => {
  process.exitCode = exitCode;
});
