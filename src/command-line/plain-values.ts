import { giveUp } from './plain-arguments.ts';
import { isNegation, type PlainOption } from './plain-option.ts';

/** The options of a plain command, and their values on the command line. */
export interface PlainValues {
  readonly options: readonly PlainOption[];
  readonly values: Readonly<Record<string, unknown>>;
  /** The keys of the options that the command line gives. */
  readonly given: ReadonlySet<string>;
  add(option: PlainOption): void;
  set(option: PlainOption, text: string | undefined): void;
  on(event: string, listener: (text: string | undefined) => void): void;
  /** Throws when a required option is missing, or two options exclude each other. */
  checkComplete(): void;
}

/** As commander does: defaults first, then each option in the order of the command line. */
export function plainValues(): PlainValues {
  const options: PlainOption[] = [];
  const values: Record<string, unknown> = {};
  const given = new Set<string>();
  const listeners = new Map<string, (text: string | undefined) => void>();
  return {
    ...{ options, values, given },
    add(option) {
      options.push(option);
      if (!isNegation(option.long)) {
        if (option.initial !== undefined) values[option.key] = option.initial;
      } else if (!options.some(({ long }) => long === `--${option.long.slice(5)}`)) {
        values[option.key] = true;
      }
    },
    set(option, text) {
      const value = option.parse ? option.parse(text, values[option.key]) : text;
      values[option.key] = value ?? (option.takesValue ? '' : !isNegation(option.long));
      given.add(option.key);
      listeners.get(`option:${option.long.slice(2)}`)?.(text);
    },
    on(event, listener) {
      listeners.set(event, listener);
    },
    checkComplete() {
      for (const { key, excluded, isMandatory } of options) {
        if (isMandatory && values[key] === undefined) giveUp(`${key} is missing`);
        if (given.has(key) && excluded !== undefined && given.has(excluded)) {
          giveUp(`${key} excludes ${excluded}`);
        }
      }
    },
  };
}
