import type { Command } from '@commander-js/extra-typings';
import { giveUp, type Operand, readOperands, readOptions } from './plain-arguments.ts';
import { PlainOption } from './plain-option.ts';
import { plainValues } from './plain-values.ts';

/**
 * A command with the part of commander's interface that the declarations use. It reads a command line
 * that has only declared options, and throws for anything else, right or wrong: then commander reads it.
 * Loading and using commander takes longer than a whole check.
 */
export function plainCommand(): Command {
  const { add, options, set, values, given, on, checkComplete } = plainValues();
  const operands: Operand[] = [];
  let heading: string | undefined;
  let isPassedThrough = false;
  const same = () => command;
  const addOption = (option: PlainOption) => {
    option.helpGroupHeading ??= heading;
    add(option);
    return command;
  };
  const declare = (flags: string, isMandatory: boolean, parse?: Parse, initial?: unknown) => {
    const option = new PlainOption(flags);
    option.isMandatory = isMandatory;
    option.parse = parse;
    option.initial = initial;
    return addOption(option);
  };

  const command = {
    ...{ options, addOption, args: [] as readonly string[], processedArgs: [] as unknown[] },
    ...{ description: same, addHelpText: same, version: same, helpOption: same },
    ...{ error: giveUp, opts: () => values },
    optionsGroup: (title: string) => {
      heading = title;
      return command;
    },
    passThroughOptions: () => {
      isPassedThrough = true;
      return command;
    },
    argument: (name: string, _description: string, parse?: Parse, initial?: unknown) => {
      operands.push({ isVariadic: name.endsWith('...]'), parse, initial });
      return command;
    },
    createOption: (flags: string) => new PlainOption(flags),
    option: (flags: string, _description: string, parse?: Parse, initial?: unknown) =>
      declare(flags, false, parse, initial),
    requiredOption: (flags: string, _description: string, parse?: Parse, initial?: unknown) =>
      declare(flags, true, parse, initial),
    on: (event: string, listener: (text: string | undefined) => void) => {
      on(event, listener);
      return command;
    },
    getOptionValueSource: (key: string) => (given.has(key) ? 'cli' : undefined),
    parseOptions: (args: readonly string[]) => readOptions(args, { options, isPassedThrough, set }),
    parse: (args: readonly string[]) => {
      command.args = command.parseOptions(args);
      command.processedArgs = readOperands(operands, command.args);
      checkComplete();
      return command;
    },
  };
  // Commander's types know each option by name, which only the declarations need.
  return command as unknown as Command;
}

type Parse = NonNullable<PlainOption['parse']>;
