import type { PlainOption } from './plain-option.ts';

/** One argument that is not an option. */
export interface Operand {
  readonly isVariadic: boolean;
  readonly parse: PlainOption['parse'];
  readonly initial: unknown;
}

/** What `readOptions` needs to know about the command. */
interface Reading {
  readonly options: readonly PlainOption[];
  /** True when everything after the first operand is an operand too. */
  readonly isPassedThrough: boolean;
  set(option: PlainOption, text: string | undefined): void;
}

/** Gives each option to `set`; returns the operands. Throws for an option that is not declared. */
export function readOptions(args: readonly string[], { options, isPassedThrough, set }: Reading) {
  const operands: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] ?? '';
    if (argument === '--') return [...operands, ...args.slice(at + 1)];
    if (!argument.startsWith('-')) {
      if (isPassedThrough) return [...operands, ...args.slice(at)];
      operands.push(argument);
      continue;
    }
    const [, name = argument, attached] = /^(--[^=]+)=(.*)$/s.exec(argument) ?? [];
    const option = options.find(({ long, short }) => long === name || short === name);
    if (option === undefined) return giveUp(`${argument} is no option`);
    if (!option.takesValue && attached !== undefined) return giveUp(`${name} takes no value`);
    if (option.takesValue && attached === undefined) at += 1;
    const text = option.takesValue ? (attached ?? args[at] ?? giveUp('no value')) : undefined;
    set(option, text);
  }
  return operands;
}

export function readOperands(declared: readonly Operand[], given: readonly string[]): unknown[] {
  const isOpen = declared.some(({ isVariadic }) => isVariadic);
  if (given.length > declared.length && !isOpen) giveUp('too many arguments');
  return declared.map(({ isVariadic, parse, initial }, index) => {
    if (isVariadic) return given.slice(index);
    const text = given[index];
    if (text === undefined) return initial;
    return parse ? parse(text, initial) : text;
  });
}

export function giveUp(reason: string): never {
  throw new Error(reason);
}
