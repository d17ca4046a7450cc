// Loaded before a program that tools/start.mjs runs: when the channel to it is gone, because it closed it or because it
// was killed, the program stops as it does on SIGTERM. Unlike signals that works the same on every system.
function stop() {
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(0);
}

if (process.connected) {
  process.once('disconnect', stop);
  // Listening alone must not keep the program running.
  process.channel.unref();
} else {
  process.exit(0);
}
