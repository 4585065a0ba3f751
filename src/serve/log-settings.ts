/** How a line of the log is written: as text for a person, or as one JSON object. */
export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** Where the lines of the log go. */
export const logOutputs = ['stderr', 'syslog', 'none'] as const;
export type LogOutput = (typeof logOutputs)[number];
