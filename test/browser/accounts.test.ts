// One file for several suites: each file loads the application anew, which takes seconds.
import './connect.suite.ts';
