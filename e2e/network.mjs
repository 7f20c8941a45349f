// A network between browser and server that a test can take away.

import { connect, createServer } from "node:net";

/**
 * Passes everything on to `target`, an address such as http://127.0.0.1:8080, from an address of its own, `base`. deaf(): what is sent
 * arrives, and nothing comes back. gone(): every connection breaks, and none can be made. back(): it works again.
 */
export async function network(target) {
  const { hostname, port } = new URL(target);
  const lines = new Set();
  let state = "back";
  const listener = createServer((near) => {
    if (state === "gone") return near.resetAndDestroy();
    const far = connect(Number(port), hostname);
    const line = [near, far];
    lines.add(line);
    near.on("data", (data) => far.write(data));
    far.on("data", (data) => state === "deaf" || near.write(data));
    for (const [end, other] of [line, [far, near]]) {
      end.on("error", () => other.destroy());
      end.on("close", () => {
        lines.delete(line);
        other.destroy();
      });
    }
  });
  await new Promise((done) => listener.listen(0, "127.0.0.1", done));
  const cut = () => {
    for (const [near, far] of lines) {
      near.resetAndDestroy();
      far.destroy();
    }
  };
  return {
    base: `http://127.0.0.1:${listener.address().port}`,
    deaf: () => void (state = "deaf"),
    gone() {
      state = "gone";
      cut();
    },
    back: () => void (state = "back"),
    close() {
      cut();
      listener.close();
    },
  };
}
