import { TokenLifeBench } from './token-life-bench.ts';
import { describeEnds } from './token-life-ends.contract.ts';
import { describeFailures } from './token-life-failures.contract.ts';
import { describeLostAnswers } from './token-life-lost-answers.contract.ts';
import { describeRefreshes } from './token-life-refresh.contract.ts';
import { describeRefusedTokens } from './token-life-refused-tokens.contract.ts';

const bench = TokenLifeBench.forTests();
describeRefreshes(bench);
describeRefusedTokens(bench);
describeFailures(bench);
describeLostAnswers(bench);
describeEnds(bench);
