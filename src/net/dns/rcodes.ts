/** By number: RFC 1035 section 4.1.1, RFC 2136 section 2.2, RFC 6891 section 9. */
export const rcodes: Readonly<Record<number, string>> = {
  ...{ 0: 'NOERROR', 1: 'FORMERR', 2: 'SERVFAIL', 3: 'NXDOMAIN', 4: 'NOTIMP', 5: 'REFUSED' },
  ...{ 6: 'YXDOMAIN', 7: 'YXRRSET', 8: 'NXRRSET', 9: 'NOTAUTH', 10: 'NOTZONE', 16: 'BADVERS' },
};

/** The names of all that have one. */
export const rcodeNames: readonly string[] = Object.values(rcodes);
