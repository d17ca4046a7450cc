import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Node's environment with an ordinary global object. Jest's own is a Proxy behind interceptors (`vm.createContext` of an
 * object), through which every `Math`, `Buffer` or `Promise` that a module says is looked up: some suites took twice as long.
 */
export default class PlainEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
