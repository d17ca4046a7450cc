// Prints "passed failed" of a Jest result file: the numbers of its "Tests:" line, and a failure for each file that didn't
// even run.
import { readFileSync } from 'node:fs';

const results = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(results.numPassedTests, results.numFailedTests + results.numRuntimeErrorTestSuites);
