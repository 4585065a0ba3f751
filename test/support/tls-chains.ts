import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CleanUp } from './clean-up.ts';
import { directory } from './programs.ts';

/** Certificates that were issued by each other; the keys have the same names. */
export interface Chains {
  /** The path of a file, such as `leaf.pem`. */
  readonly file: (name: string) => string;
  readonly certificate: (name: string) => X509Certificate;
  /** Makes more in the same directory, with a script of sh and the functions below. */
  readonly make: (script: string) => Promise<void>;
}

/**
 * issue NAME ISSUER SUBJECT DAYS [EXTENSION ...]: a certificate with a key of its own, or with the key
 * that is there. dated NAME SUBJECT FROM TO: its own issuer, with dates.
 */
const functions = `
key() { [ -f $1.key ] || openssl ecparam -genkey -name prime256v1 -noout -out $1.key; }
serial=10
issue() {
  name=$1 issuer=$2 subject=$3 days=$4; shift 4; key $name
  printf '%s\\n' "$@" >$name.ext
  openssl req -new -key $name.key -subj "$subject" -out $name.csr
  serial=$((serial + 1))
  if [ $issuer = $name ]; then by="-signkey $name.key"; else by="-CA $issuer.pem -CAkey $issuer.key"; fi
  openssl x509 -req -in $name.csr $by -set_serial $serial -days $days -extfile $name.ext -out $name.pem
}
dated() {
  key $1; : >$1.index
  printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=%s.index\\nnew_certs_dir=.\\nrand_serial=yes\\n' $1 >$1.cnf
  printf 'default_md=sha256\\npolicy=p\\n[p]\\ncommonName=supplied\\n' >>$1.cnf
  openssl req -new -key $1.key -subj "$2" -out $1.csr
  openssl ca -batch -config $1.cnf -selfsign -keyfile $1.key -in $1.csr -notext \\
    -startdate $3 -enddate $4 -out $1.pem
}
`;

const authority = 'basicConstraints=critical,CA:TRUE';

const script = `
issue root root '/CN=New Root' 300 ${authority}
issue old-root old-root '/CN=Old Root' 300 ${authority}
issue inter root '/CN=Intermediate' 200 ${authority}
issue leaf inter '/CN=leaf.test' 90 subjectAltName=DNS:leaf.test,DNS:www.leaf.test,IP:127.0.0.1
issue stray stray '/CN=Stray' -1 ${authority}
cp root.key cross.key; issue cross old-root '/CN=New Root' -1 ${authority}
issue limited root '/CN=Limited' 200 ${authority} 'nameConstraints=critical,permitted;DNS:.allowed.test'
cp leaf.key outside.key; issue outside limited '/CN=outside.test' 90 subjectAltName=DNS:outside.test
issue client root '/CN=client.test' 90 subjectAltName=DNS:client.test extendedKeyUsage=clientAuth
issue server root '/CN=server.test' 90 subjectAltName=DNS:server.test extendedKeyUsage=clientAuth,serverAuth
issue mail root '/CN=Mail' 90 ${authority} extendedKeyUsage=emailProtection
issue under mail '/CN=under.test' 90 subjectAltName=DNS:under.test
issue nameless root / 90 subjectAltName=URI:urn:x:y,IP:192.0.2.7,DNS:first.test,DNS:second.test
issue address root / 90 subjectAltName=URI:urn:x:y,IP:192.0.2.7
issue resource root / 90 subjectAltName=email:a@b.test,URI:urn:x:y
issue bare root / 90 basicConstraints=CA:FALSE
issue organised root '/C=DE/O=Example Inc' 90 basicConstraints=CA:FALSE
issue twice root '/CN=one/CN=two' 90 basicConstraints=CA:FALSE
dated future /CN=future.test "$(date -u -d '+7 days' +%Y%m%d%H%M%SZ)" "$(date -u -d '+90 days' +%Y%m%d%H%M%SZ)"
cat inter.pem cross.pem >shown-cross.pem
cat stray.pem inter.pem >shown-stray.pem
`;

/** Makes the certificates with the openssl command. */
export async function makeChains(cleanUp: CleanUp): Promise<Chains> {
  const path = await directory(cleanUp);
  const make = async (lines: string) => {
    await promisify(execFile)('sh', ['-ec', functions + lines], { cwd: path });
  };
  await make(script);
  const file = (name: string) => join(path, name);
  const certificate = (name: string) => new X509Certificate(readFileSync(file(`${name}.pem`)));
  return { file, certificate, make };
}
