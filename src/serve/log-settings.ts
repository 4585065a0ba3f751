/** How a line of the log is written: words for a person, or one JSON object. */
export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** Where the lines of the log go. */
export const logOutputs = ['stderr', 'syslog', 'none'] as const;
export type LogOutput = (typeof logOutputs)[number];
