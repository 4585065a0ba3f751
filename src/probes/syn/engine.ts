/** Who may ask for the state of a port. */
export const engines = ['auto', 'nmap', 'kernel'] as const;

export type Engine = (typeof engines)[number];
