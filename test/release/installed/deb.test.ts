import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { version } from '../../../package.json';
import { probes } from '../../../src/probes/index.ts';
import { afterThisFile } from '../../support/clean-up.ts';
import {
  aptInstall,
  expectSuccess,
  inDebianRoot,
  type RootOptions,
} from '../../support/debian-root.ts';
import { type Artefacts, buildRelease } from '../../support/release.ts';

const cleanUp = afterThisFile();
let built: Artefacts;
beforeAll(async () => {
  built = await buildRelease(cleanUp, 'deb', 'native-deb');
}, 600_000);

const plugins = probes.flatMap(({ plugin }) => plugin ?? []).sort();

/** A list server for the zone that the shipped service names. */
const listServer = `
  mkdir /zones
  printf ':127.0.0.2:listed\\n127.0.0.2\\n' >/zones/list
  chmod -R a+rX /zones
  rbldnsd -u rbldns -r /zones -b 127.0.0.1/53 dnsbl.example.org:ip4set:list >/dev/null
`;
const answers = `curl -sS -m 10 -o /tmp/body -w '%{http_code}' http://127.0.0.1:8088/; cat /tmp/body`;
const files = "find / -xdev -path /proc -prune -o -path /dev -prune -o -path '*lbcheck*' -print";

