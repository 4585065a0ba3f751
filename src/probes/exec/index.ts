import type { ProbeDeclaration } from '../declaration.ts';

/** What does a plugin say that exists already? */
export const exec: ProbeDeclaration = {
  name: 'exec',
  description: 'run a monitoring plugin and say what it says',
  examples: [
    '-- /usr/lib/nagios/plugins/check_pgsql -H 127.0.0.1',
    '--timeout 5 -- check_smtp -H mx.example.org',
  ],

  declare(command) {
    const declared = command
      .argument('[COMMAND...]', 'the plugin and its arguments, behind --')
      .passThroughOptions();

    return () => {
      const [name = '', ...args] = declared.processedArgs[0];
      if (name === '') {
        declared.error(
          'error: COMMAND is missing. Needed is a plugin and its arguments, behind --.',
        );
      }
      return {
        target: name,
        secret: args.length > 0 ? args.join('\0') : undefined,
        // Late, since it loads node:child_process.
        probe: async (signal) =>
          (await import('./probe.ts')).probeExec({ command: name, args }, signal),
      };
    };
  },
};
