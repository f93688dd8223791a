// Sheets that scroll together: what stands at one height of the one stands
// at the same height of the other. The height runs from the window's top to its
// bottom as the document runs from start to end, so that both ends meet.

/** The sheets of `others` follow `first`, and it follows them; those that are hidden rest. */
export function follow(first, others) {
  const led = new Set();
  let release = 0;
  const link = (leader, follower) => {
    leader.box.addEventListener(
      "scroll",
      () => {
        if (led.has(leader) || follower.box.hidden) return;
        led.add(follower);
        clearTimeout(release);
        release = setTimeout(() => led.clear(), 120);
        const { scrollTop, scrollHeight, clientHeight } = leader.box;
        const run = scrollHeight - clientHeight;
        const share = run > 0 ? scrollTop / run : 0;
        follower.scrollToLine(leader.lineAt(share * clientHeight), share * follower.box.clientHeight);
      },
      { passive: true },
    );
  };
  for (const other of others) {
    link(first, other);
    link(other, first);
  }
}
