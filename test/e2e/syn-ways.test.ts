import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import {
  configure,
  makeNamespace,
  type Namespace,
  runInside,
  startCounting,
  startFarServer,
  synInside,
} from '../support/syn-namespace.ts';

const engines = ['auto', 'kernel'] as const;
const cleanUp = afterThisFile();
let namespace: Namespace;

const rules = `table inet nat {
  chain output {
    type nat hook output priority -100;
    ip daddr 192.0.2.1 tcp dport 2601 dnat ip to 192.0.2.1:25
    ip daddr 198.51.100.7 tcp dport 25 dnat ip to 127.0.0.1:25
    ip daddr 10.96.0.10 tcp dport 443 dnat ip to 192.0.2.1:25
    ip6 daddr fd00:96::10 tcp dport 443 dnat ip6 to [2001:db8::1]:25
    tcp dport 15001 redirect to :25
  }
  chain postrouting {
    type nat hook postrouting priority 100;
    ip daddr 192.0.2.9 tcp dport 2602 snat ip to 192.0.2.2
  }
}
table inet firewall {
  chain output {
    type filter hook output priority 0;
    tcp dport 3001 drop
    tcp dport 3002 reject
    tcp dport 3003 reject with icmpx type admin-prohibited
  }
}`;

beforeAll(async () => {
  namespace = await makeNamespace(cleanUp);
  await configure(
    namespace,
    `ip addr add 192.0.2.2/24 dev wire0
     ip addr add 2001:db8::1/64 dev wire0 nodad
     ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev wire0
     ip route add default via 192.0.2.9
     ip -6 route add default dev wire0
     ip link add up0 type veth peer name up1
     ip link set up0 address 02:00:00:00:00:01 up
     ip link set up1 up
     ip link add br_lan type veth peer name lan1
     ip addr add fe80::1/64 dev br_lan nodad
     ip link set br_lan up
     ip link set lan1 up
     for file in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$file; done
     nft '${rules}'`,
  );
  await startCounting(cleanUp, namespace, '::', 25);
});

/** Asks by an engine; returns the line of the plugin, without perfdata. */
async function ask(engine: string, ...args: readonly string[]) {
  const { stdout } = await synInside(namespace, ...args, '-t', '2.5', '--engine', engine);
  return stdout.replace(/ \|.*\n$/, '');
}

describe.each(engines)('the engine %s goes where a connection goes:', (engine) => {
  test.each([
    ['DNAT to an own address', '192.0.2.1', 2601],
    ['DNAT to 127.0.0.1', '198.51.100.7', 25],
    ['a ClusterIP', '10.96.0.10', 443],
    ['a ClusterIP of IPv6', 'fd00:96::10', 443],
    ['REDIRECT to a sidecar', '192.0.2.9', 15001],
    ['REDIRECT to a sidecar, of IPv6', '2001:db8::9', 15001],
    ['every own address', '0.0.0.0', 25],
    ['every own address of IPv6', '::', 25],
    ['a link-local address', 'fe80::1%br_lan', 25],
  ])('%s', async (_what, host, port) => {
    expect(await ask(engine, host, String(port))).toContain(`${port} is open (syn-ack)`);
  });

  test('a link-local address by the number of its interface', async () => {
    const { stdout } = await runInside(namespace, 'ip', '-o', 'link', 'show', 'br_lan');
    expect(await ask(engine, `fe80::1%${Number.parseInt(stdout, 10)}`, '25')).toContain('is open');
  });

  test('an IPv4-mapped address', async () => {
    expect(await ask(engine, '::ffff:127.0.0.1', '25')).toBe(
      'SYN OK - 127.0.0.1:25 is open (syn-ack)',
    );
  });

  test('SNAT to another own address', async () => {
    await startFarServer(onTestFinished, namespace);
    expect(await ask(engine, '192.0.2.9', '2602')).toContain('is open (syn-ack)');
  });

  test('answers on the other uplink', async () => {
    await startFarServer(onTestFinished, namespace, { by: 'up1' });
    expect(await ask(engine, '192.0.2.9', '25')).toContain('is open (syn-ack)');
  });
});

describe.each(engines)('with the engine %s nothing is known', (engine) => {
  test.each([
    ['drops', 3001],
    ['rejects by port-unreachable', 3002],
    ['rejects by admin-prohibited', 3003],
  ])('of a port whose packets the own firewall %s', async (_how, port) => {
    await startFarServer(onTestFinished, namespace);
    const line = await ask(engine, '192.0.2.9', String(port));
    expect(line).toMatch(
      /^SYN UNKNOWN - 192\.0\.2\.9:\d+: the firewall of this machine does not let /,
    );
  });

  test('of an address that a route of this machine forbids', async () => {
    await configure(namespace, 'ip route add prohibit 192.0.2.77');
    onTestFinished(() => configure(namespace, 'ip route del prohibit 192.0.2.77'));
    expect(await ask(engine, '192.0.2.77', '25')).toMatch(
      /^SYN UNKNOWN - 192\.0\.2\.77:25: this machine does not permit the connection \(EACCES\)/,
    );
  });

  test('when the policy of the own firewall is to drop', async () => {
    await configure(namespace, "nft 'add chain inet firewall output { policy drop; }'");
    onTestFinished(() =>
      configure(namespace, "nft 'add chain inet firewall output { policy accept; }'"),
    );
    const line = await ask(engine, '192.0.2.9', '25');
    expect(line).toMatch(
      /^SYN UNKNOWN - 192\.0\.2\.9:25: the firewall of this machine does not let /,
    );
  });
});
