// With what Node runs the service. Its own settings suit programs that keep much: ours keeps little and lets much pass through,
// and V8 would rather let the garbage of that lie, 100 MB and more of it, than look for it. SIGUSR1 would open a debugger, which
// reads every secret in memory. (The Dockerfile has the same.)
export const NODE_FLAGS = ['--max-semi-space-size=16', '--heap-growing-percent=15', '--disable-sigusr1'];
