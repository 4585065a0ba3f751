/** nmap's XML for one port of one host, as much of it as counts. */
export function xmlOf(port: number | string, state: string, reason: string): string {
  return [
    '<nmaprun scanner="nmap"><host><status state="up" reason="user-set" reason_ttl="0"/>',
    `<ports><port protocol="tcp" portid="${port}"><state state="${state}" reason="${reason}" reason_ttl="0"/></port>`,
    '</ports></host>',
    '<runstats><finished time="1" exit="success"/></runstats></nmaprun>',
  ].join('\n');
}

/** A script that prints a text. */
export const printing = (text: string) => `cat <<'TEXT'\n${text}\nTEXT`;

/** A script that reports a port as nmap 7.70 does: a single port is filtered. */
export const nmap770 = (port: number) => `
case "$*" in
*-p\\ [0-9]*-[0-9]*) ${printing(xmlOf(port, 'open', 'syn-ack'))}
;;
*) ${printing(xmlOf(port, 'filtered', 'no-response'))}
;;
esac`;
