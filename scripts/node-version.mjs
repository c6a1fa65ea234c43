/** Kept free of imports and newer syntax, so that an old Node gets as far as the sentence. */

const oldestMajor = 20;

/**
 * A sentence for the user when this Node can't even install the packages; undefined when it can.
 * @param {string} version like "20.11.0"
 */
export function findNodeComplaint(version) {
  if (Number(version.split(".")[0]) >= oldestMajor) return undefined;
  return `Earshot needs Node ${oldestMajor} or newer to set itself up (it then runs on a Node of its own); this is Node ${version}. Install a newer one, with your system's package manager or from https://nodejs.org, and try again.`;
}

/**
 * Runs `work` unless this Node is too old, and ends the process with its exit code.
 * @param {() => Promise<number>} work
 */
export function runOnFittingNode(work) {
  const complaint = findNodeComplaint(process.versions.node);
  if (complaint) {
    console.error(complaint);
    process.exitCode = 1;
    return;
  }
  work().then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
