import { timeoutStatuses } from '../../options/deadline.ts';
import type { ProbeDeclaration } from '../declaration.ts';

/** What is the result of an existing plugin? */
export const exec: ProbeDeclaration = {
  name: 'exec',
  description: 'run a monitoring plugin and report its result',
  examples: [
    '-- /usr/lib/nagios/plugins/check_pgsql -H 127.0.0.1',
    '--timeout 5 -- check_smtp -H mx.example.org',
  ],

  declare(command) {
    const declared = command
      .argument('[COMMAND...]', 'the plugin and its arguments, behind --')
      .addOption(
        command
          .createOption(
            '--exit-codes <KIND>',
            'exit codes of a plugin, or of a command: 0 ok, else critical (default: 1 is a warning if the first line has WARN)',
          )
          .choices(['plugin', 'command'] as const),
      )
      .addOption(
        command
          .createOption(
            '--timeout-status <STATUS>',
            'status of a plugin that has not ended at the deadline (default: critical)',
          )
          .choices(timeoutStatuses),
      )
      .passThroughOptions();

    return (shared) => {
      const [name = '', ...args] = declared.processedArgs[0];
      if (name === '') {
        declared.error(
          'error: COMMAND is missing. Needed is a plugin and its arguments, behind --.',
        );
      }
      const { exitCodes, timeoutStatus = shared.timeoutStatus } = declared.opts();
      if (shared.timeoutStatus !== undefined && timeoutStatus !== shared.timeoutStatus) {
        declared.error('error: --timeout and --timeout-status give two different statuses');
      }
      return {
        target: name,
        secret: args.length > 0 ? args.join('\0') : undefined,
        // Loaded late, since it loads node:child_process.
        probe: async (signal, trace) =>
          (await import('./probe.ts')).probeExec(
            { command: name, args, exitCodes, timeoutStatus },
            signal,
            trace,
          ),
      };
    };
  },
};