describe.each([
  ['lbcheck', '_all.deb'],
  ['lbcheck-native', '_amd64.deb'],
])('%s', (name, end) => {
  const inRoot = (script: string, options: RootOptions = {}) =>
    inDebianRoot(onTestFinished, `deb=/root/${name}_*.deb\n${script}`, {
      files: [built.path(end)],
      ...options,
    });

  test('answers after one line was edited, keeps that when upgraded, and leaves nothing', () => {
    const output = expectSuccess(
      inRoot(`
        ${aptInstall('$deb', 'xinetd', 'rbldnsd', 'curl')} >/dev/null 2>&1
        ${listServer}
        sed -i '/disable/s/yes/no/' /etc/xinetd.d/lbcheck-rbl
        xinetd -stayalive
        ${answers}
        echo; lbcheck --version
        ls -l /usr/lib/nagios/plugins | awk '/->/ { print $9, $10, $11 }'
        /usr/lib/nagios/plugins/check_dnsbl --zone dnsbl.example.org
        dpkg -i $deb >/dev/null
        grep '^[[:space:]]*disable.*no' /etc/xinetd.d/lbcheck-rbl
        ${answers}
        apt-get remove -qq -y ${name} >/dev/null 2>&1
        echo; ls /usr/lib/nagios/plugins 2>&1 || true
        grep '^[[:space:]]*disable.*no' /etc/xinetd.d/lbcheck-rbl
        dpkg --purge ${name} >/dev/null
        rm /root/lbcheck*
        ${files}
      `),
    );
    const lines = output.replace(/time=\S+/, 'time=T').split('\n');
    expect(lines.map((line) => line.trim())).toEqual([
      '200RBL is running.',
      'dnsbl.example.org: lists 127.0.0.2 as 127.0.0.2',
      '',
      `lbcheck ${version}`,
      ...plugins.map((plugin) => `${plugin} -> ../../../bin/lbcheck`),
      'RBL OK - dnsbl.example.org: lists 127.0.0.2 as 127.0.0.2 | time=T',
      expect.stringMatching(/^disable\s+= no$/),
      '200RBL is running.',
      'dnsbl.example.org: lists 127.0.0.2 as 127.0.0.2',
      '',
      "ls: cannot access '/usr/lib/nagios/plugins': No such file or directory",
      expect.stringMatching(/^disable\s+= no$/),
      '',
    ]);
  });

  test('serves the checks in /etc/lbcheck/checks under xinetd', () => {
    const output = expectSuccess(
      inRoot(`
        ${aptInstall('$deb', 'xinetd', 'rbldnsd', 'curl')} >/dev/null 2>&1
        ${listServer}
        if lbcheck serve /etc/lbcheck/checks --test >/dev/null 2>&1; then exit 9; fi
        sed -i '/^#dnsbl/s/#//; s/ --max-age 2h//' /etc/lbcheck/checks
        lbcheck serve /etc/lbcheck/checks --test | grep -c dnsbl
        sed -i '/disable/s/yes/no/' /etc/xinetd.d/lbcheck
        xinetd -stayalive
        curl -sS -m 10 -o /dev/null -w '%{http_code}\\n' http://127.0.0.1:8088/dnsbl
      `),
    );
    expect(output.split('\n')).toEqual(['1', '200', '']);
  });

  test("leaves another program's plugin alone, and a link to what was installed by hand", () => {
    const output = expectSuccess(
      inRoot(`
        mkdir -p /usr/lib/nagios/plugins /usr/local/bin
        echo foreign >/usr/lib/nagios/plugins/check_tls
        echo by hand >/usr/local/bin/lbcheck
        ln -s /usr/local/bin/lbcheck /usr/lib/nagios/plugins/check_dnsbl
        ${aptInstall('$deb')} >/tmp/said 2>&1 || cat /tmp/said
        grep -a ^lbcheck: /tmp/said
        cat /usr/lib/nagios/plugins/check_tls; readlink /usr/lib/nagios/plugins/check_dnsbl
        dpkg --purge ${name} >/dev/null
        ls /usr/lib/nagios/plugins /usr/local/bin
      `),
    );
    expect(output.split('\n').map((line) => line.trim())).toEqual([
      'lbcheck: /usr/lib/nagios/plugins/check_dnsbl is not of this package and stays as it is',
      'lbcheck: /usr/lib/nagios/plugins/check_tls is not of this package and stays as it is',
      expect.stringMatching(/^lbcheck: \/usr\/local\/bin\/lbcheck, installed by hand, hides /),
      'foreign',
      '/usr/local/bin/lbcheck',
      '/usr/lib/nagios/plugins:',
      'check_dnsbl',
      'check_tls',
      '',
      '/usr/local/bin:',
      'lbcheck',
      '',
    ]);
  });

  test('shows its manual, and completes in bash', () => {
    const output = expectSuccess(
      inRoot(`
        rm -f /etc/dpkg/dpkg.cfg.d/*
        ${aptInstall('$deb', 'man-db', 'bash-completion')} >/dev/null 2>&1
        man --warnings lbcheck-rbl 2>&1 >/tmp/page
        grep -c -e '--zone ZONE' /tmp/page
        bash -c '. /usr/share/bash-completion/bash_completion
          _completion_loader lbcheck || true
          COMP_WORDS=(lbcheck rbl --re) COMP_CWORD=2; _lbcheck; echo "\${COMPREPLY[*]}"
          COMP_WORDS=(lbcheck rbl --reply h) COMP_CWORD=3; _lbcheck; echo "\${COMPREPLY[*]}"'
      `),
    );
    expect(output.split('\n')).toEqual(['1', '--reply --request-timeout', 'http haproxy', '']);
  });

  test.runIf(name === 'lbcheck')('makes its code cache, and again for another Node.js', () => {
    const output = expectSuccess(
      inRoot(`
        ${aptInstall('$deb')} >/dev/null 2>&1
        ls /usr/lib/lbcheck | sed 's/.*-//'
        rm /usr/lib/lbcheck/*.cache
        ${aptInstall('--reinstall', 'nodejs')} >/dev/null 2>&1
        ls /usr/lib/lbcheck | sed 's/.*-//'
      `),
    );
    const names = ['early.cache', 'late.cache', 'cache'];
    expect(output.split('\n')).toEqual([...names, ...names, '']);
  });

  test('installs and goes where there is no /proc', () => {
    expectSuccess(
      inRoot(`${aptInstall('$deb')} >/dev/null 2>&1; dpkg --purge ${name}`, { hasProc: false }),
    );
  });

  test('leaves the system as it was when the disk is full', () => {
    const { code, output } = inRoot(
      `mount -t tmpfs -o size=40k tmpfs /usr/share/doc
       if ${aptInstall('$deb')}; then exit 9; fi
       dpkg-query -W -f '\${Status}\\n' ${name} 2>&1 || true; ls /usr/bin/lbcheck 2>&1 || true
       umount /usr/share/doc; ${aptInstall('$deb')} >/dev/null 2>&1; lbcheck --version`,
    );
    expect(output).toContain('No space left on device');
    expect(output).toContain("ls: cannot access '/usr/bin/lbcheck': No such file or directory");
    expect(output).toMatch(new RegExp(`\nlbcheck ${version}\n$`));
    expect(code).toBe(0);
  });
});
