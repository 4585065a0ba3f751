/**
 * What the parser of a value throws; the message says what is allowed. commander knows the error by its
 * code. Its own class would load all of commander.
 */
export class InvalidArgumentError extends Error {
  readonly code = 'commander.invalidArgument';
}
