import { resolve } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../../support/clean-up.ts';
import { aptInstall, expectSuccess, inDebianRoot } from '../../support/debian-root.ts';
import { type Artefacts, buildRelease } from '../../support/release.ts';

const services = resolve(import.meta.dirname, '../../../xinetd.d');
const cleanUp = afterThisFile();
let built: Artefacts;
beforeAll(async () => {
  built = await buildRelease(cleanUp, 'deb', 'native-deb');
}, 600_000);

const inRoot = (script: string) =>
  expectSuccess(
    inDebianRoot(onTestFinished, script, {
      files: [built.path('_all.deb'), built.path('_amd64.deb'), `${services}/lbcheck-rbl`],
    }),
  ).split('\n');

const bundle = '/root/lbcheck_*_all.deb';
const native = '/root/lbcheck-native_*.deb';
const isElf = 'head -c 4 /usr/bin/lbcheck | tail -c 3';

test('each package takes the place of the other, and keeps an edited service', () => {
  const output = inRoot(`
    ${aptInstall(bundle)} >/dev/null 2>&1
    echo '# mine' >>/etc/xinetd.d/lbcheck-rbl
    ${aptInstall(native)} >/dev/null 2>&1
    ${isElf}; echo; tail -n 1 /etc/xinetd.d/lbcheck-rbl; readlink /usr/lib/nagios/plugins/check_tls
    dpkg --purge lbcheck >/dev/null 2>&1
    tail -n 1 /etc/xinetd.d/lbcheck-rbl
    ${aptInstall(bundle)} >/dev/null 2>&1
    head -n 1 /usr/bin/lbcheck; tail -n 1 /etc/xinetd.d/lbcheck-rbl
    readlink /usr/lib/nagios/plugins/check_tls
  `);
  const link = '../../../bin/lbcheck';
  const mine = '# mine';
  expect(output).toEqual(['ELF', mine, link, mine, '#!/usr/bin/node', mine, link, '']);
});

test('a service that was installed by hand, and not changed, becomes the one of the package', () => {
  const output = inRoot(`
    mkdir -p /etc/xinetd.d
    cp /root/lbcheck-rbl /etc/xinetd.d/
    ${aptInstall(bundle)} >/dev/null 2>&1 </dev/null
    grep -c /usr/local/bin/lbcheck /etc/xinetd.d/lbcheck-rbl || true
    dpkg -V lbcheck
  `);
  expect(output).toEqual(['0', '']);
});

test('a service that was installed by hand, and changed, stays if the administrator wants it', () => {
  const output = inRoot(`
    mkdir -p /etc/xinetd.d
    sed '/disable/s/yes/no/' /root/lbcheck-rbl >/etc/xinetd.d/lbcheck-rbl
    ${aptInstall('-o DPkg::Options::=--force-confold', bundle)} >/dev/null 2>&1 </dev/null
    grep -c '^[[:space:]]*disable.*no' /etc/xinetd.d/lbcheck-rbl
  `);
  expect(output).toEqual(['1', '']);
});
