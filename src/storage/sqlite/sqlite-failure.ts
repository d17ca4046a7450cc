/** Result codes (https://www.sqlite.org/rescode.html) that blame the operation itself and leave its neighbours be. */
const TOO_BIG = 18;
const CONSTRAINT = 19;
const MISMATCH = 20;
const OPERATION_AT_FAULT: ReadonlySet<number> = new Set([TOO_BIG, CONSTRAINT, MISMATCH]);

/** Whether the file, not the operation, is at fault: locked, full, read-only, damaged, closed. */
export function isFileFailure(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  if (error.code === 'ERR_INVALID_STATE') return true;
  if (error.code !== 'ERR_SQLITE_ERROR' || !('errcode' in error)) return false;
  // Extended codes carry the primary code in their low byte.
  return !OPERATION_AT_FAULT.has(Number(error.errcode) & 0xff);
}
