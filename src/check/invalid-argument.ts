/**
 * The error of a parser of values; its message tells what is allowed. commander recognizes it by its
 * code. commander's own class is not used, since it would load all of commander.
 */
export class InvalidArgumentError extends Error {
  readonly code = 'commander.invalidArgument';
}
