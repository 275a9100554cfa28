/** Sends a signal to a process once it has come so far, however long that takes on a busy machine. */
export const signalWhen = (isThere: () => boolean, signal: NodeJS.Signals) => (pid: number) => {
  const looking = setInterval(() => {
    if (!isThere()) return
    clearInterval(looking)
    setTimeout(() => process.kill(pid, signal), 300)
  }, 50)
}
