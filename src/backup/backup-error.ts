/** A backup can't be written, or isn't one that can be restored. Its message is one sentence for the operator. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
