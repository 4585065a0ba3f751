/** Which dates count: those of the server's own certificate, or of its whole chain. */
export const certificateScopes = ['leaf', 'chain'] as const;
/** One of them. */
export type CertificateScope = (typeof certificateScopes)[number];
