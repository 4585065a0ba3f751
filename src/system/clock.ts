/** Seconds of a clock that only goes forward. Node loads some ten modules for `performance`. */
export function secondsNow(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}
