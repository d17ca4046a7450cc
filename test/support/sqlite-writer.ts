/**
 * A process that writes records into a store file, four at a time, and prints the number of each once it is acknowledged.
 * Arguments: file, number of records, bytes a record. Prints `failed <code>` and ends when a write is refused.
 */
import { writeSync } from 'node:fs';
import { PatchbayError } from '../../src/errors/patchbay-error.ts';
import { SqliteKeyValueStore } from '../../src/storage/sqlite/sqlite-key-value-store.ts';

const STANDARD_OUTPUT = 1;
const WRITERS = 4;

const [path = '', records = '0', bytes = '1'] = process.argv.slice(2);
const store = SqliteKeyValueStore.open(path);
const value = 'x'.repeat(Number(bytes));
let next = 0;

async function write(): Promise<void> {
  while (next < Number(records)) {
    const number = next;
    next += 1;
    await store.put({ collection: 'written', partition: 'by-child', id: String(number) }, value);
    writeSync(STANDARD_OUTPUT, `${number}\n`);
  }
}

try {
  await Promise.all(Array.from({ length: WRITERS }, write));
} catch (error) {
  writeSync(STANDARD_OUTPUT, `failed ${error instanceof PatchbayError ? error.code : String(error)}\n`);
}
