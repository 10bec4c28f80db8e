// What must not be left behind when a benchmark is interrupted: servers that run, and their data. Each is taken back when
// it is done with; those that are left when a signal ends this process go then.
const leftovers = new Set();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const remove of leftovers) remove();
    process.exit(1);
  });
}

/** Has `remove`, which waits for nothing, called if this process is interrupted; call the result when that is no more needed. */
export function removeWhenInterrupted(remove) {
  leftovers.add(remove);
  return () => leftovers.delete(remove);
}
