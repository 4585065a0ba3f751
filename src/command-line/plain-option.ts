/** A parser as commander has it: it gets the value, and the value before it. */
type Parser = (value: string | undefined, previous: unknown) => unknown;

/**
 * The part of commander's `Option` that the declarations use, for flags such as `-p, --port <PORT>`. It
 * is a class because each start makes some twenty of them, and closures would take longer than all other
 * work.
 */
export class PlainOption {
  readonly long: string;
  readonly short: string | undefined;
  readonly takesValue: boolean;
  /** `dryRun` for --dry-run and for --no-dry-run. */
  readonly key: string;
  helpGroupHeading: string | undefined = undefined;
  parse: Parser | undefined = undefined;
  initial: unknown = undefined;
  isMandatory = false;
  excluded: string | undefined = undefined;

  constructor(flags: string) {
    const start = flags.startsWith('--') ? 0 : 4;
    const blank = flags.indexOf(' ', start);
    this.takesValue = blank > 0;
    this.short = start > 0 ? flags.slice(0, 2) : undefined;
    this.long = blank > 0 ? flags.slice(start, blank) : flags.slice(start);
    if (!this.long.startsWith('--') || flags.includes(' ['))
      throw new Error(`${flags}: unknown form`);
    this.key = keyOf(this.long);
  }

  argParser(parse: Parser): this {
    this.parse = parse;
    return this;
  }

  choices(values: readonly string[]): this {
    return this.argParser((given = '') => {
      if (!values.includes(given)) throw new Error(`${given} is none of ${values}`);
      return given;
    });
  }

  default(value: unknown): this {
    this.initial = value;
    return this;
  }

  conflicts(key: string): this {
    this.excluded = key;
    return this;
  }
}

/** True for `--no-control`. */
export const isNegation = (long: string) => long.startsWith('--no-');

function keyOf(long: string): string {
  const [first, ...rest] = long.slice(isNegation(long) ? 5 : 2).split('-');
  return rest.reduce(
    (key, word) => key + word.charAt(0).toUpperCase() + word.slice(1),
    first ?? '',
  );
}
