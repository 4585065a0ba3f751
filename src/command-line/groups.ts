/** The groups of options in the help text. */
export const groups = {
  probe: 'Probe options:',
  serve: 'Options of serve:',
  answer: 'Answer options:',
  serving: 'Serving options:',
  other: 'Other options:',
};
