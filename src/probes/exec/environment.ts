/** The categories of a locale that LC_ALL stands for (locale(7)), except LC_NUMERIC. */
const categories = [
  ...['LC_CTYPE', 'LC_COLLATE', 'LC_MESSAGES', 'LC_MONETARY', 'LC_TIME', 'LC_PAPER', 'LC_NAME'],
  ...['LC_ADDRESS', 'LC_TELEPHONE', 'LC_MEASUREMENT', 'LC_IDENTIFICATION'],
];

/**
 * The environment of lbcheck, changed so that numbers have decimal points. With decimal commas, plugins
 * misread `-w 0.5` and print performance data that no program can read. The language of their messages
 * stays.
 */
export function pluginEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { LC_ALL: all, ...others } = environment;
  // LC_ALL would override LC_NUMERIC, so it is removed and its other categories are set one by one.
  const split = all ? Object.fromEntries(categories.map((category) => [category, all])) : {};
  return { ...others, ...split, LC_NUMERIC: 'C' };
}
