import { endpoint } from '../../net/host-names.ts';
import { declareTarget } from '../../options/target.ts';
import type { ProbeDeclaration } from '../declaration.ts';
import { engines } from './engine.ts';
import type { SynCheck } from './probe.ts';

/** Is a TCP port open? It is asked by half of a handshake, which the server never sees. */
export const syn: ProbeDeclaration = {
  name: 'syn',
  plugin: 'check_tcp_half_open',
  description: 'ask whether a TCP port is open, by half of a handshake',
  examples: ['192.0.2.7 25', 'mx.example.org 25 --timeout 3', '2001:db8::7 3128 --nmap /opt/nmap'],

  declare(command) {
    const targetOf = declareTarget(command);
    const declared = command
      .addOption(
        command
          .createOption(
            '--engine <ENGINE>',
            'who asks (auto: nmap, then the kernel; or the kernel alone)',
          )
          .choices(engines)
          .default('auto' as const),
      )
      .addOption(
        command
          .createOption('--adjacent <WHEN>', 'scan the next port too (auto: after "filtered")')
          .choices(['auto', 'never', 'always'] as const)
          .default('auto' as const),
      )
      .option('--nmap <PATH>', 'the nmap to run (default: the one in PATH)');

    return ({ timeout }) => {
      const { host, port, family } = targetOf();
      const { adjacent, engine, nmap } = declared.opts();
      if (host.includes('%') && engine === 'nmap') {
        declared.error(`error: HOST '${host}' has a zone id, which --engine nmap cannot take`);
      }
      if (nmap !== undefined && (nmap.trim() === '' || nmap.startsWith('-'))) {
        declared.error(`error: --nmap '${nmap}' is invalid. Allowed is a path, or a name in PATH.`);
      }
      const check: SynCheck = { host, family, port, engine, adjacent, nmap, timeout };
      return {
        target: endpoint(host, port),
        // Late, since it loads node:child_process.
        probe: async (signal, trace) => (await import('./probe.ts')).probeSyn(check, signal, trace),
      };
    };
  },
};
