import { endpoint } from '../net/host-names.ts';
import type { Family } from '../net/ip-address.ts';
import type { Endpoint } from '../options/endpoint.ts';
import type { TargetTemplate } from '../serve/probe-target.ts';
import type { CheckLine, Mistake } from './checks-text.ts';
import type { Settings } from './index.ts';

/** In a line, it is replaced by the target that a client names. */
export const placeholder = '{target}';

type Parsed = Settings | Mistake;

/** A target in the place of those that clients will name. */
interface StandIn {
  readonly host: string;
  readonly port: number;
}

/** Whether a client may name a port, must, or must not because the line has one. */
type PortRule = 'optional' | 'required' | 'forbidden';

/**
 * Reads a line with `{target}`. It is parsed with a stand-in for the target, so that its mistakes are
 * found now and not at the first client.
 */
export function readTargetLine(
  { name, args }: CheckLine,
  parse: (args: readonly string[]) => Parsed,
): TargetTemplate | Mistake {
  const family = familyIn(args);
  const standIn = { host: family === 6 ? '2001:db8::1' : '192.0.2.1', port: 1 };
  const withoutPort = parse(replaced(args, standIn.host));
  const asHost = parse(withPortOption(args, standIn));
  const isHost = isTarget(withoutPort, standIn.host) || isTarget(asHost, standIn.host);
  const insert = isHost ? withPortOption : withEndpoint;
  const withPort = isHost ? asHost : parse(withEndpoint(args, standIn));
  const settings = 'message' in withoutPort ? withPort : withoutPort;
  const hide = (text: string) => withPlaceholder(text, standIn);
  if ('message' in settings) return { ...settings, message: hide(settings.message) };
  const { check, drainFile, hold } = settings;
  const { name: probe, timeout, label } = check;
  const portRule = portRuleOf(withoutPort, withPort, isHost ? standIn : undefined);
  return {
    ...{ name, probe, timeout, label: label && hide(label), target: hide(check.target) },
    ...{ family, drainFile, hold },
    aim(target) {
      const mistake = portMistake(name, portRule, target);
      if (mistake !== undefined) return { mistake };
      const aimed = parse(insert(args, target));
      return 'message' in aimed ? { mistake: `${name}: ${aimed.message}.` } : aimed.check;
    },
  };
}

/** Whether the check asks this host, at whatever port. */
function isTarget(parsed: Parsed, host: string): boolean {
  const start = endpoint(host, 1).slice(0, -1);
  return 'check' in parsed && parsed.check.target.startsWith(start);
}

/** `asked` is what the check must ask if it takes the port of a client; undefined if it asks something else. */
function portRuleOf(withoutPort: Parsed, withPort: Parsed, asked: StandIn | undefined): PortRule {
  if ('message' in withoutPort) return 'required';
  if ('message' in withPort) return 'forbidden';
  const isTaken = !asked || withPort.check.target === endpoint(asked.host, asked.port);
  return isTaken ? 'optional' : 'forbidden';
}

function portMistake(name: string, rule: PortRule, { port }: Endpoint): string | undefined {
  if (rule === 'forbidden' && port !== undefined) return `${name} takes a target without a port.`;
  if (rule === 'required' && port === undefined) {
    return `${name} needs a target with a port: HOST:PORT.`;
  }
  return undefined;
}

/** Users have written the placeholder, and not its stand-in. */
function withPlaceholder(text: string, { host, port }: StandIn): string {
  return text.replaceAll(endpoint(host, port), placeholder).replaceAll(host, placeholder);
}

const replaced = (args: readonly string[], text: string) =>
  args.map((argument) => argument.replaceAll(placeholder, text));

/** The placeholder becomes `HOST:PORT`. */
function withEndpoint(args: readonly string[], { host, port }: Endpoint): readonly string[] {
  return replaced(args, port === undefined ? host : endpoint(host, port));
}

/**
 * For a check that asks the target: as HOST the placeholder becomes the host. The port is an option, which
 * may stand before all others.
 */
function withPortOption(args: readonly string[], target: Endpoint): readonly string[] {
  const { host, port } = target;
  const isWhole = /^(?:-H|--hostname=)?\{target\}$/;
  const hostsSet = args.map((argument) =>
    isWhole.test(argument) ? argument.replace(placeholder, host) : argument,
  );
  const [probe = '', ...rest] = withEndpoint(hostsSet, target);
  return port === undefined ? [probe, ...rest] : [probe, '-p', String(port), ...rest];
}

/** The address family that the options of a line ask for. */
function familyIn(args: readonly string[]): Family | undefined {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  if (options.includes('-6') || options.includes('--ipv6')) return 6;
  return options.includes('-4') || options.includes('--ipv4') ? 4 : undefined;
}
