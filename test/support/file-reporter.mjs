// Jest reporter: one line a file, failures with the command that runs them alone, and the slowest ten files at the end.
import { relative } from 'node:path';

const SLOWEST = 10;
const isTerminal = process.stdout.isTTY === true;
const paint = (code) => (text) => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
const [red, green, dim] = [paint(31), paint(32), paint(2)];
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const print = (text) => process.stdout.write(`${text}\n`);

/** A tier's own command, which takes a path and a title. */
const COMMANDS = { faults: 'npm run test:faults --', crash: 'npm run test:crash --' };

export default class FileReporter {
  #rootDir;
  #seed;
  #done = 0;
  #files = [];
  #failures = [];
  #startedAt = performance.now();

  constructor({ rootDir, randomize, seed }) {
    this.#rootDir = rootDir;
    this.#seed = randomize ? seed : undefined;
  }

  onRunStart({ numTotalTestSuites }) {
    this.#startedAt = performance.now();
    print(
      `${numTotalTestSuites} test files${this.#seed === undefined ? '' : ` in random order, --seed=${this.#seed}`}`,
    );
  }

  onTestResult(test, result, { numTotalTestSuites }) {
    const file = relative(this.#rootDir, test.path);
    const tier = test.context.config.displayName?.name;
    const ms = result.perfStats.end - result.perfStats.start;
    const isGood = result.numFailingTests === 0 && !result.testExecError;
    this.#done += 1;
    this.#files.push({ file, ms });
    const place = `${String(this.#done).padStart(String(numTotalTestSuites).length)}/${numTotalTestSuites}`;
    const skipped = result.numPendingTests > 0 ? `, ${result.numPendingTests} skipped` : '';
    const counts = `${result.numPassingTests} passed${isGood ? '' : `, ${result.numFailingTests} failed`}${skipped}`;
    print(`${isGood ? green('pass') : red('FAIL')} ${dim(place)} ${file} ${dim(`${counts}, ${seconds(ms)}`)}`);
    for (const { type, message } of result.console ?? []) print(`     ${type}: ${message}`);
    if (isGood) return;
    print(`${result.failureMessage ?? ''}\n`);
    this.#failures.push(...rerunCommands(file, tier, result));
  }

  onRunComplete(_contexts, results) {
    const slowest = [...this.#files].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
    print('\nSlowest files:');
    for (const { file, ms } of slowest) print(`  ${seconds(ms).padStart(7)}  ${file}`);
    if (this.#failures.length > 0) {
      print(`\n${red('Failed. Run one alone with:')}`);
      for (const command of this.#failures) print(`  ${command}`);
    }
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
    print(`\n${results.numTotalTestSuites} files in ${seconds(performance.now() - this.#startedAt)}`);
    print(`${results.numPassedTests} passed, ${failed} failed${skipped}`);
  }
}

/** A file that did not even run has no failing test to name. */
function rerunCommands(file, tier, { testResults }) {
  const command = `${COMMANDS[tier] ?? 'npm test --'} ${file}`;
  const titles = testResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  return titles.length === 0 ? [command] : titles.map((title) => `${command} -t ${quoted(pattern(title))}`);
}

const pattern = (title) => title.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
