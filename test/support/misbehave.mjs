// Loaded into a child process: a defect that strikes on a signal, where no request and no code of ours is to blame.
const DEFECTS = {
  exception: () => {
    setImmediate(() => {
      throw new Error('a defect: nobody catches this');
    });
  },
  rejection: () => void Promise.reject(new Error('a defect: nobody awaits this')),
};

process.on('SIGWINCH', () => DEFECTS[process.env.DEFECT]());
