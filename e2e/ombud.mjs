// Starts the real server for browser tests: the README's first command, on a port that the system chooses.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

/** Starts `ombud serve --demo` in an empty folder. Gives its address, the sign-in links by name, and stop(). */
export async function serve({ args = ["--demo", "--demo-history", "0"] } = {}) {
  const bin = join(root, "bin", "ombud");
  if (!existsSync(bin)) throw new Error("build the server first: go build -o bin/ombud ./cmd/ombud");
  const folder = mkdtempSync(join(tmpdir(), "ombud-e2e-"));
  const cache = join(tmpdir(), "ombud-test-models");
  mkdirSync(cache, { recursive: true });
  const child = spawn(bin, ["serve", "--listen", "127.0.0.1:0", "--cache", cache, "--drain-limit", "2s", ...args], { cwd: folder });
  let out = "";
  let err = "";
  child.stderr.on("data", (data) => (err += data));
  const base = await new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`the server did not start:\n${err}`)), 120_000);
    child.on("exit", (code) => fail(new Error(`the server ended with ${code}:\n${err}`)));
    child.stdout.on("data", (data) => {
      out += data;
      const url = out.match(/listens on (\S+)/);
      // The links come after the address; the last of them is the admin's, or the set-up.
      if (!url || !/(Admin|set up).*\n/.test(out)) return;
      clearTimeout(late);
      done(url[1]);
    });
  });
  const links = Object.fromEntries([...out.matchAll(/^ {2}(\S+) \((?:agent|supervisor|admin)\)\s+(\S+)/gm)].map(([, name, url]) => [name, url]));
  const setup = out.match(/set up .*?(http\S+)/)?.[1];
  const stop = () =>
    new Promise((done) => {
      child.removeAllListeners("exit");
      child.on("exit", () => {
        rmSync(folder, { recursive: true, force: true });
        done();
      });
      child.kill("SIGTERM");
    });
  return { base, links, setup, stop, log: () => err };
}
